import AssayCore
import CAssayFPGA

/// What a board tells of itself. Nil is "not known", never zero; counters count from the opening of the board.
public struct FPGATelemetry: Sendable, Hashable {
  /// Hottest sensor, in thousandths of a degree Celsius.
  public var temperature: Int?
  /// Power, in milliwatt.
  public var power: Int?
  /// The kernel clock now, in hertz.
  public var clock: UInt64?
  /// Cycles of the kernel clock.
  public var cycles: UInt64?
  /// Cycles with a row inside.
  public var busyCycles: UInt64?
  /// Cycles in which the kernel could have taken a row and got none.
  public var stallInCycles: UInt64?
  /// Cycles in which a result was not taken.
  public var stallOutCycles: UInt64?
  /// Beats that went in: rows, where a row is as wide as the bus.
  public var beatsIn: UInt64?
  /// Beats that came out.
  public var beatsOut: UInt64?
  /// Rows computed.
  public var rows: UInt64?
  /// Descriptors that completed.
  public var descriptors: UInt64?
  /// Memory errors that were corrected.
  public var correctedErrors: UInt64?
  /// Memory errors that could not be corrected.
  public var uncorrectedErrors: UInt64?
  /// How often the board was reset or its queue aborted.
  public var resets: Int?

  init(_ raw: assay_fpga_telemetry) {
    func has(_ field: UInt64) -> Bool { raw.valid & field != 0 }
    if has(ASSAY_FPGA_TELEMETRY_TEMPERATURE) { temperature = Int(raw.temperature_millicelsius) }
    if has(ASSAY_FPGA_TELEMETRY_POWER) { power = Int(raw.power_milliwatt) }
    if has(ASSAY_FPGA_TELEMETRY_CLOCK) { clock = raw.clock_hz }
    if has(ASSAY_FPGA_TELEMETRY_CYCLES) {
      cycles = raw.cycles
      busyCycles = raw.busy_cycles
      stallInCycles = raw.stall_in_cycles
      stallOutCycles = raw.stall_out_cycles
    }
    if has(ASSAY_FPGA_TELEMETRY_BEATS) {
      beatsIn = raw.beats_in
      beatsOut = raw.beats_out
    }
    if has(ASSAY_FPGA_TELEMETRY_WORK) {
      rows = raw.rows_done
      descriptors = raw.descriptors_done
    }
    if has(ASSAY_FPGA_TELEMETRY_ECC) {
      correctedErrors = raw.ecc_corrected
      uncorrectedErrors = raw.ecc_uncorrected
    }
    if has(ASSAY_FPGA_TELEMETRY_RESETS) { resets = Int(raw.reset_count) }
  }
}

extension FPGATelemetry {
  /// What is known, a line each: `temperature: 45.2 C`.
  var facts: [String] {
    func line(_ key: String, _ value: (some Any)?, _ unit: String = "") -> String? {
      value.map { "\(key): \($0)\(unit)" }
    }
    func thousandths(_ value: Int?) -> Double? { value.map { Double($0) / 1_000 } }
    return [
      line("temperature", thousandths(temperature), " C"), line("power", thousandths(power), " W"),
      line("clock now", clock.map { $0 / 1_000_000 }, " MHz"), line("cycles", cycles), line("busy cycles", busyCycles),
      line("cycles without a row to take", stallInCycles),
      line("cycles with a result that was not taken", stallOutCycles),
      line("rows computed", rows), line("descriptors completed", descriptors),
      line("memory errors corrected", correctedErrors), line("memory errors not corrected", uncorrectedErrors),
      line("resets", resets),
    ].compactMap(\.self)
  }
}

extension Board {
  /// Reads telemetry, which takes no lock of the queue; nil when the board does not answer, or was given back.
  func telemetry() -> FPGATelemetry? {
    let told = answer(within: 1_000_000_000, threadNamed: "assay-telemetry") { [self] in
      lock.withLock { isClosed ? nil : read() }
    }
    return told ?? nil
  }

  private func read() -> FPGATelemetry? {
    var raw = assay_fpga_telemetry()
    raw.struct_size = UInt32(MemoryLayout<assay_fpga_telemetry>.size)
    guard plugin.table.device_telemetry?(device, &raw) == ASSAY_FPGA_OK else { return nil }
    return FPGATelemetry(raw)
  }
}
