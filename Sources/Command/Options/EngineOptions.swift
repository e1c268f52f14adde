import ArgumentParser
import Assay
import AssayIO
import FoundationEssentials
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
  var audit = "sample"

  @Option(
    help: "A hardware profile written by `assay profile`, to choose devices and kernels by (default: $ASSAY_PROFILE).")
  var profile: String?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes 1 to 1024.") }
    if device != nil, backend != "auto" { throw ValidationError("Name a backend or a device, not both.") }
    if strict, device == nil, backend == "auto" { throw ValidationError("--strict needs --backend or --device.") }
    guard ["none", "sample", "full"].contains(audit) else {
      throw ValidationError("--audit takes none, sample or full.")
    }
  }

  /// The hardware profile to read, if any.
  private var profilePath: String? { profile ?? getenv("ASSAY_PROFILE").map { String(cString: $0) } }

  /// The backend or device that must compute; nil for automatic.
  var required: String? { device ?? (backend == "auto" ? nil : backend) }

  /// How many threads work.
  var workers: Int { threads ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// An engine as the options ask for it; without what they require when not `asRequired`, for work beside the job. `threads` are
  /// those that one batch may use.
  func engine(threads: Int, asRequired: Bool = true) throws(AssayError) -> Engine {
    var configuration = Dispatcher.Configuration()
    if let required, asRequired { configuration.policy = .require(required, strict: strict) }
    switch audit {
    case "none": configuration.audit = .none
    case "full":
      configuration.audit = .full
      configuration.auditsHost = true
    default: configuration.audit = .sample
    }
    if let profilePath { configuration.profile = try HardwareProfile(contentsOf: profilePath) }
    return try Engine(configuration, threads: threads)
  }

  /// The options as a command line has them, for receipts.
  var arguments: [String] {
    var arguments: [String] = []
    if let device { arguments += ["--device", device] }
    if backend != "auto" { arguments += ["--backend", backend] }
    if strict { arguments.append("--strict") }
    if let threads { arguments += ["--threads", String(threads)] }
    if audit != "sample" { arguments += ["--audit", audit] }
    if let profile { arguments += ["--profile", profile] }
    return arguments
  }
}

extension HardwareProfile {
  /// Reads a profile from a file.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the file and what is wrong.
  init(contentsOf path: String) throws(AssayError) {
    let bytes = try InputFile(path).readAll()
    do {
      self = try JSONDecoder().decode(HardwareProfile.self, from: Data(bytes))
    } catch {
      throw AssayError(.input, "\(path):1:1: is not a hardware profile: \(error).")
    }
  }
}
