import ArgumentParser
import Assay
import AssayFormats
import Glibc

/// Where the work runs: options of every command that computes.
struct EngineOptions: ParsableArguments {
  @Option(help: "The backend that must compute, by its name in `assay devices`; auto, the default, chooses.")
  var backend: String?

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
  var profile: InputPath?

  mutating func validate() throws {
    if let backend { try Self.check(backend: backend) }
    if backend == "auto" { backend = nil }
    if profile == nil, let path = getenv("ASSAY_PROFILE").map({ String(cString: $0) }), !path.isEmpty {
      profile = InputPath(argument: path)
    }
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes 1 to 1024.") }
    if device != nil, backend != nil { throw ValidationError("Name a backend or a device, not both.") }
    if strict, required == nil { throw ValidationError("--strict needs --backend or --device.") }
  }

  /// Refuses what is not a backend's name.
  static func check(backend: String) throws {
    guard backend != "auto", !Backends.names.contains(backend) else { return }
    throw ValidationError(
      "There is no backend '\(backend)'. There are: auto, \(Backends.names.joined(separator: ", ")).")
  }

  /// The backend or device that must compute; nil for automatic.
  var required: String? { device ?? backend }

  /// How many threads work.
  var workers: Int { threads ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// What the options say, as the library takes it.
  var choice: EngineChoice {
    var choice = EngineChoice(workers: workers)
    choice.required = required
    choice.isStrict = strict
    choice.audit = audit
    choice.profilePath = profile?.path
    return choice
  }
}

extension EngineChoice.Audit: ExpressibleByArgument {}
