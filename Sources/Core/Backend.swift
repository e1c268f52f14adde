/// A family of devices that run kernels: portable CPU, SIMD CPU, OpenCL, a board.
public protocol Backend: Sendable {
  /// The name that `--backend` takes.
  var name: String { get }

  /// The devices that are there; empty when `absence` says why none is.
  var devices: [Device] { get }

  /// Why there is no device, in words; nil when there is one.
  var absence: String? { get }

  /// What was found and is not used, or complained, a sentence each; may grow while devices work.
  var warnings: [String] { get }

  /// Whether asking for its devices opens code from outside this build: a driver, a plugin, a library. Such a backend is asked only
  /// when a policy names it or one of its devices, or a profile has a rate of one; its devices' ids begin with its name and a colon.
  var loadsOutsideCode: Bool { get }

  /// Facts worth a line about one of its devices, `key: value`: those of the device and what it tells of itself now.
  func facts(of device: Device) -> [String]

  /// Gives back what its devices hold: contexts, queues, buffers, boards. Work under way is waited for, as long as devices have time for it.
  /// A device that was shut down computes nothing any more.
  func shutDown()

  /// The kernels that `device` has for `operation`, the one to prefer first; empty means "not mine".
  func kernels(for operation: Operation, on device: Device) -> [any Kernel]

  /// Why `device` lacks `operation`, in words; nil when it has it or there is nothing to say beyond that.
  func absence(of operation: Operation, on device: Device) -> String?
}

extension Backend {
  /// None.
  public var warnings: [String] { [] }

  /// It does not.
  public var loadsOutsideCode: Bool { false }

  /// Those of the device.
  public func facts(of device: Device) -> [String] { device.facts }

  /// Nothing to give back.
  public func shutDown() {}

  /// No reason beyond "not supported".
  public func absence(of operation: Operation, on device: Device) -> String? { nil }
}

/// A backend that verifies faster for public keys that it has seen before.
public protocol KeyPreparing: Sendable {
  /// Tells of public keys that will come often, as rows hold them: 32, 33 or 65 bytes. No verdict depends on it.
  func prepare(keys: [[UInt8]])
}

/// Something that runs kernels.
public struct Device: Sendable, Hashable {
  /// The identity that `--device` takes, such as `opencl:0`; unique among all backends.
  public let id: String
  /// The name of its backend.
  public let backend: String
  /// The maker's name for it.
  public let name: String
  /// Driver, version and other facts worth a line, `key: value`.
  public let facts: [String]
  /// Whether it is simulated: its speed is then never a claim.
  public let isSimulated: Bool
  /// Whether its kernels run on the caller's own processor and so can neither hang alone nor lose memory. Results of any other
  /// device are staged, checked and only then committed.
  public let isHost: Bool
  /// Whether it computes on the host's own cores although it is a device of its own, as a processor behind an OpenCL driver does:
  /// used beside the host it would take from the host what it gives.
  public let sharesHostCores: Bool

  /// Describes a device.
  public init(
    id: String, backend: String, name: String, facts: [String] = [], isSimulated: Bool = false, isHost: Bool = false,
    sharesHostCores: Bool = false
  ) {
    self.id = id
    self.backend = backend
    self.name = name
    self.facts = facts
    self.isSimulated = isSimulated
    self.isHost = isHost
    self.sharesHostCores = sharesHostCores
  }
}

extension Device {
  /// The same device with one more fact.
  package func adding(_ fact: String) -> Device {
    Device(
      id: id, backend: backend, name: name, facts: facts + [fact], isSimulated: isSimulated, isHost: isHost,
      sharesHostCores: sharesHostCores)
  }
}

/// One operation on one device.
public protocol Kernel: Sendable {
  /// What it computes.
  var operation: Operation { get }

  /// Which implementation it is, such as `avx2`; unique among the kernels of its device and operation.
  var id: String { get }

  /// The fewest rows that it is meant for: fewer are faster on another kernel of the host.
  var fewestRows: Int { get }

  /// Computes `rows` of `batch` and writes them to the same rows of `results`, no others.
  ///
  /// - Throws: ``KernelFailure`` (or any error, which counts as one for all rows).
  func run(_ batch: Batch, rows: Range<Int>, into results: Results) throws
}

extension Kernel {
  /// Any number.
  public var fewestRows: Int { 1 }
}

/// A device could not compute some rows; they will be computed elsewhere.
public struct KernelFailure: Error, Sendable, CustomStringConvertible {
  /// What happened, in words.
  public let reason: String
  /// The rows that were not written; nil means all that were asked for.
  public let uncommitted: [Range<Int>]?
  /// Whether the device must not be used again in this process.
  public let retiresDevice: Bool

  /// Describes a failure.
  public init(_ reason: String, uncommitted: [Range<Int>]? = nil, retiresDevice: Bool = false) {
    self.reason = reason
    self.uncommitted = uncommitted
    self.retiresDevice = retiresDevice
  }

  /// The reason.
  public var description: String { reason }
}

/// Runs batches: what a workload needs to know of the runtime.
public protocol Executor: Sendable {
  /// Computes every row of `batch`. Optional outputs are those named in `wanted`, all when nil.
  ///
  /// - Throws: ``AssayError`` for a wrong call; a failing device never throws, its rows are computed elsewhere and the results'
  ///   receipts say so.
  func execute(_ batch: Batch, wanted: Set<String>?) throws(AssayError) -> Results

  /// An executor that computes on the host alone, where this one may ask other devices; nil where it never does. What is rejected
  /// because of several operations' results is computed again on it before it is told.
  var host: (any Executor)? { get }
}

extension Executor {
  /// Nil: no device but the host.
  public var host: (any Executor)? { nil }

  /// Computes every row and every output of `batch`.
  public func execute(_ batch: Batch) throws(AssayError) -> Results {
    try execute(batch, wanted: nil)
  }
}
