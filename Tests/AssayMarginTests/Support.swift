import Assay
import AssayFormats
import Glibc
import Testing

/// The published suites, which are not part of the repository.
enum Suites {
  /// Where they lie: `ASSAY_VECTORS`, or beside the repository.
  static let folder = getenv("ASSAY_VECTORS").map { String(cString: $0) } ?? "../shared/vectors"
  /// Whether they are there.
  static let areThere = access("\(folder)/margin/lyra_utils_fixed_point_exact.json", R_OK) == 0

  /// A file of them.
  static func json(_ path: String) throws -> DecimalJSON {
    try DecimalJSON(bytes(path), name: path)
  }

  /// The bytes of a file of them.
  static func bytes(_ path: String) throws -> [UInt8] {
    guard let file = fopen("\(folder)/\(path)", "r") else { throw AssayError(.input, "\(path) is not there.") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&block, 1, block.count, file), count > 0 { bytes += block[..<count] }
    return bytes
  }

  /// The names of the files of a folder.
  static func files(_ path: String) throws -> [String] {
    guard let folder = opendir("\(folder)/\(path)") else { throw AssayError(.input, "\(path) is not there.") }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names.filter { $0.hasSuffix(".json") }.sorted()
  }
}

/// The portable kernels, which define the operations.
let portable: Engine = {
  var configuration = Dispatcher.Configuration()
  configuration.policy = .require("portable", strict: false)
  guard let engine = try? Engine(configuration, threads: 1) else { fatalError("every build has portable kernels") }
  return engine
}()
