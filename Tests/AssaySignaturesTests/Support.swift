import AssayCore
import BackendCPU
import Foundation

/// The public vectors, which the project does not carry: `ASSAY_VECTORS`, else `../shared/vectors` beside the package.
enum Vectors {
  static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["ASSAY_VECTORS"] { return URL(fileURLWithPath: path) }
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return package.deletingLastPathComponent().appendingPathComponent("shared/vectors")
  }()

  /// Whether the signature suites are there; tests that need them are skipped when not.
  static let arePresent = FileManager.default.fileExists(atPath: folder.appendingPathComponent("signatures").path)
  static let absence = "the public vectors are not at \(folder.path); set ASSAY_VECTORS"

  static func data(_ name: String) throws -> Data {
    try Data(contentsOf: folder.appendingPathComponent("signatures/\(name)"))
  }

  static func json<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> T {
    try JSONDecoder().decode(type, from: data(name))
  }
}

/// The portable kernels (own or of a system library), without a dispatcher in between.
struct PortableExecutor: Executor {
  private let backend = CPUBackend(.portable, pool: ThreadPool(threads: 2))

  func execute(_ batch: Batch, wanted: Set<String>?) throws(AssayError) -> Results {
    let results = Results(batch.operation, rows: batch.rows, wanted: wanted)
    guard let kernel = backend.devices.first.flatMap({ backend.kernels(for: batch.operation, on: $0).first }) else {
      throw AssayError(.unavailable, "There is no portable kernel for \(batch.operation).")
    }
    do {
      try kernel.run(batch, rows: 0..<batch.rows, into: results)
    } catch {
      throw AssayError(.unavailable, "\(error)")
    }
    return results
  }
}

struct BadHexadecimal: Error {}

/// The bytes of a hexadecimal text.
func bytes(_ text: String) throws -> [UInt8] {
  let digits = Array(text.utf8)
  guard digits.count % 2 == 0 else { throw BadHexadecimal() }
  return try stride(from: 0, to: digits.count, by: 2).map {
    guard let byte = UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) else {
      throw BadHexadecimal()
    }
    return byte
  }
}
