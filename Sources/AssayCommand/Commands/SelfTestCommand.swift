import ArgumentParser
import Assay

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

  @Flag(help: "One JSON document.")
  var json = false

  @Flag(help: "No progress.")
  var quiet = false

  private struct Report: Encodable {
    let passed: Bool
    let kernels: [KernelReport]
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
    let backends = try Engine().dispatcher.backends
    if let backend, !backends.contains(where: { $0.name == backend && $0.absence == nil }) {
      let reason = backends.first { $0.name == backend }?.absence ?? "there is no backend of that name"
      throw AssayError(.unavailable, "\(backend): \(reason).", advice: "`assay devices` lists what is there.")
    }
    var reports: [KernelReport] = []
    for tested in backends where backend == nil || tested.name == backend {
      for device in tested.devices {
        for operation in Operation.all {
          for kernel in tested.kernels(for: operation, on: device) {
            let failure = failure(of: kernel, reference: Self.portable(operation, among: backends))
            let report = KernelReport(
              operation: operation.name, version: operation.version, device: device.id, kernel: kernel.id,
              passed: failure == nil, failure: failure)
            reports.append(report)
            if !json { Terminal.output.write(Self.line(report)) }
          }
        }
      }
    }
    let passed = reports.allSatisfy(\.passed)
    if json {
      Terminal.output.write(try Report(passed: passed, kernels: reports).jsonText())
    } else {
      let failures = reports.count { !$0.passed }
      Terminal.output.write(
        passed
          ? "\(reports.count) kernels agree with the portable ones, bit for bit.\n"
          : "\(failures) of \(reports.count) kernels differ.\n")
    }
    if !passed { throw ExitStatus.mismatch }
  }

  /// What is wrong with `kernel`; nil when nothing is.
  private func failure(of kernel: any Kernel, reference: (any Kernel)?) -> String? {
    if let refusal = SelfTest.refusal(kernel) { return refusal }
    guard let reference else { return "there is no portable kernel to compare with" }
    for seed in full ? 1...3 : 1...1 {
      do {
        let rows = kernel.operation.chunk * (full ? 20 : 2) + 7
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

  private static func line(_ report: KernelReport) -> String {
    let kernel = Style.left("\(report.device) \(report.kernel)", 36)
    return "\(report.passed ? "ok  " : "FAIL")  \(kernel)\(report.operation)\(report.failure.map { ": \($0)" } ?? "")\n"
  }
}
