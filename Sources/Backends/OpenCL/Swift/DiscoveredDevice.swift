import AssayCore
import CAssayOpenCL

/// One OpenCL device as its driver describes it, and what may run on it.
struct DiscoveredDevice: @unchecked Sendable {
  let id: cl_device_id
  var device: Device
  /// Everything that a compiled program depends on beside its text.
  let identity: [String]
  /// Whether host memory and device memory are the same, so that columns need no copy.
  var sharesHostMemory: Bool
  /// The largest buffer, in bytes.
  let largestBuffer: Int
  /// Why the device runs nothing; nil when it runs something.
  let obstacle: String?
  /// Why the device does not compute on binary64; nil when it does.
  let binary64Obstacle: String?

  init(_ library: OpenCLLibrary, platform: cl_platform_id, device id: cl_device_id, index: Int) {
    self.id = id
    let name = library.text(id, CL_DEVICE_NAME)
    let driver = library.text(id, CL_DRIVER_VERSION)
    let version = library.text(id, CL_DEVICE_VERSION)
    let platformName = library.text(platform: platform, CL_PLATFORM_NAME)
    let platformVersion = library.text(platform: platform, CL_PLATFORM_VERSION)
    identity = [name, library.text(id, CL_DEVICE_VENDOR), driver, version, platformName, platformVersion]
    sharesHostMemory = library.number(id, CL_DEVICE_HOST_UNIFIED_MEMORY, as: cl_bool.self) == cl_bool(CL_TRUE)
    largestBuffer = Int(clamping: library.number(id, CL_DEVICE_MAX_MEM_ALLOC_SIZE, as: cl_ulong.self) ?? 1 << 27)
    let type = library.number(id, CL_DEVICE_TYPE, as: cl_device_type.self) ?? 0
    let units = library.number(id, CL_DEVICE_MAX_COMPUTE_UNITS, as: cl_uint.self) ?? 0
    let memory = library.number(id, CL_DEVICE_GLOBAL_MEM_SIZE, as: cl_ulong.self) ?? 0
    binary64Obstacle = Binary64.obstacle(
      library.number(id, CL_DEVICE_DOUBLE_FP_CONFIG, as: cl_device_fp_config.self))

    func isTrue(_ name: Int32) -> Bool { library.number(id, name, as: cl_bool.self) == cl_bool(CL_TRUE) }
    let isLittleEndian = 1.littleEndian == 1
    obstacle =
      if !isTrue(CL_DEVICE_AVAILABLE) {
        "the driver says that the device is not available"
      } else if !isTrue(CL_DEVICE_COMPILER_AVAILABLE) {
        "its driver has no compiler"
      } else if !Self.isRecentEnough(version) {
        "it offers \(version.isEmpty ? "an unknown version" : version) and OpenCL 1.2 is needed"
      } else if isTrue(CL_DEVICE_ENDIAN_LITTLE) != isLittleEndian {
        "its byte order is not the host's"
      } else {
        nil
      }
    let kind =
      type & cl_device_type(CL_DEVICE_TYPE_GPU) != 0
      ? "gpu" : type & cl_device_type(CL_DEVICE_TYPE_CPU) != 0 ? "cpu" : "other"
    device = Device(
      id: "opencl:\(index)", backend: "opencl", name: name.isEmpty ? "unnamed OpenCL device" : name,
      facts: [
        "type: \(kind), \(units) compute units, \(memory >> 20) MiB\(sharesHostMemory ? " shared with the host" : "")",
        "platform: \(platformName), \(platformVersion)",
        "driver: \(driver)",
        "binary64: \(binary64Obstacle ?? "yes")",
      ] + (obstacle.map { ["unusable: \($0)"] } ?? []), sharesHostCores: kind == "cpu")
  }

  /// Why the device does not run `operation`; nil when it does.
  func obstacle(to operation: Operation) -> String? {
    obstacle ?? (operation.columns.contains { $0.kind == .f64 } ? binary64Obstacle : nil)
  }

  /// Whether `version`, `OpenCL <major>.<minor> <vendor text>`, is 1.2 or later.
  private static func isRecentEnough(_ version: String) -> Bool {
    let parts = version.split(separator: " ")
    guard parts.count >= 2, parts[0] == "OpenCL" else { return false }
    let numbers = parts[1].split(separator: ".").compactMap { Int($0) }
    guard numbers.count == 2 else { return false }
    return (numbers[0], numbers[1]) >= (1, 2)
  }
}
