public import AssayCore

/// Devices behind OpenCL 1.2 drivers: GPUs, and processors through PoCL or their makers' runtimes.
///
/// Nothing happens until the backend is first asked: then the library is opened and devices are listed; a device is opened and
/// programs are built when rows first run on it. Without a library, a driver or a device, ``absence`` says so in words.
public struct OpenCLBackend: Backend {
  /// `opencl`.
  public let name = "opencl"
  private let installation: Installation

  /// The system's OpenCL devices, listed once a process, with compiled programs cached for the user.
  public init() {
    installation = Self.system
  }

  private static let system = Installation(probe: OpenCLLibrary.trouble, load: OpenCLLibrary.load, cache: .standard)

  /// For tests: another library, cache, limits or clock.
  package init(
    load: @escaping @Sendable () throws(OpenCLLibrary.Missing) -> OpenCLLibrary, cache: ProgramCache,
    limits: Limits = Limits(), clock: @escaping @Sendable () -> Int64 = { monotonicNanoseconds() },
    copies: Bool = false
  ) {
    installation = Installation(load: load, cache: cache, limits: limits, clock: clock, copies: copies)
  }

  /// Its devices come from drivers.
  public var loadsOutsideCode: Bool { true }

  /// The devices that drivers list, usable or not.
  public var devices: [Device] { installation.entries.map(\.device.device) }

  /// Releases every device that was used.
  public func shutDown() { installation.shutDown() }

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
