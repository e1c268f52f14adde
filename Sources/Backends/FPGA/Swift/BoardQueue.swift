import CAssayFPGA

/// A board's queue with the staging memory of its slots, all of it the plugin's.
struct BoardQueue: @unchecked Sendable {
  /// How many descriptors may be in flight.
  let slots: Int
  /// Bytes of input, and of output, that a slot has.
  let slotBytes: Int
  /// A large page: no bus asks for more.
  private static let largestAlignment = 2 << 20

  private let plugin: Plugin
  private let device: OpaquePointer
  private let queue: OpaquePointer
  private let input: assay_fpga_buffer
  private let output: assay_fpga_buffer

  /// Makes the queue and its buffers. What it had made before it throws goes away with the device.
  init(
    _ plugin: Plugin, device: OpaquePointer, info: assay_fpga_device_info, _ configuration: Board.Configuration
  ) throws(Plugin.Refusal) {
    // Whole multiples of the alignment, so that every slot starts at one.
    let alignment = Int(info.buffer_alignment)
    guard alignment > 0, alignment & (alignment - 1) == 0, alignment <= Self.largestAlignment else {
      throw Plugin.Refusal(description: "its buffer_alignment is \(alignment), which is not a power of two up to 2 MiB")
    }
    guard info.max_queue_depth > 0 else { throw Plugin.Refusal(description: "its max_queue_depth is 0") }
    slotBytes = (configuration.slotBytes + alignment - 1) / alignment * alignment
    slots = max(1, min(configuration.slots, Int(info.max_queue_depth)))
    input = try Self.allocate(plugin, device, slots * slotBytes, alignment: alignment)
    output = try Self.allocate(plugin, device, slots * slotBytes, alignment: alignment)
    var config = assay_fpga_queue_config()
    config.struct_size = UInt32(MemoryLayout<assay_fpga_queue_config>.size)
    config.depth = UInt32(slots)
    // Before the host's own deadline, so that a plugin that can tell a hang from slowness is heard.
    config.watchdog_ns = UInt64(configuration.deadline.wholeNanoseconds / 2)
    var queue: OpaquePointer?
    let status = plugin.table.queue_create?(device, &config, &queue) ?? ASSAY_FPGA_E_UNSUPPORTED
    guard status == ASSAY_FPGA_OK, let queue else {
      throw Plugin.Refusal(description: "it gives no queue: \(Status(status))")
    }
    self.plugin = plugin
    self.device = device
    self.queue = queue
  }

  private static func allocate(
    _ plugin: Plugin, _ device: OpaquePointer, _ size: Int, alignment: Int
  ) throws(Plugin.Refusal) -> assay_fpga_buffer {
    var buffer = assay_fpga_buffer()
    buffer.struct_size = UInt32(MemoryLayout<assay_fpga_buffer>.size)
    let status = plugin.table.buffer_allocate?(device, UInt64(size), &buffer) ?? ASSAY_FPGA_E_UNSUPPORTED
    guard status == ASSAY_FPGA_OK else {
      throw Plugin.Refusal(description: "it gives no buffer of \(size) bytes: \(Status(status))")
    }
    guard let host = buffer.host, buffer.size >= UInt64(size), UInt(bitPattern: host) % UInt(alignment) == 0,
      buffer.handle != 0
    else {
      throw Plugin.Refusal(description: "it gives a buffer that the host cannot use")
    }
    return buffer
  }

  /// Frees queue and buffers; false when the board cannot be stopped, and then nothing was freed.
  func close() -> Bool {
    guard plugin.table.queue_destroy?(queue) == ASSAY_FPGA_OK else { return false }
    _ = plugin.table.buffer_free?(device, input.handle)
    _ = plugin.table.buffer_free?(device, output.handle)
    return true
  }

  /// Where the input of `slot` is packed.
  func inputMemory(_ slot: Int) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(input.host) + slot * slotBytes
  }

  /// Where the board writes the output of `slot`.
  func outputMemory(_ slot: Int) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(output.host) + slot * slotBytes
  }

  /// Gives the board the `count` rows packed in `slot`; `full` when it has no room now.
  func submit(slot: Int, cookie: UInt64, operation: UInt32, count: Int) -> assay_fpga_status {
    var descriptor = assay_fpga_descriptor()
    descriptor.cookie = cookie
    descriptor.operation = operation
    descriptor.count = UInt32(count)
    descriptor.input_handle = input.handle
    descriptor.input_offset = UInt64(slot * slotBytes)
    descriptor.output_handle = output.handle
    descriptor.output_offset = UInt64(slot * slotBytes)
    var accepted: UInt32 = 0
    let status = plugin.table.queue_submit?(queue, &descriptor, 1, &accepted) ?? ASSAY_FPGA_E_UNSUPPORTED
    guard status == ASSAY_FPGA_OK else { return status }
    return accepted == 1 ? ASSAY_FPGA_OK : ASSAY_FPGA_E_FULL
  }

  /// Why nothing was reaped.
  struct Silence: Error {
    let status: assay_fpga_status
  }

  /// One completion or more, within `timeout` nanoseconds.
  func reap(timeout: Int64) throws(Silence) -> [assay_fpga_completion] {
    var completions = [assay_fpga_completion](repeating: assay_fpga_completion(), count: slots)
    var count: UInt32 = 0
    let status =
      plugin.table.queue_reap?(queue, &completions, UInt32(slots), UInt64(max(timeout, 0)), &count)
      ?? ASSAY_FPGA_E_UNSUPPORTED
    guard status == ASSAY_FPGA_OK else { throw Silence(status: status) }
    guard count <= UInt32(slots) else { throw Silence(status: ASSAY_FPGA_E_INVALID) }
    return Array(completions.prefix(Int(count)))
  }

  /// Empties the queue. The new generation; nil when the board cannot be stopped and may still write to its buffers.
  func abort() -> UInt32? {
    var generation: UInt32 = 0
    return plugin.table.queue_abort?(queue, &generation) == ASSAY_FPGA_OK ? generation : nil
  }
}
