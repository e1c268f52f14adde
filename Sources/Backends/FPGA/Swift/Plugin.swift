import AssayCore
import CAssayFPGA

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A loaded shared object that implements `assay_fpga.h`: its table of functions, checked.
///
/// A plugin is never unloaded: a board's driver may have threads and mappings that outlive every device.
struct Plugin: @unchecked Sendable {
  /// The path that it was loaded from.
  let path: String
  /// Its own name and version, `assay-sim 1.0`.
  let name: String
  /// The interface version that it speaks, `1.0`.
  let interface: String
  /// SHA-256 of the file, in hexadecimal, read just before it was loaded; empty when it could not be read.
  let digest: String
  /// Every function of the interface; those that are required are not nil.
  let table: assay_fpga_plugin

  /// Why a plugin is not used: a sentence that names it.
  struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  /// Loads the plugin at `path`.
  ///
  /// - Throws: ``Refusal`` when there is no such file, it is no plugin, speaks another major version, or lacks a function.
  init(path: String) throws(Refusal) {
    // A name without a slash would be searched for in library folders; only explicit paths are loaded.
    guard path.contains("/") else {
      throw Refusal(description: "\(path) is not loaded: give the path of the file, such as ./\(path)")
    }
    digest = Self.digest(of: path)
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      let reason = dlerror().map { String(cString: $0) } ?? "no reason was given"
      throw Refusal(description: "\(path) cannot be loaded: \(reason)")
    }
    guard let symbol = dlsym(library, ASSAY_FPGA_SYMBOL) else {
      throw Refusal(description: "\(path) is not an FPGA plugin: it does not export \(ASSAY_FPGA_SYMBOL)")
    }
    let connect = unsafeBitCast(symbol, to: assay_fpga_connect_function.self)
    var offered: UnsafePointer<assay_fpga_plugin>?
    let status = connect(ASSAY_FPGA_MAJOR, ASSAY_FPGA_MINOR, Self.host, &offered)
    guard let offered else {
      throw Refusal(description: "\(path) refused to connect: \(Status(status)), without a word of its version")
    }
    // The head is the same in every version; nothing else may be read before the version is known.
    let head = UnsafeRawPointer(offered).load(as: assay_fpga_head.self)
    let name = "\(Self.text(head.name)) \(Self.text(head.version))"
    let interface = "\(head.major).\(head.minor)"
    guard head.major == ASSAY_FPGA_MAJOR, status != ASSAY_FPGA_E_VERSION else {
      throw Refusal(
        description:
          "\(path) (\(name)) speaks version \(interface) of the FPGA interface; this build speaks \(ASSAY_FPGA_MAJOR).x"
      )
    }
    guard status == ASSAY_FPGA_OK else {
      throw Refusal(description: "\(path) (\(name)) refused to connect: \(Status(status))")
    }
    var table = assay_fpga_plugin()
    withUnsafeMutableBytes(of: &table) { known in
      let size = min(known.count, Int(head.struct_size))
      known.copyMemory(from: UnsafeRawBufferPointer(start: offered, count: size))
    }
    let missing = Self.missingFunctions(table)
    guard missing.isEmpty else {
      throw Refusal(
        description: "\(path) (\(name)) lacks what the FPGA interface requires: \(missing.joined(separator: ", "))")
    }
    self.path = path
    self.name = name
    self.interface = interface
    self.table = table
  }

  /// The required functions that a table lacks.
  private static func missingFunctions(_ table: assay_fpga_plugin) -> [String] {
    let required = [
      ("device_count", table.device_count != nil), ("device_info", table.device_info != nil),
      ("device_open", table.device_open != nil), ("device_close", table.device_close != nil),
      ("device_operation", table.device_operation != nil), ("device_telemetry", table.device_telemetry != nil),
      ("buffer_allocate", table.buffer_allocate != nil), ("buffer_free", table.buffer_free != nil),
      ("queue_create", table.queue_create != nil), ("queue_destroy", table.queue_destroy != nil),
      ("queue_submit", table.queue_submit != nil), ("queue_reap", table.queue_reap != nil),
      ("queue_abort", table.queue_abort != nil),
    ]
    return required.filter { !$0.1 }.map(\.0)
  }

  private static func digest(of path: String) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var hash = SHA256()
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = block.withUnsafeMutableBytes({ read(file, $0.baseAddress, $0.count) }), count > 0 {
      hash.update(Array(block.prefix(count)))
    }
    return hash.finalize().hexadecimal
  }

  private static func text(_ string: UnsafePointer<CChar>?) -> String {
    string.map { String(cString: $0) } ?? "unnamed"
  }

  /// What this build offers to plugins; it lives as long as the process.
  private static nonisolated(unsafe) let host: UnsafePointer<assay_fpga_host> = {
    let host = UnsafeMutablePointer<assay_fpga_host>.allocate(capacity: 1)
    host.initialize(to: assay_fpga_host())
    host.pointee.struct_size = UInt32(MemoryLayout<assay_fpga_host>.size)
    host.pointee.log = { _, level, message in
      guard level >= ASSAY_FPGA_LOG_WARNING, let message else { return }
      PluginLog.add(String(cString: message))
    }
    return UnsafePointer(host)
  }()
}

/// What plugins say through the interface, which does not tell for which board.
enum PluginLog {
  /// A plugin may say the same for every row: the first messages are kept.
  private static let limit = 32
  private static let kept = Guarded<[String]>([])

  /// The messages, a sentence each.
  static var messages: [String] { kept.withLock { $0 } }

  fileprivate static func add(_ message: String) {
    kept.withLock { if $0.count < limit { $0.append("an FPGA plugin says: \(message)") } }
  }
}

/// A status of the interface in words.
struct Status: CustomStringConvertible {
  let code: assay_fpga_status

  init(_ code: assay_fpga_status) { self.code = code }

  var description: String {
    switch code {
    case ASSAY_FPGA_OK: "no error"
    case ASSAY_FPGA_E_INVALID: "it calls an argument invalid"
    case ASSAY_FPGA_E_VERSION: "it speaks another version of the interface"
    case ASSAY_FPGA_E_UNSUPPORTED: "it does not support that"
    case ASSAY_FPGA_E_MEMORY: "it is out of memory"
    case ASSAY_FPGA_E_FULL: "its queue is full"
    case ASSAY_FPGA_E_TIMEOUT: "nothing completed before the deadline"
    case ASSAY_FPGA_E_BUSY: "it is held by another process"
    case ASSAY_FPGA_E_ABORTED: "its queue was aborted"
    case ASSAY_FPGA_E_DATA: "it detected damaged data"
    case ASSAY_FPGA_E_HUNG: "it hangs"
    case ASSAY_FPGA_E_LINK: "its link is down"
    case ASSAY_FPGA_E_THERMAL: "it is too hot or out of power"
    case ASSAY_FPGA_E_IMAGE: "it does not hold the right bitstream"
    case ASSAY_FPGA_E_LOST: "it cannot be stopped"
    default: "it answered \(code), which is not a status of the interface"
    }
  }
}
