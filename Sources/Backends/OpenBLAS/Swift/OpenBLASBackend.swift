public import AssayCore
import CAssayOpenBLAS

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
    switch oneAtATime.withLock({ _ in Self.open(path, threads: threads) }) {
    case .failure(let error):
      absence = error.message
      devices = []
      library = nil
    case .success(let opened):
      absence = nil
      devices = [opened.device]
      library = opened.library
    }
  }

  private static func open(
    _ path: String?, threads: Int?
  ) -> Result<(library: Library, device: Device), AssayError> {
    var functions = assay_openblas()
    if let reason = assay_openblas_open(path, &functions) {
      return .failure(AssayError(.unavailable, "OpenBLAS could not be opened: \(String(cString: reason))"))
    }
    if let threads { assay_openblas_set_threads(&functions, Int32(clamping: threads)) }
    let configuration = functions.configuration().map { String(cString: $0) } ?? ""
    let core = functions.core().map { String(cString: $0) } ?? "unknown"
    let device = Device(
      id: "openblas:0", backend: "openblas", name: "OpenBLAS, core type \(core)",
      facts: ["configuration: \(configuration)"], sharesHostCores: true)
    return .success((Library(functions), device))
  }

  /// `exact_product`, and nothing else.
  public func kernels(for operation: Operation, on device: Device) -> [any Kernel] {
    guard let library, operation == .exactProduct, devices.contains(device) else { return [] }
    return [ExactProductKernel(library: library)]
  }

  /// OpenBLAS multiplies matrices.
  public func absence(of operation: Operation, on device: Device) -> String? {
    operation == .exactProduct ? nil : "it is no product of matrices"
  }
}

extension Operation {
  static let exactProduct = Operation(ASSAY_OPERATION_exact_product)
}

/// OpenBLAS is one library a process, however many backends open it: it tells its configuration in a static buffer, must not be
/// given threads while it computes, and has threads of its own. So it is called from one thread at a time.
private let oneAtATime = Guarded(())

/// The opened library.
private final class Library: Sendable {
  private let functions: assay_openblas

  /// 256 MiB of doubles: a longer matrix goes to the portable kernel, which needs no memory of its own.
  private static let largestWorkspace: Int64 = 1 << 25

  init(_ functions: assay_openblas) { self.functions = functions }

  func exactProduct(_ columns: UnsafePointer<assay_column>, _ rows: Range<Int>) -> Bool {
    let terms = assay_openblas_terms(columns)
    guard terms > 0, assay_openblas_workspace(terms) <= Self.largestWorkspace else { return false }
    var functions = functions
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: Int(assay_openblas_workspace(terms))) { workspace in
      oneAtATime.withLock { _ in
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
