import ArgumentParser
import Assay
import AssayFormats
import Glibc

/// Where the work runs: options of every command that computes.
struct EngineOptions: ParsableArguments {
  @Option(help: "The backend that must compute: auto, portable, simd, openblas, opencl, fpga.")
  var backend = "auto"

  @Option(help: "The device that must compute, as `assay devices` prints it.")
  var device: String?

  @Flag(help: "End with 4 when the named backend lacks an operation of the job, instead of computing it on the CPU.")
  var strict = false

  @Option(help: "CPU threads (default: one per processor).")
  var threads: Int?

  @Option(help: "How much is computed again on the portable kernels and compared: none, sample (1 row in 256) or full.")
  var audit = EngineChoice.Audit.sample

  @Option(
    help: "A hardware profile written by `assay profile`, to choose devices and kernels by (default: $ASSAY_PROFILE).")
  var profile: String?

  func validate() throws {
    try Self.check(backend: backend)
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes 1 to 1024.") }
    if device != nil, backend != "auto" { throw ValidationError("Name a backend or a device, not both.") }
    if strict, device == nil, backend == "auto" { throw ValidationError("--strict needs --backend or --device.") }
  }

  /// Refuses what is no backend's name.
  static func check(backend: String) throws {
    guard backend != "auto", !Backends.names.contains(backend) else { return }
    throw ValidationError(
      "There is no backend '\(backend)'. There are: auto, \(Backends.names.joined(separator: ", ")).")
  }

  /// The hardware profile to read, if any.
  private var profilePath: String? {
    profile ?? getenv("ASSAY_PROFILE").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The backend or device that must compute; nil for automatic.
  var required: String? { device ?? (backend == "auto" ? nil : backend) }

  /// How many threads work.
  var workers: Int { threads ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// What the options say, as the library takes it.
  var choice: EngineChoice {
    var choice = EngineChoice(workers: workers)
    choice.required = required
    choice.isStrict = strict
    choice.audit = audit
    choice.profilePath = profilePath
    return choice
  }

  /// The names of the options.
  static let names: Set = ["--backend", "--device", "--strict", "--threads", "--audit", "--profile"]

  /// The options as a command line has them, for receipts.
  var arguments: [CommandWord] {
    var arguments: [CommandWord] = device.map { .option("--device", $0) } ?? []
    if backend != "auto" { arguments += .option("--backend", backend) }
    arguments += .flag("--strict", strict) + (threads.map { .option("--threads", String($0)) } ?? [])
    return arguments + .option("--audit", audit.rawValue) + .option("--profile", file: profilePath)
  }
}

extension EngineChoice.Audit: ExpressibleByArgument {}
