import Assay
import ConformanceKit
import Foundation
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

  static let cases: [Case] = AssayCore.Operation.all.flatMap { operation in
    let all = backends.flatMap { backend in
      backend.devices.flatMap { device in backend.kernels(for: operation, on: device).map { (device, $0) } }
    }
    // The portable device also has kernels of system libraries: they are compared, never compared with.
    guard let reference = all.first(where: { $0.0.backend == "portable" })?.1 else { return [Case]() }
    return all.map { Case(device: $0.0, kernel: $0.1, reference: reference) }
  }

  /// Operations that are defined by a system library's kernel, as docs/adding-an-operation.md lists them; every other one by ours.
  static let libraryKernels = [
    "ecdsa_secp256k1_low_s": "libsecp256k1", "ecdsa_secp256k1_any_s": "libsecp256k1",
    "ecdsa_secp256k1_recover": "libsecp256k1", "schnorr_secp256k1": "libsecp256k1", "ecdsa_p256_low_s": "openssl",
    "ecdsa_p256_any_s": "openssl",
  ]

  @Test func everyOperationHasAPortableKernel() throws {
    for operation in AssayCore.Operation.all {
      let portable = Self.cases.filter { $0.kernel.operation == operation && $0.device.backend == "portable" }
      #expect(portable.first?.kernel.id == Self.libraryKernels[operation.name] ?? "portable", "\(operation)")
    }
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/adding-an-operation.md").standardized
    let text = try String(contentsOf: page, encoding: .utf8)
    for name in Self.libraryKernels.keys { #expect(text.contains("`\(name)`"), "\(name)") }
  }

  @Test(arguments: cases) func sameBytesAsPortable(_ test: Case) throws {
    try Conformance.check(test.kernel, against: test.reference)
  }

  @Test(arguments: cases) func reproducesTheStoredDigest(_ test: Case) throws {
    #expect(try SelfTest.digest(test.kernel) == test.kernel.operation.digest)
  }
}
