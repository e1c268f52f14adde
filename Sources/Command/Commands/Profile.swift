import ArgumentParser
import Assay
import AssayFormats
import AssayIO
import FoundationEssentials
import Glibc

/// `assay profile`
struct Profile: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure every operation on every device over batch sizes, for `--profile` and hw-profiles/.")

  @Option(help: "Write the profile to this file (default: standard output).")
  var output = "-"

  @Flag(help: "A tenth of the time a batch size.")
  var quick = false

  @Option(help: "CPU threads (default: one per processor).")
  var threads: Int?

  @Option(help: "Only this backend.")
  var backend: String?

  @Flag(help: "JSON on standard output: what is written anyway.")
  var json = false

  @Flag(help: "No progress.")
  var quiet = false

  func validate() throws {
    if let backend { try EngineOptions.check(backend: backend) }
  }

  mutating func run() throws {
    let threads = threads ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let backends = Backends.all(threads: threads).filter { backend == nil || $0.name == backend }
    guard !backends.allSatisfy({ $0.devices.isEmpty }) else {
      throw AssayError(
        .unavailable, "\(backend ?? "Every backend"): \(backends.first?.absence ?? "there is no backend of that name")."
      )
    }
    let profiler = Profiler(quick: quick)
    var curves: [HardwareProfile.Curve] = []
    for backend in backends {
      for device in backend.devices {
        for operation in Operation.all {
          for kernel in backend.kernels(for: operation, on: device) {
            let curve: HardwareProfile.Curve
            do {
              curve = try profiler.curve(kernel, on: device)
            } catch {
              note("\(device.id) \(kernel.id) \(operation.name): left out: \(error)\n")
              continue
            }
            curves.append(curve)
            let rate = curve.points.map(\.rowsPerSecond).max() ?? 0
            note("\(Style.left("\(device.id) \(kernel.id)", 36))\(Style.left(operation.name, 32))")
            note("\(Style.right(Style.grouped(Int(rate)), 16)) rows/s\n")
          }
        }
      }
    }
    let profile = HardwareProfile(
      schemaVersion: 1, assayVersion: AssayVersion.current, measuredAt: Date.now.formatted(.iso8601),
      machine: Self.machine(backends, threads: threads), curves: curves)
    let file = try OutputFile(output)
    try file.write(profile.jsonText())
    try file.commit()
  }

  private func note(_ text: String) {
    if !quiet { Terminal.tell(text) }
  }

  private static func machine(_ backends: [any Backend], threads: Int) -> HardwareProfile.Machine {
    var system = utsname()
    uname(&system)
    let devices = backends.flatMap(\.devices)
    return HardwareProfile.Machine(
      processor: devices.first { $0.isHost }?.name ?? "", architecture: text(system.machine), threads: threads,
      system: "\(text(system.sysname)) \(text(system.release))",
      devices: Dictionary(devices.map { ($0.id, $0.facts) }, uniquingKeysWith: { first, _ in first }))
  }

  /// The text in a C array of characters.
  private static func text<Characters>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
