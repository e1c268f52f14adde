import AssayCore
import CAssayOpenCL

/// Memory that host and device share: buffers over the columns themselves.
final class SharedMemoryTransfer: Transfer {
  /// Inputs up to this size are copied.
  private static let copiedBytes = 4_096

  private unowned let session: DeviceSession
  private var expected: [(buffer: Handle, count: Int)] = []
  /// The memory that buffers of this launch lie over.
  private var covered: [Range<UInt>] = []
  private(set) var events: [Handle] = []
  let arrivals: [Handle] = []

  init(_ session: DeviceSession) {
    self.session = session
  }

  func send(_ source: UnsafeRawPointer, _ count: Int, argument: Int, isShared: Bool) throws(DeviceTrouble) -> Handle {
    guard count > 0 else { return try session.buffer(CL_MEM_READ_ONLY, 0) }
    let memory = UInt(bitPattern: source)..<UInt(bitPattern: source) + UInt(count)
    // The specification leaves buffers over the same host memory undefined, be it of two columns or, for a shared value, of
    // two launches. Small columns are not worth the trouble.
    let isOwn = count > Self.copiedBytes && !isShared && !covered.contains { $0.overlaps(memory) }
    if isOwn { covered.append(memory) }
    return try session.buffer(
      CL_MEM_READ_ONLY | (isOwn ? CL_MEM_USE_HOST_PTR : CL_MEM_COPY_HOST_PTR), count,
      UnsafeMutableRawPointer(mutating: source))
  }

  func expect(_ target: UnsafeMutableRawPointer, _ count: Int, argument: Int) throws(DeviceTrouble) -> Handle {
    let buffer = try session.buffer(CL_MEM_READ_WRITE | CL_MEM_USE_HOST_PTR, count, target)
    expected.append((buffer, count))
    return buffer
  }

  /// Mapping a buffer is what makes the device's writes visible in the host's memory.
  func fetch(after kernel: Handle) throws(DeviceTrouble) {
    let functions = session.library.functions
    for (buffer, count) in expected {
      var status: cl_int = CL_SUCCESS
      var mapped: UnsafeMutableRawPointer?
      let event = try session.event("clEnqueueMapBuffer") { event in
        mapped = functions.clEnqueueMapBuffer(
          session.launches.raw, buffer.raw, cl_bool(CL_FALSE), cl_map_flags(CL_MAP_READ), 0, count, 0, nil, event,
          &status)
        return status
      }
      events.append(event)
      guard let mapped else { throw .call("clEnqueueMapBuffer", CL_OUT_OF_RESOURCES) }
      events.append(
        try session.event("clEnqueueUnmapMemObject") {
          functions.clEnqueueUnmapMemObject(session.launches.raw, buffer.raw, mapped, 0, nil, $0)
        })
    }
  }

  func deliver() {}

  func reset(memory: Bool) {
    expected.removeAll(keepingCapacity: true)
    covered.removeAll(keepingCapacity: true)
    events.removeAll(keepingCapacity: true)
  }
}
