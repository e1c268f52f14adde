import AssayCore
import CAssayOpenCL

/// A device in use: its context, its queues and the programs built for it. Dropped whole when a command fails.
final class DeviceSession: @unchecked Sendable {
  let library: OpenCLLibrary
  let device: DiscoveredDevice
  let context: Handle
  /// In-order queues, so that one launch's copies overlap another's computation.
  let uploads: Handle
  let launches: Handle
  let downloads: Handle
  private let cache: ProgramCache
  private var compiled: [Operation: CompiledOperation] = [:]

  init(_ library: OpenCLLibrary, _ device: DiscoveredDevice, cache: ProgramCache) throws(DeviceTrouble) {
    self.library = library
    self.device = device
    self.cache = cache
    let functions = library.functions
    var ids: [cl_device_id?] = [device.id]
    let context = try OpenCLLibrary.object("clCreateContext", functions.clReleaseContext) {
      functions.clCreateContext(nil, 1, &ids, nil, nil, $0)
    }
    func queue() throws(DeviceTrouble) -> Handle {
      try OpenCLLibrary.object("clCreateCommandQueue", functions.clReleaseCommandQueue) {
        functions.clCreateCommandQueue(context.raw, device.id, 0, $0)
      }
    }
    self.context = context
    uploads = try queue()
    launches = try queue()
    downloads = try queue()
  }

  /// Waits until nothing of this session is on the device any more.
  ///
  /// - Throws: ``DeviceTrouble/hung(seconds:)`` when that takes longer than `deadline` nanoseconds, and
  ///   ``DeviceTrouble/unfinished(_:)`` when the driver cannot tell. Memory of the launches must then never be freed.
  func finish(deadline: Int64) throws(DeviceTrouble) {
    var status: cl_int = CL_SUCCESS
    let queues = [uploads.raw, launches.raw, downloads.raw]
    let outcome = withUnsafePointer(to: library.functions) {
      assay_opencl_finish($0, queues, Int32(queues.count), deadline, &status)
    }
    switch outcome {
    case ASSAY_OPENCL_DEADLINE: throw .hung(seconds: deadline / 1_000_000_000)
    case ASSAY_OPENCL_NO_WAIT: throw .unfinished(status)
    default: if status != CL_SUCCESS { throw .unfinished(status) }
    }
  }

  /// The compiled program of `operation` when there is one already.
  func known(_ operation: Operation) -> CompiledOperation? { compiled[operation] }

  /// The compiled program of `operation`, from the cache, or built and then cached.
  func operation(_ operation: Operation) throws(DeviceTrouble) -> CompiledOperation {
    if let known = compiled[operation] { return known }
    guard let source = ProgramSource(operation) else { throw .build(log: "there is no OpenCL text of \(operation)") }
    let key = ProgramCache.key([ProgramSource.options, source.text] + device.identity)
    let program = if let cached = cachedProgram(key) { cached } else { try builtProgram(source, key) }
    let new = try CompiledOperation(operation, program, of: self)
    compiled[operation] = new
    return new
  }

  /// The program as the cache has it; nil when it has none that the driver takes.
  private func cachedProgram(_ key: [UInt8]) -> Handle? {
    guard let binary = cache.load(key) else { return nil }
    let functions = library.functions
    let program = try? binary.withUnsafeBufferPointer { bytes in
      var ids: [cl_device_id?] = [device.id]
      var lengths = [bytes.count]
      var binaries = [bytes.baseAddress]
      return try OpenCLLibrary.object("clCreateProgramWithBinary", functions.clReleaseProgram) {
        functions.clCreateProgramWithBinary(context.raw, 1, &ids, &lengths, &binaries, nil, $0)
      }
    }
    guard let program, build(program) == CL_SUCCESS else {
      cache.remove(key)
      return nil
    }
    return program
  }

  private func builtProgram(_ source: ProgramSource, _ key: [UInt8]) throws(DeviceTrouble) -> Handle {
    let functions = library.functions
    let program = try OpenCLLibrary.object("clCreateProgramWithSource", functions.clReleaseProgram) { status in
      source.text.withCString { text in
        var strings: [UnsafePointer<CChar>?] = [text]
        return functions.clCreateProgramWithSource(context.raw, 1, &strings, nil, status)
      }
    }
    let status = build(program)
    guard status == CL_SUCCESS else {
      let log = OpenCLLibrary.text {
        functions.clGetProgramBuildInfo(program.raw, device.id, cl_program_build_info(CL_PROGRAM_BUILD_LOG), $0, $1, $2)
      }
      throw .build(log: log.isEmpty ? DeviceTrouble.name(of: status) : String(log.prefix(400)))
    }
    if let binary = binary(of: program) { cache.store(binary, key) }
    return program
  }

  private func build(_ program: Handle) -> cl_int {
    var ids: [cl_device_id?] = [device.id]
    return library.functions.clBuildProgram(program.raw, 1, &ids, ProgramSource.options, nil, nil)
  }

  /// The driver's binary of a program for the one device; nil when it gives none.
  private func binary(of program: Handle) -> [UInt8]? {
    var size = 0
    let wordBytes = MemoryLayout<Int>.size
    guard
      library.functions.clGetProgramInfo(program.raw, cl_program_info(CL_PROGRAM_BINARY_SIZES), wordBytes, &size, nil)
        == CL_SUCCESS, size > 0
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: size)
    let status = bytes.withUnsafeMutableBytes { buffer in
      var target = buffer.baseAddress
      return library.functions.clGetProgramInfo(
        program.raw, cl_program_info(CL_PROGRAM_BINARIES), wordBytes, &target, nil)
    }
    return status == CL_SUCCESS ? bytes : nil
  }
}

/// An operation's program on one device, and what was learned about running it.
final class CompiledOperation {
  /// How many launches are under way at once: one computes, one is prepared, one is copied back.
  private static let slotCount = 3
  /// Work items a group; rows are independent, so only scheduling depends on it.
  private static let preferredGroup = 64

  let operation: Operation
  let slots: [Slot]
  let group: Int
  /// Rows a launch, adapted so that a launch stays short: a device that also draws a screen must not stall, and a hang must be
  /// told from work.
  var rowsPerLaunch = 16_384
  /// Whether a launch has ended: the first one may compile.
  var hasRun = false

  init(_ operation: Operation, _ program: Handle, of session: DeviceSession) throws(DeviceTrouble) {
    self.operation = operation
    let functions = session.library.functions
    var slots: [Slot] = []
    for _ in 0..<Self.slotCount {
      // A kernel object a slot: clSetKernelArg changes the object.
      let kernel = try OpenCLLibrary.object("clCreateKernel", functions.clReleaseKernel) {
        functions.clCreateKernel(program.raw, ProgramSource.entryPoint, $0)
      }
      slots.append(Slot(session, kernel))
    }
    self.slots = slots
    var largest = 1
    let status = functions.clGetKernelWorkGroupInfo(
      slots[0].kernel.raw, session.device.id, cl_kernel_work_group_info(CL_KERNEL_WORK_GROUP_SIZE),
      MemoryLayout<Int>.size, &largest, nil)
    group = status == CL_SUCCESS ? max(1, min(Self.preferredGroup, largest)) : 1
  }
}
