// Prints `name digest` for every operation that has a portable kernel: what scripts/update-digests writes into operations.def.
import Assay

for operation in Operation.all {
  for backend in Backends.all(threads: 1) where backend.name == "portable" {
    for device in backend.devices {
      guard let kernel = backend.kernels(for: operation, on: device).first else { continue }
      print(operation.name, try SelfTest.digest(kernel))
    }
  }
}
