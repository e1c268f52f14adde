import AssayCore
import CAssayOpenCL

/// How the columns of one launch get to the device and back. Commands that it enqueues go to `events`.
protocol Transfer: AnyObject {
  /// A buffer that holds `count` bytes from `source` once the commands in `arrivals` have ended. A shared value is the
  /// same memory in every launch.
  func send(_ source: UnsafeRawPointer, _ count: Int, argument: Int, isShared: Bool) throws(DeviceTrouble) -> Handle

  /// A buffer for `count` bytes that are to come back to `target`.
  func expect(_ target: UnsafeMutableRawPointer, _ count: Int, argument: Int) throws(DeviceTrouble) -> Handle

  /// What the kernel has to wait for.
  var arrivals: [Handle] { get }

  /// Enqueues the way back of everything expected, after `kernel`. The last event of `events` then ends last.
  func fetch(after kernel: Handle) throws(DeviceTrouble)

  /// Every command enqueued since `reset`.
  var events: [Handle] { get }

  /// Puts what came back where it was expected; all commands have ended.
  func deliver()

  /// Forgets the launch, and with `memory` also what is kept for the next one.
  func reset(memory: Bool)
}

extension DeviceSession {
  /// A buffer of `count` bytes, at least one: OpenCL knows no empty buffers.
  func buffer(_ flags: Int32, _ count: Int, _ host: UnsafeMutableRawPointer? = nil) throws(DeviceTrouble) -> Handle {
    let functions = library.functions
    return try OpenCLLibrary.object("clCreateBuffer", functions.clReleaseMemObject) {
      functions.clCreateBuffer(context.raw, cl_mem_flags(flags), max(count, 1), host, $0)
    }
  }

  /// The event of a command that `enqueue` enqueues.
  func event(_ call: String, _ enqueue: (UnsafeMutablePointer<cl_event?>) -> cl_int) throws(DeviceTrouble) -> Handle {
    var event: cl_event?
    try OpenCLLibrary.check(enqueue(&event), call)
    guard let event else { throw .call(call, CL_OUT_OF_RESOURCES) }
    return Handle(event, library.functions.clReleaseEvent)
  }
}
