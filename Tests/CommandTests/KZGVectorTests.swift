import Foundation
import Testing

/// c-kzg-4844's suites through the command line, as rows of `kzg-proof`, `kzg-blob` and `kzg-cell`: every case's verdict.
@Suite(.enabled(if: Vectors.has("zk/c-kzg-4844"), "public vectors are not here: set ASSAY_VECTORS"))
struct KZGVectorTests {
  /// One case: the input's fields and what the suite says, nil for an input that is malformed.
  private struct Case {
    let name: String
    let fields: [String: [String]]
    let output: Bool?

    func text(_ field: String) -> String { fields[field]?.first ?? "" }
    func list(_ field: String) -> [String] { fields[field] ?? [] }
  }

  /// The subset of YAML that the suites use: fields of one string, of one string a line, or of numbers in brackets.
  private static func parse(_ text: String, name: String) -> Case {
    var fields: [String: [String]] = [:]
    var field = ""
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", omittingEmptySubsequences: true)
        .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "'\"[],")) }
      guard let first = words.first else { continue }
      if first == "-" {
        fields[field, default: []].append(words.dropFirst().first ?? "")
      } else if first.hasSuffix(":") {
        field = String(first.dropLast())
        fields[field] = words.dropFirst().filter { !$0.isEmpty }
      }
    }
    return Case(name: name, fields: fields, output: fields["output"]?.first.flatMap(Bool.init))
  }

  private static func cases(_ suite: String) throws -> [Case] {
    let folder = Vectors.folder.appending(path: "zk/c-kzg-4844/\(suite)")
    let paths = try #require(FileManager.default.subpaths(atPath: folder.path)).sorted()
    return try paths.filter { $0.contains("/data.yaml") }.map { path in
      let file = folder.appending(path: path)
      let data = try path.hasSuffix(".gz") ? unzipped(file) : Data(contentsOf: file)
      return parse(String(decoding: data, as: UTF8.self), name: path)
    }
  }

  private static func unzipped(_ file: URL) throws -> Data {
    let gzip = Process()
    let pipe = Pipe()
    gzip.executableURL = URL(fileURLWithPath: "/bin/gzip")
    gzip.arguments = ["-dc", file.path]
    gzip.standardOutput = pipe
    try gzip.run()
    let data = try #require(try pipe.fileHandleForReading.readToEnd())
    gzip.waitUntilExit()
    return data
  }

  /// The output line of each row, and the exit code's agreement with them.
  private func verify(_ rows: [[String: Any]]) throws -> [String] {
    var text = Data()
    for row in rows { text += try JSONSerialization.data(withJSONObject: row) + Data([0x0A]) }
    let run = try Run(["verify", "-", "--quiet"], input: text, in: Folder())
    #expect(run.lines.count == rows.count)
    #expect(run.status == (run.lines.allSatisfy { $0.contains("\"accepted\":true") } ? 0 : 1))
    return run.lines
  }

  /// A case of one row: accepted, false, or malformed with a reason other than a pairing's.
  private func expect(_ line: String, _ test: Case) {
    #expect(line.contains("\"accepted\":\(test.output == true)"), "\(test.name): \(line)")
    #expect(line.contains("pairing-mismatch") == (test.output == false), "\(test.name): \(line)")
  }

  @Test func proofs() throws {
    let cases = try Self.cases("verify_kzg_proof")
    #expect(cases.count >= 100)
    let lines = try verify(
      cases.map { test in
        [
          "type": "kzg-proof", "commitment": test.text("commitment"), "z": test.text("z"), "y": test.text("y"),
          "proof": test.text("proof"),
        ]
      })
    for (line, test) in zip(lines, cases) { expect(line, test) }
  }

  @Test func blobs() throws {
    let cases = try Self.cases("verify_blob_kzg_proof")
    #expect(cases.count >= 10)
    let lines = try verify(
      cases.map { test in
        [
          "type": "kzg-blob", "blob": test.text("blob"), "commitment": test.text("commitment"),
          "proof": test.text("proof"),
        ]
      })
    for (line, test) in zip(lines, cases) { expect(line, test) }
  }

  /// A suite's batch is true when every row is; lists of different lengths are no rows.
  private func batches(_ suite: String, lists: [String], row: (Case, Int) -> [String: Any]) throws {
    let cases = try Self.cases(suite)
    #expect(cases.count >= 10)
    var checked = 0
    for test in cases {
      let counts = Set(lists.map { test.list($0).count })
      guard let count = counts.first, counts.count == 1, count > 0 else { continue }
      let lines = try verify((0..<count).map { row(test, $0) })
      let isTrue = lines.allSatisfy { $0.contains("\"accepted\":true") }
      #expect(isTrue == (test.output == true), "\(test.name): \(lines)")
      checked += 1
    }
    #expect(checked >= 7)
  }

  @Test func blobBatches() throws {
    try batches("verify_blob_kzg_proof_batch", lists: ["blobs", "commitments", "proofs"]) { test, index in
      [
        "type": "kzg-blob", "blob": test.list("blobs")[index], "commitment": test.list("commitments")[index],
        "proof": test.list("proofs")[index],
      ]
    }
  }

  @Test func cellBatches() throws {
    try batches("verify_cell_kzg_proof_batch", lists: ["commitments", "cell_indices", "cells", "proofs"]) {
      test, index in
      [
        "type": "kzg-cell", "commitment": test.list("commitments")[index],
        "cellIndex": test.list("cell_indices")[index],
        "cell": test.list("cells")[index], "proof": test.list("proofs")[index],
      ]
    }
  }
}
