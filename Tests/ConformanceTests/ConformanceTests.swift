import Assay
import ConformanceKit
import Testing

/// Every operation on every device of this build, found by asking the backends: nothing here names one.
@Suite struct ConformanceTests {
  static let backends = Backends.all(threads: 2)

  struct Case: CustomTestStringConvertible, Sendable {
    let device: Device
    let kernel: any Kernel
    let reference: any Kernel
    var testDescription: String { "\(kernel.operation) on \(device.id) \(kernel.id)" }
  }

  static let cases: [Case] = Operation.all.flatMap { operation in
    let all = backends.flatMap { backend in
      backend.devices.flatMap { device in backend.kernels(for: operation, on: device).map { (device, $0) } }
    }
    // The portable device also has kernels of system libraries: they are compared, never compared with.
    guard let reference = all.first(where: { $0.0.backend == "portable" })?.1 else { return [Case]() }
    return all.map { Case(device: $0.0, kernel: $0.1, reference: reference) }
  }

  @Test func everyOperationHasAPortableKernel() {
    for operation in Operation.all {
      #expect(Self.cases.contains { $0.kernel.operation == operation }, "\(operation) has no portable kernel")
    }
  }

  @Test(arguments: cases) func sameBytesAsPortable(_ test: Case) throws {
    try Conformance.check(test.kernel, against: test.reference)
  }

  @Test(arguments: cases) func reproducesTheStoredDigest(_ test: Case) throws {
    #expect(try SelfTest.digest(test.kernel) == test.kernel.operation.digest)
  }
}
