public import AssayCore
import CAssayFPGA

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Boards behind `kernels/fpga/include/assay_fpga.h`, the simulated one among them.
///
/// Plugins are shared objects that are named explicitly and never searched for. One that does not load, speaks another version
/// or whose board does not open is refused by name: in ``warnings``, and in ``absence`` when nothing is left.
public struct FPGABackend: Backend {
  /// `fpga`.
  public let name = "fpga"
  private let opening: Opening

  /// The boards that opened; plugins are loaded when this is first asked.
  public var devices: [Device] { opening.opened.devices }
  /// Why plugins and boards are not used, and what plugins said, a sentence each.
  public var warnings: [String] {
    let opened = opening.opened
    return opened.boards.isEmpty ? opened.refusals : opened.refusals + opened.complaints + PluginLog.messages
  }

  /// Its boards are behind plugins.
  public var loadsOutsideCode: Bool { true }

  /// The device's facts and its telemetry of now.
  public func facts(of device: Device) -> [String] { device.facts + (telemetry(device)?.facts ?? []) }

  /// Gives back every board that was opened.
  public func shutDown() { opening.shutDown() }

  /// The boards of the plugins that `ASSAY_FPGA_PLUGIN` names (paths, separated by colons, each with options of its own after a `?`), opened once a process, when
  /// first asked for, with the options of `ASSAY_FPGA_OPTIONS`.
  public static let environment = FPGABackend(
    plugins: (variable("ASSAY_FPGA_PLUGIN") ?? "").split(separator: ":").map(String.init),
    options: variable("ASSAY_FPGA_OPTIONS"))

  /// The boards of the plugins at `plugins`. `options` goes to each board as the plugin documents; a board may go `deadline`
  /// without completing anything before it counts as failed.
  public init(plugins: [String], options: String? = nil, deadline: Duration = .seconds(5)) {
    var configuration = Board.Configuration()
    configuration.deadline = deadline
    self.init(plugins: plugins, options: options, configuration)
  }

  init(plugins: [String], options: String?, _ configuration: Board.Configuration) {
    opening = Opening(plugins, options: options, configuration)
  }

  /// Why there is no board.
  public var absence: String? {
    guard devices.isEmpty else { return nil }
    let refusals = opening.opened.refusals
    guard refusals.isEmpty else { return refusals.joined(separator: "; ") }
    return "no plugin is named: set ASSAY_FPGA_PLUGIN to the path of a shared object that implements assay_fpga.h "
      + "(`make -C kernels/fpga sim` builds a simulated board)"
  }

  /// The board's kernel of `operation`, if it and this build agree on what that is.
  public func kernels(for operation: Operation, on device: Device) -> [any Kernel] {
    guard let board = opening.opened.boards[device.id], let offer = board.offers[operation] else { return [] }
    return [FPGAKernel(operation: operation, board: board, offer: offer)]
  }

  /// Why the board lacks `operation`.
  public func absence(of operation: Operation, on device: Device) -> String? {
    guard let board = opening.opened.boards[device.id], board.offers[operation] == nil else { return nil }
    return board.refused[operation] ?? "the board has no core for it"
  }

  /// What the board tells of itself now; nil for a device of another backend or when it does not answer.
  public func telemetry(_ device: Device) -> FPGATelemetry? {
    opening.opened.boards[device.id].flatMap { $0.telemetry() }
  }

  /// The board behind `device`.
  func board(_ device: Device) -> Board? { opening.opened.boards[device.id] }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// One operation on one board.
struct FPGAKernel: Kernel {
  let operation: Operation
  let board: Board
  let offer: Board.Offer

  var id: String { board.plugin.name }

  func run(_ batch: Batch, rows: Range<Int>, into results: Results) throws {
    try board.run(operation, offer, batch, rows, results)
  }
}

extension Board {
  /// The board as the runtime sees it.
  func device(id: String) -> Device {
    var facts = [
      "plugin: \(plugin.name), interface \(plugin.interface), \(plugin.path)",
      "plugin digest: SHA-256 \(plugin.digest)",
    ]
    if !serial.isEmpty { facts.append("serial: \(serial)") }
    if sharesHostCores { facts.append("on the host's own cores: an automatic plan leaves it out") }
    if isSimulated { facts.append("simulated: its speed in seconds means nothing") }
    if !location.isEmpty { facts.append("location: \(location)") }
    if info.clock_hz > 0 { facts.append("clock: \(info.clock_hz / 1_000_000) MHz") }
    for (operation, offer) in offers.sorted(by: { $0.key.id < $1.key.id }) where offer.cyclesPerRow > 0 {
      facts.append("\(operation.name): \(offer.cyclesPerRow) cycles a row, latency \(offer.latencyCycles)")
    }
    for (operation, reason) in refused.sorted(by: { $0.key.id < $1.key.id }) {
      facts.append("not \(operation.name): \(reason)")
    }
    facts += unknown
    return Device(
      id: id, backend: "fpga", name: name, facts: facts, isSimulated: isSimulated, sharesHostCores: sharesHostCores)
  }
}
