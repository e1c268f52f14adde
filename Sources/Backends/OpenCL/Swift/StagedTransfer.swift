import AssayCore
import CAssayOpenCL

/// Memory of the device's own: columns go through pinned staging memory, which drivers copy from and to at full speed.
final class StagedTransfer: Transfer {
  /// One argument's memory on both sides, kept from launch to launch.
  private final class Staging {
    let capacity: Int
    let device: Handle
    let pinned: UnsafeMutableRawPointer
    private let host: Handle
    private let queue: Handle
    private let functions: assay_opencl_functions

    init(_ session: DeviceSession, _ capacity: Int) throws(DeviceTrouble) {
      self.capacity = capacity
      device = try session.buffer(CL_MEM_READ_WRITE, capacity)
      let host = try session.buffer(CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR, capacity)
      var status: cl_int = CL_SUCCESS
      let pinned = session.library.functions.clEnqueueMapBuffer(
        session.uploads.raw, host.raw, cl_bool(CL_TRUE), cl_map_flags(CL_MAP_READ | CL_MAP_WRITE), 0, capacity, 0, nil,
        nil,
        &status)
      try OpenCLLibrary.check(status, "clEnqueueMapBuffer")
      guard let pinned else { throw .call("clEnqueueMapBuffer", CL_OUT_OF_RESOURCES) }
      self.pinned = pinned
      self.host = host
      queue = session.uploads
      functions = session.library.functions
    }

    deinit { _ = functions.clEnqueueUnmapMemObject(queue.raw, host.raw, pinned, 0, nil, nil) }
  }

  private unowned let session: DeviceSession
  private var stagings: [Int: Staging] = [:]
  private var expected: [(staging: Staging, target: UnsafeMutableRawPointer, count: Int)] = []
  private(set) var arrivals: [Handle] = []
  private(set) var events: [Handle] = []

  init(_ session: DeviceSession) {
    self.session = session
  }

  private func staging(_ count: Int, argument: Int) throws(DeviceTrouble) -> Staging {
    if let known = stagings[argument], known.capacity >= count { return known }
    stagings[argument] = nil
    let new = try Staging(session, max(count, 256))
    stagings[argument] = new
    return new
  }

  func send(_ source: UnsafeRawPointer, _ count: Int, argument: Int, isShared: Bool) throws(DeviceTrouble) -> Handle {
    let staging = try staging(count, argument: argument)
    guard count > 0 else { return staging.device }
    staging.pinned.copyMemory(from: source, byteCount: count)
    let event = try session.event("clEnqueueWriteBuffer") {
      session.library.functions.clEnqueueWriteBuffer(
        session.uploads.raw, staging.device.raw, cl_bool(CL_FALSE), 0, count, staging.pinned, 0, nil, $0)
    }
    events.append(event)
    // The queue is in order: the last arrival stands for all.
    arrivals = [event]
    return staging.device
  }

  func expect(_ target: UnsafeMutableRawPointer, _ count: Int, argument: Int) throws(DeviceTrouble) -> Handle {
    let staging = try staging(count, argument: argument)
    expected.append((staging, target, count))
    return staging.device
  }

  func fetch(after kernel: Handle) throws(DeviceTrouble) {
    var waits: [cl_event?] = [kernel.raw]
    for (staging, _, count) in expected {
      events.append(
        try session.event("clEnqueueReadBuffer") {
          session.library.functions.clEnqueueReadBuffer(
            session.downloads.raw, staging.device.raw, cl_bool(CL_FALSE), 0, count, staging.pinned, 1, &waits, $0)
        })
    }
  }

  func deliver() {
    for (staging, target, count) in expected { target.copyMemory(from: staging.pinned, byteCount: count) }
  }

  func reset(memory: Bool) {
    expected.removeAll(keepingCapacity: true)
    arrivals.removeAll(keepingCapacity: true)
    events.removeAll(keepingCapacity: true)
    if memory { stagings.removeAll() }
  }
}
