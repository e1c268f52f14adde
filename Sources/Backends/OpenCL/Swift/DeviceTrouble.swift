import CAssayOpenCL

/// Why a device did not do what it was asked.
enum DeviceTrouble: Error, CustomStringConvertible {
  /// A call returned an error code, or a command ended with one.
  case call(String, cl_int)
  /// A command was still on the device when its deadline passed.
  case hung(seconds: Int64)
  /// Something failed, and the driver cannot say whether the device still writes to the launches' memory.
  case unfinished(cl_int)
  /// The program does not compile for this device; the log's first lines.
  case build(log: String)

  var description: String {
    switch self {
    case .call(let call, let code): "\(call) gave \(Self.name(of: code))"
    case .hung(let seconds): "a command did not end within \(seconds) s"
    case .unfinished(let code): "the device may still be at work after a failure: clFinish gave \(Self.name(of: code))"
    case .build(let log): "the program does not compile: \(log)"
    }
  }

  /// Whether there was no memory for buffers of this size; smaller ones may fit.
  var isAllocation: Bool {
    if case .call(_, let code) = self {
      return code == CL_MEM_OBJECT_ALLOCATION_FAILURE || code == CL_INVALID_BUFFER_SIZE
    }
    return false
  }

  /// The specification's name of an error code, with the number.
  static func name(of code: cl_int) -> String {
    let name: String? =
      switch code {
      case -1: "CL_DEVICE_NOT_FOUND"
      case -2: "CL_DEVICE_NOT_AVAILABLE"
      case -3: "CL_COMPILER_NOT_AVAILABLE"
      case CL_MEM_OBJECT_ALLOCATION_FAILURE: "CL_MEM_OBJECT_ALLOCATION_FAILURE"
      case CL_OUT_OF_RESOURCES: "CL_OUT_OF_RESOURCES"
      case CL_OUT_OF_HOST_MEMORY: "CL_OUT_OF_HOST_MEMORY"
      case -11: "CL_BUILD_PROGRAM_FAILURE"
      case -12: "CL_MAP_FAILURE"
      case -14: "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST"
      case -33: "CL_INVALID_DEVICE"
      case -34: "CL_INVALID_CONTEXT"
      case CL_INVALID_COMMAND_QUEUE: "CL_INVALID_COMMAND_QUEUE"
      case -42: "CL_INVALID_BINARY"
      case -46: "CL_INVALID_KERNEL_NAME"
      case -52: "CL_INVALID_KERNEL_ARGS"
      case -54: "CL_INVALID_WORK_GROUP_SIZE"
      case CL_INVALID_BUFFER_SIZE: "CL_INVALID_BUFFER_SIZE"
      case CL_PLATFORM_NOT_FOUND_KHR: "CL_PLATFORM_NOT_FOUND_KHR"
      default: nil
      }
    return name.map { "\($0) (\(code))" } ?? "OpenCL error \(code)"
  }
}
