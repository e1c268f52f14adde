import AssayCore
import CAssayFPGA

/// An open device of a plugin: what it computes, and what the host knows of its health.
///
/// One batch is on a board at a time: several threads may call `run`, and take turns.
final class Board: @unchecked Sendable {
  /// How a board is used.
  struct Configuration: Sendable {
    /// How long a board may go without completing anything.
    var deadline: Duration = .seconds(5)
    /// Descriptors in flight.
    var slots = 8
    /// Bytes of input, and of output, that a descriptor may hold.
    var slotBytes = 256 << 10
    /// After how many failures a board is not used again.
    var failureLimit = 3
  }

  let plugin: Plugin
  let device: OpaquePointer
  let info: assay_fpga_device_info
  /// The operations that board and build agree on.
  let offers: [Operation: Offer]
  /// Operations that the board offers and that are not used, with the reason.
  let refused: [Operation: String]
  /// What the board offers beyond the operations of this build, a sentence each.
  let unknown: [String]

  let configuration: Configuration
  let queue: BoardQueue
  let lock = ConditionLock()
  /// Guarded by `lock`, as everything below.
  var table: InFlightTable
  /// How often the board failed.
  var failures = 0
  /// Set by a failure, until the board has shown that it computes rightly.
  var onProbation = false
  /// Why the board is not used again; nil when it is.
  var retirement: String?
  /// Set when an abort did not stop the board: then nothing of it is ever freed.
  var isLost = false
  /// Set once the device was given back.
  var isClosed = false

  /// Opens device `index` of `plugin`.
  ///
  /// - Throws: ``Plugin/Refusal`` when the device does not open or has no room for a queue.
  init(_ plugin: Plugin, index: UInt32, options: String?, _ configuration: Configuration) throws(Plugin.Refusal) {
    func refusal(_ reason: String) -> Plugin.Refusal {
      Plugin.Refusal(description: "device \(index) of \(plugin.path) (\(plugin.name)) is not used: \(reason)")
    }
    let functions = plugin.table
    var info = assay_fpga_device_info()
    info.struct_size = UInt32(MemoryLayout<assay_fpga_device_info>.size)
    let described = functions.device_info?(index, &info) ?? ASSAY_FPGA_E_UNSUPPORTED
    guard described == ASSAY_FPGA_OK else { throw refusal("\(Status(described)) when asked what it is") }
    var opened: OpaquePointer?
    let status = functions.device_open?(index, options, &opened) ?? ASSAY_FPGA_E_UNSUPPORTED
    guard status == ASSAY_FPGA_OK, let opened else {
      let given = options.map { " with options \($0)" } ?? ""
      throw refusal("it does not open\(given): \(Status(status))")
    }
    do throws(Plugin.Refusal) {
      queue = try BoardQueue(plugin, device: opened, info: info, configuration)
    } catch {
      _ = functions.device_close?(opened)
      throw refusal(error.description)
    }

    var offers: [Operation: Offer] = [:]
    var refused: [Operation: String] = [:]
    var unknown: [String] = []
    for position in 0..<min(info.operation_count, 1_024) {
      var offered = assay_fpga_operation_info()
      offered.struct_size = UInt32(MemoryLayout<assay_fpga_operation_info>.size)
      let status = functions.device_operation?(opened, position, &offered) ?? ASSAY_FPGA_E_UNSUPPORTED
      guard status == ASSAY_FPGA_OK else {
        if unknown.count < 16 { unknown.append("not its operation \(position): \(Status(status))") }
        continue
      }
      let name = withUnsafeBytes(of: offered.name) { Self.text($0) }
      guard let operation = Operation.named(name) else {
        if unknown.count < 16 { unknown.append("not \(name): this build has no such operation") }
        continue
      }
      do throws(Plugin.Refusal) {
        offers[operation] = try Offer(offered, for: operation, slotBytes: queue.slotBytes)
      } catch {
        refused[operation] = error.description
      }
    }
    self.plugin = plugin
    self.device = opened
    self.info = info
    self.offers = offers
    self.refused = refused
    self.unknown = unknown
    self.configuration = configuration
    table = InFlightTable(slots: queue.slots)
  }

  deinit {
    close()
  }

  /// Gives the device back, once; a board that cannot be stopped keeps its buffers for ever, on purpose: it may still write to them.
  private func close() {
    guard !isClosed, !isLost, queue.close() else { return }
    isClosed = true
    _ = plugin.table.device_close?(device)
  }

  /// Gives the device back, once the batch under way has ended; it computes nothing afterwards.
  func shutDown() {
    lock.withLock {
      close()
      retirement = retirement ?? "the board was shut down"
    }
  }

  /// Whether the plugin says that the device is simulated.
  var isSimulated: Bool { info.flags & ASSAY_FPGA_DEVICE_SIMULATED != 0 }
  /// The maker's name for the device.
  var name: String { withUnsafeBytes(of: info.name) { Self.text($0) } }
  /// The maker's number of this one board, the same after a reboot; may be empty.
  var serial: String { withUnsafeBytes(of: info.serial) { Self.text($0) } }
  /// Whether it computes on the host's own cores.
  var sharesHostCores: Bool { info.flags & UInt64(ASSAY_FPGA_DEVICE_HOST_CORES) != 0 }
  /// Its PCI address; empty when simulated.
  var location: String { withUnsafeBytes(of: info.location) { Self.text($0) } }

  private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    // What a plugin calls itself goes to terminals: control characters stay out.
    let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    return String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : Character($0) })
  }
}

extension Board {
  /// An operation as the board computes it.
  struct Offer: Sendable {
    let code: UInt32
    let layout: RowLayout
    /// Rows that a descriptor may hold.
    let maxRows: Int
    let latencyCycles: Int
    /// Steady state; 0 when the plugin does not say.
    let cyclesPerRow: Double

    /// What a plugin offers, held against what this build means by the operation.
    ///
    /// - Throws: ``Plugin/Refusal`` when they are not the same.
    init(
      _ offered: assay_fpga_operation_info, for operation: Operation, slotBytes: Int
    ) throws(Plugin.Refusal) {
      guard Int(offered.semantics_version) == operation.version else {
        throw Plugin.Refusal(
          description:
            "the board computes version \(offered.semantics_version) of \(operation.name), not \(operation.version)")
      }
      guard let layout = RowLayout(operation) else {
        throw Plugin.Refusal(description: "the FPGA interface carries no messages, shared or optional columns")
      }
      guard Int(offered.input_stride) == layout.inputStride, Int(offered.output_stride) == layout.outputStride else {
        throw Plugin.Refusal(
          description:
            "the board's rows of \(operation.name) are \(offered.input_stride) bytes in and \(offered.output_stride) out, "
            + "not \(layout.inputStride) and \(layout.outputStride)")
      }
      maxRows = min(Int(offered.max_rows), slotBytes / max(layout.inputStride, layout.outputStride))
      guard maxRows > 0, offered.code != 0 else {
        throw Plugin.Refusal(description: "the board takes no rows of \(operation.name)")
      }
      code = offered.code
      self.layout = layout
      latencyCycles = Int(offered.latency_cycles)
      cyclesPerRow = Double(offered.cycles_per_row_q8) / 256
    }
  }
}

extension Duration {
  /// Nanoseconds, at most about 292 years.
  var wholeNanoseconds: Int64 {
    let (seconds, overflow) = components.seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max / 2 : max(0, seconds &+ components.attoseconds / 1_000_000_000)
  }
}
