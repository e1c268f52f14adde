public import AssayCore

/// Devices behind OpenCL 1.2 drivers: GPUs, and processors through PoCL or their makers' runtimes.
///
/// Nothing happens until the backend is first asked: then the library is opened and devices are listed; a device is opened and
/// programs are built when rows first run on it. Without a library, a driver or a device, ``absence`` says so in words.
public struct OpenCLBackend: Backend {
  /// `opencl`.
  public let name = "opencl"
  private let installation: Installation

  /// The system's OpenCL devices, with compiled programs cached for the user.
  public init() {
    self.init(load: OpenCLLibrary.load, cache: .standard)
  }

  /// For tests: another library, cache, limits or clock.
  package init(
    load: @escaping @Sendable () throws(OpenCLLibrary.Missing) -> OpenCLLibrary, cache: ProgramCache,
    limits: Limits = Limits(), clock: @escaping @Sendable () -> Int64 = { monotonicNanoseconds() },
    copies: Bool = false
  ) {
    installation = Installation { () throws(OpenCLLibrary.Missing) in
      let library = try load()
      return try library.devices().enumerated().map { index, found in
        var device = DiscoveredDevice(library, platform: found.platform, device: found.device, index: index)
        if copies { device.sharesHostMemory = false }
        return (device, DeviceRunner(library, device, cache: cache, limits: limits, clock: clock))
      }
    }
  }

  /// The devices that drivers list, usable or not.
  public var devices: [Device] { installation.entries.map(\.device.device) }

  /// Why there is no device.
  public var absence: String? { installation.absence }

  /// The device's kernel for `operation`, where there is OpenCL text of it and the device has the arithmetic.
  public func kernels(for operation: Operation, on device: Device) -> [any Kernel] {
    guard let entry = installation.entry(device), ProgramSource.provides(operation),
      entry.device.obstacle(to: operation) == nil
    else { return [] }
    return [OpenCLKernel(operation: operation, runner: entry.runner)]
  }

  /// Why `device` lacks `operation`.
  public func absence(of operation: Operation, on device: Device) -> String? {
    guard let entry = installation.entry(device) else { return nil }
    return ProgramSource.provides(operation)
      ? entry.device.obstacle(to: operation) : "the operation has no OpenCL kernel yet"
  }
}

/// One operation on one OpenCL device.
struct OpenCLKernel: Kernel {
  let operation: Operation
  let runner: DeviceRunner
  let id = "opencl-c"

  func run(_ batch: Batch, rows: Range<Int>, into results: Results) throws {
    try runner.run(batch, rows: rows, into: results)
  }
}

/// The devices of one library, listed when first asked for.
private final class Installation: @unchecked Sendable {
  typealias Entry = (device: DiscoveredDevice, runner: DeviceRunner)

  /// Drivers are asked by one thread at a time: PoCL 3.1 gives half-made devices to those that ask while another thread's first
  /// call still makes them.
  private static let discovery = ConditionLock()

  private let list: () throws(OpenCLLibrary.Missing) -> [Entry]
  private let lock = ConditionLock()
  private var listed: Result<[Entry], OpenCLLibrary.Missing>?

  init(_ list: @escaping () throws(OpenCLLibrary.Missing) -> [Entry]) {
    self.list = list
  }

  private var outcome: Result<[Entry], OpenCLLibrary.Missing> {
    lock.withLock {
      if let listed { return listed }
      let outcome = Self.discovery.withLock { Result { () throws(OpenCLLibrary.Missing) in try list() } }
      listed = outcome
      return outcome
    }
  }

  var entries: [Entry] { (try? outcome.get()) ?? [] }

  var absence: String? {
    if case .failure(let missing) = outcome { missing.reason } else { nil }
  }

  func entry(_ device: Device) -> Entry? {
    entries.first { $0.device.device.id == device.id }
  }
}
