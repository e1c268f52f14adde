import Assay
import Foundation
import Testing

/// Everything runs through the dispatcher, as users' calls do, and its hashes over every kernel.
let engine: any Executor = {
  do { return try AgreeingExecutor() } catch { fatalError("an engine over the portable backend: \(error)") }
}()

func verdicts(_ proofs: [MerkleProof]) throws -> [Verdict] {
  try MerkleVerifier.verify(proofs, on: engine)
}

func verdict(_ proof: MerkleProof) throws -> Verdict {
  try #require(try verdicts([proof]).first)
}

/// The public vectors, which lie beside the project and are no part of it.
enum PublicVectors {
  static let folder: URL? = {
    let named = ProcessInfo.processInfo.environment["ASSAY_VECTORS"].map { URL(fileURLWithPath: $0) }
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = (named ?? package.appendingPathComponent("../shared/vectors")).appendingPathComponent("merkle")
    return FileManager.default.fileExists(atPath: folder.path) ? folder.standardizedFileURL : nil
  }()
  static let areThere = folder != nil

  static func file(_ path: String) throws -> Data {
    try Data(contentsOf: try #require(folder).appendingPathComponent(path))
  }

  static func text(_ path: String) throws -> String {
    try #require(String(data: try file(path), encoding: .utf8))
  }

  /// Every JSON file below `path`, with its name.
  static func all(_ path: String) throws -> [(name: String, data: Data)] {
    let root = try #require(folder).appendingPathComponent(path)
    let paths = try #require(FileManager.default.subpaths(atPath: root.path)).filter { $0.hasSuffix(".json") }.sorted()
    return try paths.map { ($0, try Data(contentsOf: root.appendingPathComponent($0))) }
  }
}

/// The vectors of this project, made by the scripts beside them.
func ownVectors(_ name: String) throws -> Data {
  let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  return try Data(contentsOf: tests.appendingPathComponent("Vectors/merkle/\(name)"))
}

extension [UInt8] {
  init(hex: String) {
    let digits = Array<Character>(hex.hasPrefix("0x") ? hex.dropFirst(2) : hex[...])
    self = stride(from: 0, to: digits.count - 1, by: 2).map { position in
      UInt8(String(digits[position...position + 1]), radix: 16) ?? 0
    }
  }
}

func sha256(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes { SHA256.digest($0) } }
func sha256d(_ bytes: [UInt8]) -> [UInt8] { sha256(sha256(bytes)) }

/// Keccak-256 of one message, through the engine.
func keccak256(_ bytes: [UInt8]) throws -> [UInt8] {
  let results = try engine.execute(try Batch(.keccak256Message, [Column(messages: [bytes])]))
  return try withExtendedLifetime(results) { Array(try #require(results.bytes("digest"))) }
}

/// A small generator of repeatable random bytes (SplitMix64).
struct Noise: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) } }
}
