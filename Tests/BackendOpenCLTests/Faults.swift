import BackendOpenCL
import CAssayOpenCL
import Synchronization

/// A driver that fails on demand: the system's functions with some replaced. C functions carry no context, so what they do is
/// set here, and the tests that use them run one after the other.
enum Faults {
  nonisolated(unsafe) private static var system: assay_opencl_functions?

  /// How many calls of a function went through before it starts to fail, and with which code.
  struct Plan: Sendable {
    var after = 0
    var code: cl_int = CL_OUT_OF_RESOURCES
    var times = Int.max
  }
  static let launches = Mutex<Plan?>(nil)
  static let largestBuffer = Mutex<Int?>(nil)
  static let eventStatus = Mutex<Plan?>(nil)
  static let sourceBuilds = Mutex(0)
  static let finishes = Mutex(0)

  /// The system's clFinish.
  static func finish(_ queue: cl_command_queue) -> cl_int { system?.clFinish(queue) ?? CL_INVALID_COMMAND_QUEUE }

  private static func take(_ plan: borrowing Mutex<Plan?>) -> cl_int? {
    plan.withLock { plan in
      guard var next = plan else { return nil }
      defer { plan = next }
      if next.after > 0 {
        next.after -= 1
        return nil
      }
      guard next.times > 0 else { return nil }
      next.times -= 1
      return next.code
    }
  }

  /// The system's library with nothing replaced that changes what it does.
  static func library() throws -> OpenCLLibrary {
    var library = try OpenCLLibrary.load()
    system = library.functions
    launches.withLock { $0 = nil }
    largestBuffer.withLock { $0 = nil }
    eventStatus.withLock { $0 = nil }
    sourceBuilds.withLock { $0 = 0 }
    finishes.withLock { $0 = 0 }
    library.functions.clEnqueueNDRangeKernel = { queue, kernel, dimensions, offset, global, local, waits, list, event in
      if let code = Faults.take(Faults.launches) { return code }
      return Faults.system?.clEnqueueNDRangeKernel(
        queue, kernel, dimensions, offset, global, local, waits, list, event) ?? CL_INVALID_COMMAND_QUEUE
    }
    library.functions.clCreateBuffer = { context, flags, size, host, status in
      if let largest = Faults.largestBuffer.withLock(\.self), size > largest {
        status.pointee = CL_MEM_OBJECT_ALLOCATION_FAILURE
        return nil
      }
      return Faults.system?.clCreateBuffer(context, flags, size, host, status)
    }
    library.functions.clGetEventInfo = { event, name, size, value, needed in
      let status = Faults.system?.clGetEventInfo(event, name, size, value, needed) ?? CL_OUT_OF_RESOURCES
      if let code = Faults.take(Faults.eventStatus) { value?.storeBytes(of: code, as: cl_int.self) }
      return status
    }
    library.functions.clCreateProgramWithSource = { context, count, strings, lengths, status in
      Faults.sourceBuilds.withLock { $0 += 1 }
      return Faults.system?.clCreateProgramWithSource(context, count, strings, lengths, status)
    }
    return library
  }
}
