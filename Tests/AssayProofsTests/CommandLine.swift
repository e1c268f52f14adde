import Assay
import Foundation
import Testing

/// `assay verify`, for suites whose verdicts must be the same through the library and the command line.
enum CommandLineVerifier {
  /// The binary, which is built beside the tests.
  private static let binary = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "assay")

  /// One line of output a row.
  static func verify(_ rows: [[String: Any]]) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "assay-proofs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var text = Data()
    for row in rows {
      text += try JSONSerialization.data(withJSONObject: row)
      text.append(0x0A)
    }
    // Files, not pipes: no buffer that fills up.
    let (input, output) = (folder.appending(path: "rows"), folder.appending(path: "verdicts"))
    try text.write(to: input)
    try Data().write(to: output)
    let process = Process()
    process.executableURL = binary
    process.arguments = ["verify", "-", "--quiet"]
    process.standardInput = try FileHandle(forReadingFrom: input)
    process.standardOutput = try FileHandle(forWritingTo: output)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    return try String(contentsOf: output, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  /// A proof as a row of docs/formats.md; nil for formats that no suite here has.
  static func row(_ proof: MerkleProof) -> [String: Any]? {
    func siblings(_ path: MerklePath) -> [String] {
      (0..<path.count).map { path.bytes[32 * $0..<32 * $0 + 32].hexadecimal }
    }
    switch proof {
    case .ssz(let proof):
      return [
        "type": "merkle-ssz", "leaf": proof.leaf.hexadecimal, "generalizedIndex": proof.generalizedIndex,
        "path": siblings(proof.path), "root": proof.root.hexadecimal,
      ]
    case .sszMultiproof(let proof):
      return [
        "type": "merkle-ssz", "leaves": proof.leaves.map(\.hexadecimal), "generalizedIndices": proof.generalizedIndices,
        "path": siblings(proof.path), "root": proof.root.hexadecimal,
      ]
    case .patricia(let proof):
      return [
        "type": "merkle-patricia", "root": proof.root.hexadecimal, "key": proof.key.hexadecimal,
        "value": proof.value?.hexadecimal ?? NSNull(), "proof": proof.nodes.map(\.hexadecimal),
        "secure": proof.isSecure,
      ]
    case .bitcoinBranch(let proof):
      var row: [String: Any] = [
        "type": "merkle-bitcoin", "txid": proof.transaction.hexadecimal, "index": proof.index,
        "path": siblings(proof.path), "root": proof.root.hexadecimal,
      ]
      row["treeSize"] = proof.treeSize
      return row
    default: return nil
    }
  }
}

/// Checks each proof through the library and through the command line.
func check(_ cases: [(proof: MerkleProof, isValid: Bool)], _ name: String) throws {
  let proofs = cases.map(\.proof)
  let rows = try proofs.map { try #require(CommandLineVerifier.row($0)) }
  let lines = try CommandLineVerifier.verify(rows)
  #expect(lines.count == cases.count, "\(name)")
  for ((item, verdict), line) in zip(zip(cases, try verdicts(proofs)), lines) {
    #expect(verdict.isAccepted == item.isValid, "\(name): \(item.proof)")
    #expect(line.contains("\"accepted\":\(item.isValid)"), "\(name): \(line)")
    if let reason = verdict.reason { #expect(line.contains("\"\(reason)\""), "\(name): \(reason) is \(line)") }
  }
}
