import CAssayOpenCL

/// The functions of one loaded OpenCL library.
///
/// A value, so a test can replace one function and see what the backend makes of its failure.
package struct OpenCLLibrary: @unchecked Sendable {
  package var functions: assay_opencl_functions

  /// Loads the system's library.
  ///
  /// - Throws: ``Missing``, the sentence that says why there is none.
  package static func load() throws(Missing) -> OpenCLLibrary {
    let functions = UnsafeMutablePointer<assay_opencl_functions>.allocate(capacity: 1)
    defer { functions.deallocate() }
    if let reason = assay_opencl_open(functions) { throw Missing(reason: String(cString: reason)) }
    return OpenCLLibrary(functions: functions.pointee)
  }

  /// Why there is no OpenCL here, in words.
  package struct Missing: Error {
    let reason: String

    package init(reason: String) {
      self.reason = reason
    }
  }

  /// Every platform with its devices.
  ///
  /// - Throws: ``Missing`` when no driver is installed or none has a device.
  func devices() throws(Missing) -> [(platform: cl_platform_id, device: cl_device_id)] {
    var count: cl_uint = 0
    let status = functions.clGetPlatformIDs(0, nil, &count)
    // The loader gives this code, not zero platforms, where no driver is registered.
    guard status == CL_SUCCESS, count > 0 else {
      throw Missing(
        reason: status == CL_PLATFORM_NOT_FOUND_KHR || status == CL_SUCCESS
          ? "no OpenCL driver is installed"
          : "the OpenCL library lists no platform: \(DeviceTrouble.name(of: status))")
    }
    var platforms = [cl_platform_id?](repeating: nil, count: Int(min(count, 64)))
    guard functions.clGetPlatformIDs(cl_uint(platforms.count), &platforms, nil) == CL_SUCCESS else {
      throw Missing(reason: "the OpenCL library does not list its platforms")
    }
    let found = platforms.compactMap(\.self).flatMap { platform in
      devices(of: platform).map { (platform: platform, device: $0) }
    }
    if found.isEmpty { throw Missing(reason: "OpenCL drivers are installed, but none has a device") }
    return found
  }

  private func devices(of platform: cl_platform_id) -> [cl_device_id] {
    let all = cl_device_type(CL_DEVICE_TYPE_ALL)
    var count: cl_uint = 0
    guard functions.clGetDeviceIDs(platform, all, 0, nil, &count) == CL_SUCCESS, count > 0 else { return [] }
    var devices = [cl_device_id?](repeating: nil, count: Int(min(count, 256)))
    guard functions.clGetDeviceIDs(platform, all, cl_uint(devices.count), &devices, nil) == CL_SUCCESS else {
      return []
    }
    return devices.compactMap(\.self)
  }

  /// A text about a device; empty when the driver does not say.
  func text(_ device: cl_device_id, _ name: Int32) -> String {
    Self.text { functions.clGetDeviceInfo(device, cl_device_info(name), $0, $1, $2) }
  }

  /// A text about a platform; empty when the driver does not say.
  func text(platform: cl_platform_id, _ name: Int32) -> String {
    Self.text { functions.clGetPlatformInfo(platform, cl_platform_info(name), $0, $1, $2) }
  }

  /// A number about a device; nil when the driver does not say.
  func number<N: FixedWidthInteger>(_ device: cl_device_id, _ name: Int32, as type: N.Type) -> N? {
    var value: N = 0
    let status = functions.clGetDeviceInfo(device, cl_device_info(name), MemoryLayout<N>.size, &value, nil)
    return status == CL_SUCCESS ? value : nil
  }

  /// The text that a query of the form (size, value, needed) gives, at most 64 KiB of it.
  static func text(_ query: (Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> cl_int) -> String {
    var size = 0
    guard query(0, nil, &size) == CL_SUCCESS, size > 0 else { return "" }
    var bytes = [UInt8](repeating: 0, count: min(size, 65_536))
    guard bytes.withUnsafeMutableBytes({ query($0.count, $0.baseAddress, nil) }) == CL_SUCCESS else { return "" }
    let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    return String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}

extension OpenCLLibrary {
  /// Throws what a status code means.
  static func check(_ status: cl_int, _ call: String) throws(DeviceTrouble) {
    if status != CL_SUCCESS { throw .call(call, status) }
  }

  /// An object that `create` makes, released by `release` when the last reference goes.
  static func object(
    _ call: String, _ release: @escaping Handle.Release, _ create: (UnsafeMutablePointer<cl_int>) -> OpaquePointer?
  ) throws(DeviceTrouble) -> Handle {
    var status: cl_int = CL_SUCCESS
    let raw = create(&status)
    try check(status, call)
    guard let raw else { throw .call(call, CL_OUT_OF_RESOURCES) }
    return Handle(raw, release)
  }
}

/// One reference to an OpenCL object.
final class Handle: @unchecked Sendable {
  typealias Release = @convention(c) (OpaquePointer) -> cl_int

  let raw: OpaquePointer
  private let release: Release

  init(_ raw: OpaquePointer, _ release: @escaping Release) {
    self.raw = raw
    self.release = release
  }

  deinit { _ = release(raw) }
}
