public import AssayCore
import CAssayOpenBLAS

/// Matrix operations through OpenBLAS, exact by construction: its dgemm multiplies slices whose products and sums are integers
/// that binary64 holds, so core type, version and thread count cannot change a bit.
///
/// The library is opened when the backend is first asked, after a child process has tried it; without it the backend has no device and
/// says so.
public struct OpenBLASBackend: Backend {
  /// `openblas`.
  public let name = "openblas"
  private let opening: Opening

  /// OpenBLAS at `path`, or the system's. A product uses `threads` threads, as many as the library is set to when nil; other users of
  /// the library in this process find it set as before.
  public init(path: String? = nil, threads: Int? = nil) {
    opening = Opening(path, threads: threads)
  }

  /// The library as a device; empty when it could not be opened.
  public var devices: [Device] { opening.outcome.success.map { [$0.device] } ?? [] }

  /// Why the library could not be opened.
  public var absence: String? { opening.outcome.failure?.message }

  /// What the library did while it was opened and should not have.
  public var warnings: [String] { opening.outcome.success?.warnings ?? [] }

  /// Its device is a library.
  public var loadsOutsideCode: Bool { true }

  /// `exact_product`, and nothing else.
  public func kernels(for operation: Operation, on device: Device) -> [any Kernel] {
    guard operation == .exactProduct, let opened = opening.outcome.success, opened.device == device else { return [] }
    return [ExactProductKernel(library: opened.library)]
  }

  /// OpenBLAS multiplies matrices.
  public func absence(of operation: Operation, on device: Device) -> String? {
    operation == .exactProduct ? nil : "it is not a product of matrices"
  }
}

/// OpenBLAS is one library a process, however many backends open it: it tells its configuration in a static buffer, must not be
/// given threads while it computes, and has threads of its own. So it is called from one thread at a time.
let oneAtATime = Guarded(())

/// The opened library.
final class Library: Sendable {
  private let functions: assay_openblas
  private let threads: Int32

  /// 256 MiB of doubles: a longer matrix goes to the portable kernel, which needs no memory of its own.
  private static let largestWorkspace: Int64 = 1 << 25

  /// `threads` are those of a product; nil for as many as the library is set to.
  init(_ functions: assay_openblas, threads: Int?) {
    self.functions = functions
    self.threads = threads.map { Int32(clamping: max($0, 1)) } ?? 0
  }

  func exactProduct(_ columns: UnsafePointer<assay_column>, _ rows: Range<Int>) -> Bool {
    let terms = assay_openblas_terms(columns)
    guard terms > 0, assay_openblas_workspace(terms) <= Self.largestWorkspace else { return false }
    var functions = functions
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: Int(assay_openblas_workspace(terms))) { workspace in
      oneAtATime.withLock { _ in
        assay_openblas_exact_product(
          &functions, threads, columns, Int64(rows.lowerBound), Int64(rows.upperBound), workspace.baseAddress) == 0
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
