import AssayCore
import CAssayOpenCL

/// One launch at a time: a kernel object with its arguments and the memory behind them. Several slots make a pipeline.
final class Slot {
  let kernel: Handle
  /// The rows under way; empty when there are none.
  private(set) var rows = 0..<0
  /// When the launch was handed to the driver.
  private(set) var started: Int64 = 0
  /// A message is hashed by one work item: one of a gigabyte takes its time, and does not hang. Nanoseconds per byte.
  private static let nanosecondsPerByte: Int64 = 1_000

  /// What the longest message of the launch adds to a deadline.
  private(set) var allowance: Int64 = 0
  private unowned let session: DeviceSession
  private let transfer: any Transfer
  private var launch: Handle?
  /// Offsets that had to be rewritten; the device reads them until the launch has ended.
  private var rebased: [Memory] = []
  /// The buffers of the launch, kept until it has ended.
  private var buffers: [Handle] = []

  init(_ session: DeviceSession, _ kernel: Handle) {
    self.session = session
    self.kernel = kernel
    transfer = session.device.sharesHostMemory ? SharedMemoryTransfer(session) : StagedTransfer(session)
  }

  /// Hands `rows` of `batch` to the device.
  func start(_ rows: Range<Int>, of batch: Batch, into results: Results, group: Int) throws(DeviceTrouble) {
    self.rows = rows
    started = monotonicNanoseconds()
    try setArguments(batch, results)
    let functions = session.library.functions
    var global = (rows.count + group - 1) / group * group
    var local = group
    let waits: [cl_event?] = transfer.arrivals.map(\.raw)
    if !waits.isEmpty { try flush(session.uploads) }
    let launch = try session.event("clEnqueueNDRangeKernel") { event in
      waits.withUnsafeBufferPointer { waits in
        functions.clEnqueueNDRangeKernel(
          session.launches.raw, kernel.raw, 1, nil, &global, &local, cl_uint(waits.count),
          waits.isEmpty ? nil : waits.baseAddress, event)
      }
    }
    self.launch = launch
    try transfer.fetch(after: launch)
    try flush(session.launches)
    try flush(session.downloads)
  }

  /// Waits until the launch has ended and its results are in the host's memory.
  func finish(deadline: Int64) throws(DeviceTrouble) {
    guard let launch else { return }
    if let last = transfer.events.last { try wait(last, deadline + allowance) }
    try wait(launch, deadline + allowance)
    for event in transfer.events { try check(event) }
    transfer.deliver()
    release(memory: false)
  }

  /// Forgets the launch; the session's queues were finished.
  func abandon() { release(memory: true) }

  private func release(memory: Bool) {
    rows = 0..<0
    launch = nil
    allowance = 0
    rebased.removeAll(keepingCapacity: true)
    buffers.removeAll(keepingCapacity: true)
    transfer.reset(memory: memory)
  }

  // arguments

  /// The number of rows, then the columns in the order of operations.def, a message followed by its offsets; as
  /// ``ProgramSource`` declares them.
  private func setArguments(_ batch: Batch, _ results: Results) throws(DeviceTrouble) {
    var count = Int64(rows.count)
    var argument = 1
    try OpenCLLibrary.check(
      session.library.functions.clSetKernelArg(kernel.raw, 0, MemoryLayout<Int64>.size, &count), "clSetKernelArg")
    for (input, column) in zip(batch.operation.inputs, batch.columns) {
      let isShared = input.role == .shared
      let span = isShared ? 0..<1 : rows
      func send(_ source: UnsafeRawPointer, _ count: Int) throws(DeviceTrouble) {
        try set(&argument, transfer.send(source, count, argument: argument, isShared: isShared))
      }
      if let offsets = column.offsets {
        let longest = span.reduce(0) { max($0, offsets[$1 + 1] - offsets[$1]) }
        allowance = max(allowance, min(longest, 1 << 40) * Self.nanosecondsPerByte)
        let first = Int(offsets[span.lowerBound])
        let bytes = Int(offsets[span.upperBound]) - first
        try send(column.data + first, bytes)
        try send(offsetsFromZero(offsets, span), (span.count + 1) * MemoryLayout<Int64>.size)
      } else {
        try send(column.data + span.lowerBound * input.width, span.count * input.width)
      }
    }
    for (output, bytes) in results.columns {
      guard let start = bytes?.baseAddress else {
        try set(&argument, nil)
        continue
      }
      let target = start + rows.lowerBound * output.width
      try set(&argument, transfer.expect(target, rows.count * output.width, argument: argument))
    }
  }

  private func set(_ argument: inout Int, _ buffer: Handle?) throws(DeviceTrouble) {
    // No buffer makes the kernel's pointer null: nobody asked for this column.
    let status = withUnsafePointer(to: buffer?.raw) { raw in
      session.library.functions.clSetKernelArg(
        kernel.raw, cl_uint(argument), MemoryLayout<cl_mem?>.size, buffer == nil ? nil : raw)
    }
    try OpenCLLibrary.check(status, "clSetKernelArg")
    if let buffer { buffers.append(buffer) }
    argument += 1
  }

  /// Offsets of the rows in `span` into the messages that are sent, which start with the first row's.
  private func offsetsFromZero(_ offsets: UnsafePointer<Int64>, _ span: Range<Int>) -> UnsafeRawPointer {
    let base = offsets[span.lowerBound]
    if base == 0 { return UnsafeRawPointer(offsets + span.lowerBound) }
    let memory = Memory(byteCount: (span.count + 1) * MemoryLayout<Int64>.size)
    let table = memory.start.bindMemory(to: Int64.self, capacity: span.count + 1)
    for index in 0...span.count { table[index] = offsets[span.lowerBound + index] - base }
    rebased.append(memory)
    return UnsafeRawPointer(table)
  }

  // commands

  private func flush(_ queue: Handle) throws(DeviceTrouble) {
    try OpenCLLibrary.check(session.library.functions.clFlush(queue.raw), "clFlush")
  }

  private func wait(_ event: Handle, _ deadline: Int64) throws(DeviceTrouble) {
    var status: cl_int = CL_SUCCESS
    let outcome = withUnsafePointer(to: session.library.functions) {
      assay_opencl_wait($0, event.raw, deadline, &status)
    }
    switch outcome {
    case ASSAY_OPENCL_DEADLINE: throw .hung(seconds: deadline / 1_000_000_000)
    case ASSAY_OPENCL_NO_WAIT: throw .call("clSetEventCallback", status)
    default: if status != CL_COMPLETE { throw .call("a command", status) }
    }
  }

  /// Throws when a command that has ended, ended with an error: a later command of the queue may have succeeded regardless.
  private func check(_ event: Handle) throws(DeviceTrouble) {
    var status: cl_int = CL_COMPLETE
    let query = session.library.functions.clGetEventInfo(
      event.raw, cl_event_info(CL_EVENT_COMMAND_EXECUTION_STATUS), MemoryLayout<cl_int>.size, &status, nil)
    try OpenCLLibrary.check(query, "clGetEventInfo")
    if status < 0 { throw .call("a command", status) }
  }
}
