import Assay
import AssayIO
import FoundationEssentials

/// Where a job computes: what its user asked for, before any device is looked at.
package struct EngineChoice: Sendable {
  /// How much is computed again on the portable kernels and compared.
  package enum Audit: String, Sendable, CaseIterable {
    /// Nothing.
    case none
    /// One row in 256.
    case sample
    /// Every row, the host's own included.
    case full
  }

  /// The backend or device that must compute; nil for automatic.
  package var required: String?
  /// Whether an operation that the required backend lacks ends the job.
  package var isStrict = false
  /// How much is audited.
  package var audit = Audit.sample
  /// The hardware profile to plan by, a file; nil for none.
  package var profilePath: String?
  /// How many threads work.
  package var workers: Int
  /// An engine that several jobs share; the rest of the choice but `workers` is then not looked at.
  package var shared: Engine?
  /// Public keys that will come often.
  package var keys: [[UInt8]] = []

  /// The host's choice, on `workers` threads.
  package init(workers: Int) { self.workers = workers }

  /// An engine that several jobs share, whose pieces `workers` threads read.
  package init(sharing engine: Engine, workers: Int) {
    self.init(workers: workers)
    shared = engine
  }

  /// An engine as asked for; without what is required when not `asRequired`, for work beside the job. `threads` are those that
  /// one batch may use.
  package func engine(threads: Int, asRequired: Bool = true) throws(AssayError) -> Engine {
    if let shared { return shared }
    var configuration = Dispatcher.Configuration()
    if let required, asRequired { configuration.policy = .require(required, strict: isStrict) }
    switch audit {
    case .none: configuration.audit = .none
    case .sample: configuration.audit = .sample
    case .full:
      configuration.audit = .full
      configuration.auditsHost = true
    }
    configuration.selfTests = Self.selfTests
    if let profilePath { configuration.profile = try HardwareProfile(contentsOf: profilePath) }
    let engine = try Engine(configuration, threads: threads)
    if !keys.isEmpty { engine.prepare(keys: keys) }
    return engine
  }
}

extension HardwareProfile {
  /// Reads a profile from a file.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the file and what is wrong.
  package init(contentsOf path: String) throws(AssayError) {
    let bytes = try InputFile(path).readAll()
    do {
      self = try JSONDecoder().decode(HardwareProfile.self, from: Data(bytes))
    } catch {
      throw AssayError(.input, "\(path):1:1: is not a hardware profile: \(error).")
    }
  }
}
