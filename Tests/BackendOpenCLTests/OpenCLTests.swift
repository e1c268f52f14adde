import AssayCore
import AssayRuntime
import BackendCPU
import ConformanceKit
import Testing

@testable import BackendOpenCL

@Suite struct OpenCLTests {
  @Test func first() throws {
    let backend = OpenCLBackend()
    print(backend.devices, backend.absence as Any)
    let portable = CPUBackend(.portable, pool: ThreadPool(threads: 1))
    for operation in Operation.all {
      for device in backend.devices {
        print(operation, backend.absence(of: operation, on: device) as Any)
        for kernel in backend.kernels(for: operation, on: device) {
          for reference in portable.kernels(for: operation, on: portable.devices[0]) {
            try Conformance.check(kernel, against: reference)
          }
        }
      }
    }
  }
}
