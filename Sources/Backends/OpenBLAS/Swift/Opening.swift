import AssayCore
import BackendOutside
import CAssayOpenBLAS

/// The library, opened when it is first asked for.
final class Opening: Sendable {
  struct Opened: Sendable {
    let library: Library
    let device: Device
    let warnings: [String]
  }

  private let path: String?
  private let threads: Int?
  private let known = Guarded<Result<Opened, AssayError>?>(nil)

  init(_ path: String?, threads: Int?) {
    self.path = path
    self.threads = threads
  }

  var outcome: Result<Opened, AssayError> {
    known.withLock { known in
      if let known { return known }
      let outcome = open()
      known = outcome
      return outcome
    }
  }

  private func open() -> Result<Opened, AssayError> {
    if let trouble = Outside.trouble(assay_openblas_probe(), path) { return Self.failure(trouble) }
    return answer(within: Outside.deadline, threadNamed: "assay-openblas") { [path, threads] in
      oneAtATime.withLock { _ in Self.opened(path, threads) }
    } ?? Self.failure("it did not answer within \(Outside.deadlineInWords)")
  }

  private static func opened(_ path: String?, _ threads: Int?) -> Result<Opened, AssayError> {
    var functions = assay_openblas()
    let (problem, changes) = Outside.keepingProcessState { assay_openblas_open(path, &functions) }
    if let problem { return failure(String(cString: problem)) }
    let configuration = functions.configuration().map { String(cString: $0) } ?? ""
    let core = functions.core().map { String(cString: $0) } ?? "unknown"
    let device = Device(
      id: "openblas:0", backend: "openblas", name: "OpenBLAS, core type \(core)",
      facts: ["configuration: \(configuration)"], sharesHostCores: true)
    let warnings = changes.map { ["OpenBLAS changed \($0), which was put back"] } ?? []
    return .success(Opened(library: Library(functions, threads: threads), device: device, warnings: warnings))
  }

  private static func failure(_ reason: String) -> Result<Opened, AssayError> {
    .failure(AssayError(.unavailable, "OpenBLAS could not be opened: \(reason)"))
  }
}

extension Result {
  var success: Success? { try? get() }
  var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}
