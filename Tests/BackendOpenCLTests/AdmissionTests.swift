import AssayCore
import BackendOpenCL
import CAssayOpenCL
import Testing

/// Which devices may compute, and what is said of the others.
@Suite struct AdmissionTests {
  private static let all = CL_FP_FMA | CL_FP_DENORM | CL_FP_INF_NAN | CL_FP_ROUND_TO_NEAREST

  @Test func binary64NeedsTheWholeOfIEEE754() {
    func obstacle(_ bits: Int32?) -> String? {
      Binary64.obstacle(bits.map { cl_device_fp_config($0) })
    }
    #expect(obstacle(Self.all) == nil)
    #expect(obstacle(Self.all | 0x98) == nil)
    #expect(obstacle(nil) == "the device has no binary64 arithmetic")
    #expect(obstacle(0) == "the device has no binary64 arithmetic")
    #expect(obstacle(Self.all | CL_FP_SOFT_FLOAT) == "its binary64 arithmetic is emulated")
    #expect(obstacle(Self.all & ~CL_FP_FMA) == "its binary64 arithmetic lacks fused multiply-add")
    #expect(
      obstacle(CL_FP_INF_NAN | CL_FP_FMA) == "its binary64 arithmetic lacks subnormal numbers, rounding to nearest")
  }

  /// The library without a driver, as the loader reports it.
  @Test(arguments: [CL_PLATFORM_NOT_FOUND_KHR, CL_SUCCESS]) func noDriver(_ code: Int32) throws {
    guard var library = try? OpenCLLibrary.load() else { try Test.cancel("libOpenCL is not installed here") }
    library.functions.clGetPlatformIDs =
      code == CL_SUCCESS
      ? { _, _, count in
        count?.pointee = 0
        return CL_SUCCESS
      } : { _, _, _ in CL_PLATFORM_NOT_FOUND_KHR }
    let backend = OpenCLBackend(load: { [library] in library }, cache: ProgramCache(directory: nil))
    #expect(backend.devices.isEmpty)
    #expect(backend.absence == "no OpenCL driver is installed")
  }

  @Test func noLibrary() throws {
    let backend = OpenCLBackend(
      load: { () throws(OpenCLLibrary.Missing) in throw OpenCLLibrary.Missing(reason: "it is not there") },
      cache: ProgramCache(directory: nil))
    #expect(backend.devices.isEmpty && backend.absence == "it is not there")
  }

  @Test(.enabled(if: Support.hasDevice, "no OpenCL device here")) func aDeviceWithoutBinary64StillHashes() throws {
    var library = try OpenCLLibrary.load()
    library.functions.clGetDeviceInfo = { device, name, size, value, needed in
      guard let functions = try? OpenCLLibrary.load().functions else { return CL_OUT_OF_RESOURCES }
      let status = functions.clGetDeviceInfo(device, name, size, value, needed)
      if name == cl_device_info(CL_DEVICE_DOUBLE_FP_CONFIG) { value?.storeBytes(of: 0, as: cl_device_fp_config.self) }
      return status
    }
    let backend = OpenCLBackend(load: { [library] in library }, cache: ProgramCache(directory: nil))
    let device = try #require(backend.devices.first)
    let hash = try Support.operation("sha256_pair"), price = try Support.operation("black_scholes")
    #expect(backend.kernels(for: hash, on: device).count == 1)
    #expect(backend.kernels(for: price, on: device).isEmpty)
    #expect(backend.absence(of: price, on: device) == "the device has no binary64 arithmetic")
  }

  @Test(.enabled(if: Support.hasDevice, "no OpenCL device here")) func saysWhatHasNoKernel() throws {
    let backend = OpenCLBackend()
    let device = try #require(backend.devices.first)
    let operation = try #require(Operation.all.first { !ProgramSource.provides($0) })
    #expect(backend.kernels(for: operation, on: device).isEmpty)
    #expect(backend.absence(of: operation, on: device) == "the operation has no OpenCL kernel yet")
  }
}
