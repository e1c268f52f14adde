import AssayCore
import AssayRuntime
import BackendCPU
import BackendOpenCL
import CAssayOpenCL
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What the tests of this module share.
enum Support {
  /// Whether this machine has an OpenCL device; where `ASSAY_REQUIRE_OPENCL` is set its absence is a failure, not a skip.
  static let hasDevice = isRequired || OpenCLBackend().absence == nil
  private static let isRequired = getenv("ASSAY_REQUIRE_OPENCL").map { String(cString: $0) } == "1"

  /// The driver that a script in scripts/opencl put in the place of all others, `none` for none; nil in an ordinary run.
  static let onlyDriver = getenv("ASSAY_OPENCL_ONLY").map { String(cString: $0) }

  static let portable = CPUBackend(.portable, pool: ThreadPool(threads: 2))

  /// The kernel that every other is compared with.
  static func reference(_ operation: Operation) throws -> any Kernel {
    try #require(portable.devices.first.flatMap { portable.kernels(for: operation, on: $0).first })
  }

  /// The operations that there is OpenCL text of.
  static let operations = Operation.all.filter { ProgramSource.provides($0) }

  static func operation(_ name: String) throws -> Operation {
    try #require(Operation.named(name))
  }

  /// The system's first device behind `library`, with its own cache and limits.
  static func kernel(
    _ operation: Operation, _ library: OpenCLLibrary? = nil, cache: ProgramCache = ProgramCache(directory: nil),
    limits: Limits = Limits(), clock: @escaping @Sendable () -> Int64 = { monotonicNanoseconds() },
    copies: Bool = false
  ) throws -> any Kernel {
    let library = try library ?? OpenCLLibrary.load()
    let backend = OpenCLBackend(load: { library }, cache: cache, limits: limits, clock: clock, copies: copies)
    let device = try #require(backend.devices.first, "\(backend.absence ?? "")")
    return try #require(
      backend.kernels(for: operation, on: device).first, "\(backend.absence(of: operation, on: device) ?? "")")
  }

  /// Random fixed-width rows, made fast: every input column is random bytes.
  static func randomBytes(_ operation: Operation, rows: Int, seed: UInt64) throws -> Batch {
    var random = SplitMix64(state: seed)
    let columns = try operation.inputs.map { input in
      let count = rows * input.width
      var bytes = [UInt8](repeating: 0, count: count + 8)
      bytes.withUnsafeMutableBytes { buffer in
        for offset in stride(from: 0, to: count, by: 8) {
          buffer.storeBytes(of: random.next(), toByteOffset: offset, as: UInt64.self)
        }
      }
      return try Column(packed: Array(bytes.prefix(count)), width: input.width)
    }
    return try Batch(operation, columns, rows: rows)
  }

  /// What the portable kernel makes of `batch`.
  static func expected(_ batch: Batch) throws -> Results {
    let results = Results(batch.operation, rows: batch.rows)
    try reference(batch.operation).run(batch, rows: 0..<batch.rows, into: results)
    return results
  }

  /// A new directory below the system's temporary one, removed after `body`.
  static func withDirectory<R>(_ body: (String) throws -> R) throws -> R {
    var template = Array("/tmp/assay-opencl-XXXXXX".utf8CString)
    let path = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer { files(in: path).forEach { unlink($0) }; rmdir(path) }
    return try body(path)
  }

  /// The paths of the files in a directory.
  static func files(in directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append("\(directory)/\(name)") }
    }
    return names
  }

  static func read(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk.prefix(count) }
    return bytes
  }

  static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try #require(fopen(path, "wb"))
    defer { fclose(file) }
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }
}

extension Results {
  /// Whether every byte of `rows` is that of `other`.
  func agrees(with other: Results, in rows: Range<Int>) -> Bool {
    zip(columns, other.columns).allSatisfy { mine, theirs in
      guard let a = mine.bytes?.baseAddress, let b = theirs.bytes?.baseAddress else {
        return mine.bytes == nil && theirs.bytes == nil
      }
      let width = mine.description.width
      return memcmp(a + rows.lowerBound * width, b + rows.lowerBound * width, rows.count * width) == 0
    }
  }
}
