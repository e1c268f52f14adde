import Foundation
import Testing

/// One run of the built binary.
struct Run {
  /// The exit code; negative for a signal, which no input may cause.
  let status: Int32
  /// Standard output.
  let output: String
  /// Standard error.
  let errors: String

  /// The lines of standard output.
  var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }

  /// Runs `program` with `arguments` in `folder`, `input` on standard input and `environment` added to the environment.
  init(
    _ arguments: [String], input: Data = Data(), environment: [String: String] = [:], program: URL = binary,
    in folder: Folder
  ) throws {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    // Files, not pipes: no buffer that fills up.
    let files = ["stdin", "stdout", "stderr"].map { folder.url.appending(path: ".\($0)-\(UUID().uuidString)") }
    try input.write(to: files[0])
    for file in files[1...] { try Data().write(to: file) }
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    output = String(decoding: try Data(contentsOf: files[1]), as: UTF8.self)
    errors = String(decoding: try Data(contentsOf: files[2]), as: UTF8.self)
  }

  /// Runs a shell's `script`, for pipes.
  init(shell script: String, in folder: Folder) throws {
    try self.init(["-c", script], program: URL(fileURLWithPath: "/bin/sh"), in: folder)
  }

  /// The binary, which is built beside the tests.
  static let binary = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "assay")
}

/// A folder that lives as long as the value.
final class Folder {
  let url: URL

  init(_ files: [String: String] = [:]) throws {
    url = FileManager.default.temporaryDirectory.appending(path: "assay-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for (name, text) in files { try write(name, Data(text.utf8)) }
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ name: String, _ data: Data) throws { try data.write(to: url.appending(path: name)) }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: url.appending(path: name)), as: UTF8.self)
  }

  /// The JSON object in a file.
  func json(_ name: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(contentsOf: url.appending(path: name))) as? [String: Any])
  }
}

/// Public test vectors, which the project does not carry: `ASSAY_VECTORS`, or `../shared/vectors` beside the package.
enum Vectors {
  static let folder =
    ProcessInfo.processInfo.environment["ASSAY_VECTORS"].map { URL(fileURLWithPath: $0) }
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../shared/vectors")
    .standardized

  static func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: folder.appending(path: path).path) }

  static func data(_ path: String) throws -> Data { try Data(contentsOf: folder.appending(path: path)) }
}
