public import AssayCore
import CAssayOpenBLAS
import Synchronization

/// Matrix operations through OpenBLAS, exact by construction: its dgemm multiplies slices whose products and sums are integers
/// that binary64 holds, so core type, version and thread count cannot change a bit.
///
/// The library is opened at run time; without it the backend has no device and says so.
public struct OpenBLASBackend: Backend {
  /// `openblas`.
  public let name = "openblas"
  /// The library as a device; empty when it could not be opened.
  public let devices: [Device]
  /// Why the library could not be opened.
  public let absence: String?
  private let library: Library?

  /// Opens OpenBLAS from `path`, or the system's. It uses `threads` threads, one per processor when nil.
  public init(path: String? = nil, threads: Int? = nil) {
    var functions = assay_openblas()
    if let reason = assay_openblas_open(path, &functions) {
      absence = "OpenBLAS could not be opened: \(String(cString: reason))"
      devices = []
      library = nil
      return
    }
    if let threads { functions.set_threads(Int32(clamping: threads)) }
    absence = nil
    library = Library(functions)
    let configuration = functions.configuration().map { String(cString: $0) } ?? ""
    let core = functions.core().map { String(cString: $0) } ?? "unknown"
    devices = [
      Device(
        id: "openblas:0", backend: "openblas", name: "OpenBLAS, core type \(core)",
        facts: ["configuration: \(configuration)"])
    ]
  }

  /// `exact_product`, and nothing else.
  public func kernels(for operation: Operation, on device: Device) -> [any Kernel] {
    guard let library, operation == .exactProduct, devices.contains(device) else { return [] }
    return [ExactProductKernel(library: library)]
  }
}

extension Operation {
  static let exactProduct = Operation(ASSAY_OPERATION_exact_product)
}

/// The opened library. OpenBLAS is called from one thread at a time: it has threads of its own.
private final class Library: Sendable {
  private let functions: Mutex<assay_openblas>

  init(_ functions: assay_openblas) { self.functions = Mutex(functions) }

  func exactProduct(_ columns: UnsafePointer<assay_column>, _ rows: Range<Int>) -> Bool {
    let terms = assay_openblas_terms(columns)
    guard terms > 0 else { return false }
    return functions.withLock { functions in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: Int(assay_openblas_workspace(terms))) { workspace in
        assay_openblas_exact_product(
          &functions, columns, Int64(rows.lowerBound), Int64(rows.upperBound), workspace.baseAddress) == 0
      }
    }
  }
}

private struct ExactProductKernel: Kernel {
  let library: Library
  var operation: Operation { .exactProduct }
  var id: String { "dgemm" }

  func run(_ batch: Batch, rows: Range<Int>, into results: Results) throws {
    let done = results.withKernelColumns(of: batch) { library.exactProduct($0, rows) }
    if !done { throw KernelFailure("the shared matrix is empty, too long, or not a multiple of 32 columns") }
  }
}
