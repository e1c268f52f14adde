import ArgumentParser
import Assay
import AssayFormats

/// `assay selftest`
struct SelfTestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest",
    abstract: "Check every operation on every device: stored digests, and the portable kernels byte for byte.",
    discussion: "Ends with 5 when a kernel differs, and 0 otherwise.")

  @Flag(help: "Ten times as many rows of every operation, from three seeds.")
  var full = false

  @Option(help: "Only this backend.")
  var backend: String?

  @Option(help: "Only this operation, by its name; may be given several times.")
  var operation: [String] = []

  @Option(help: "Rows of every corpus, most of them hostile (default: a few thousand where they are cheap).")
  var rows: Int?

  @Flag(help: "Nothing but one digest over the results of every operation, to compare machines and builds by.")
  var digest = false

  @Flag(help: "One JSON document.")
  var json = false

  @Flag(help: "No progress.")
  var quiet = false

  func validate() throws {
    if let backend { try EngineOptions.check(backend: backend) }
    if digest, full || json || backend != nil || rows != nil || !operation.isEmpty {
      throw ValidationError("--digest is over every operation, and stands alone.")
    }
    if let rows, rows < 1 { throw ValidationError("--rows takes 1 or more.") }
    if let unknown = operation.first(where: { Operation.named($0) == nil }) {
      throw ValidationError("There is no operation '\(unknown)'.")
    }
  }

  private struct Report: Encodable {
    let passed: Bool
    let kernels: [KernelReport]
    /// Backends that were not tested, with the reason.
    let absent: [String: String]
  }

  private struct KernelReport: Encodable {
    let operation: String
    let version: Int
    let device: String
    let kernel: String
    let passed: Bool
    let failure: String?
  }

  mutating func run() throws {
    let backends = Backends.all()
    if digest { return try printDigest(of: backends) }
    if let backend, !backends.contains(where: { $0.name == backend && $0.absence == nil }) {
      let reason = backends.first { $0.name == backend }?.absence ?? "there is no backend of that name"
      throw AssayError(.unavailable, "\(backend): \(reason).", advice: "`assay devices` lists what is there.")
    }
    let chosen = backends.filter { backend == nil || $0.name == backend }
    let devices = chosen.flatMap { backend in backend.devices.map { (backend: backend, device: $0) } }
    let absent = Dictionary(
      uniqueKeysWithValues: chosen.compactMap { absentee in absentee.absence.map { (absentee.name, $0) } })
    var reports: [KernelReport] = []
    if !json { try Terminal.report(Self.heading(devices.map(\.device))) }
    let watchdog = Watchdog()
    for operation in Operation.all where self.operation.isEmpty || self.operation.contains(operation.name) {
      var row: [[KernelReport]] = []
      for (tested, device) in devices {
        let kernels = tested.kernels(for: operation, on: device).map { kernel in
          let kernel = watchdog.watch(kernel, on: device)
          let failure = failure(of: kernel, reference: Self.portable(operation, among: backends))
          return KernelReport(
            operation: operation.name, version: operation.version, device: device.id, kernel: kernel.id,
            passed: failure == nil, failure: failure)
        }
        reports += kernels
        row.append(kernels)
      }
      if !json { try Terminal.report(Self.line(operation, row)) }
    }
    let passed = reports.allSatisfy(\.passed)
    if json {
      try Terminal.report(try Report(passed: passed, kernels: reports, absent: absent).jsonText())
    } else {
      for (name, reason) in absent.sorted(by: <) { try Terminal.report("not tested: \(name): \(reason)\n") }
      let failures = reports.count { !$0.passed }
      try Terminal.report(
        passed
          ? "\(reports.count) kernels agree with the portable ones, bit for bit.\n"
          : "\(failures) of \(reports.count) kernels differ.\n")
    }
    if !passed { throw ExitStatus.mismatch }
  }

  /// One line: SHA-256 over a line for each operation, its name, version and the digest of what its portable kernel computes here.
  private func printDigest(of backends: [any Backend]) throws {
    var text = ""
    var wrong: [String] = []
    for operation in Operation.all {
      guard let kernel = Self.portable(operation, among: backends) else {
        throw AssayError(.unavailable, "\(operation) has no portable kernel in this build.")
      }
      let digest = try SelfTest.digest(kernel)
      text += "\(operation) \(digest)\n"
      if digest != operation.digest { wrong.append(operation.name) }
    }
    try Terminal.report(SelfTest.digest(of: text) + "\n")
    if !wrong.isEmpty {
      throw AssayError(.mismatch, "Operations that do not have their listed digests: \(wrong.joined(separator: ", ")).")
    }
  }

  /// What is wrong with `kernel`; nil when nothing is.
  private func failure(of kernel: any Kernel, reference: (any Kernel)?) -> String? {
    if let refusal = SelfTest.refusal(kernel) { return refusal }
    guard let reference else { return "there is no portable kernel to compare with" }
    for seed in full ? 1...3 : 1...1 {
      do {
        let rows = rows ?? kernel.operation.chunk * (full ? 20 : 2) + 7
        if let row = try SelfTest.firstDifference(kernel, from: reference, rows: rows, seed: UInt64(seed)) {
          return "row \(row) of corpus \(seed) differs from the portable kernel"
        }
      } catch {
        return "\(error)"
      }
    }
    return nil
  }

  private static func portable(_ operation: Operation, among backends: [any Backend]) -> (any Kernel)? {
    guard let portable = backends.first(where: { $0.name == "portable" }), let device = portable.devices.first else {
      return nil
    }
    return portable.kernels(for: operation, on: device).first
  }

  private static let width = 18

  /// The matrix's first line: the devices.
  private static func heading(_ devices: [Device]) -> String {
    Style.left("", 34) + devices.map { Style.left($0.id + ($0.isSimulated ? " (sim)" : ""), width) }.joined() + "\n"
  }

  /// An operation's line of the matrix: for every device the kernels that agree, then what failed, in words.
  private static func line(_ operation: Operation, _ row: [[KernelReport]]) -> String {
    let cells = row.map { kernels in
      kernels.isEmpty ? "-" : kernels.map { $0.passed ? $0.kernel : "FAIL" }.joined(separator: " ")
    }
    let failures = row.joined().filter { !$0.passed }.map { report in
      "  FAIL \(report.device) \(report.kernel): \(report.failure ?? "")\n"
    }
    return Style.left(operation.name, 34) + cells.map { Style.left($0, width - 1) + " " }.joined() + "\n"
      + failures.joined()
  }
}
