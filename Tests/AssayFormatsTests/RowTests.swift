import Assay
import AssayFormats
import Foundation
import Testing

/// Rows from text to text, without a process.
@Suite struct RowTests {
  /// RFC 8032, 7.1, test 2.
  private let key = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
  private let signature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"

  private func ed25519(_ more: String = "", key: String? = nil, keyName: String = "publicKey") -> String {
    #"{"type":"ed25519","\#(keyName)":"\#(key ?? self.key)","message":"72","signature":"\#(signature)"\#(more)}"#
  }

  private func verify(_ text: String, _ options: RowOptions = RowOptions()) throws -> [String] {
    let lines = try RowVerifier(on: Engine(), options).verify(lines: Array(text.utf8))
    return String(decoding: lines, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func identifiersComeBackAsTheyAreWritten() throws {
    let identifiers = [
      "12345678901234567890123", "1.10", "-0", "1e400", "18446744073709551615", #""\u00e9\/""#, #""a\"b\\""#,
    ]
    let rows = identifiers.map { ed25519(#","note":{"id":5},"id":\#($0)"#) }
    let expected = identifiers.enumerated().map { #"{"row":\#($0 + 1),"id":\#($1),"accepted":true}"# }
    #expect(try verify(rows.joined(separator: "\n")) == expected)
  }

  @Test func numbersOfAnySizeAreHarmlessWhereTheyAreNotUsed() throws {
    #expect(try verify(ed25519(#","x":1e999,"y":[123456789012345678901234567890]"#)) == [#"{"row":1,"accepted":true}"#])
    // A number is not a byte string, however many digits it has.
    let line = try verify(ed25519().replacing("\"72\"", with: "12345678901234567890123456"))
    #expect(line.first?.contains("malformed-row") == true)
  }

  @Test(arguments: ["PublicKey", "public_key", "PUBLIC-KEY", "public key"])
  func nameInAnotherSpellingIsTheField(name: String) throws {
    #expect(try verify(ed25519(keyName: name)) == [#"{"row":1,"accepted":true}"#])
  }

  @Test(arguments: [
    (#","semantic":"zip215""#, "did you mean semantics?"), (#","sematnics":"zip215""#, "did you mean semantics?"),
    (#","publicKey":"00""#, "publicKey is there twice"), (#","public_key":"00""#, "publicKey is there twice"),
  ])
  func namesThatAreNotTakenSilently(more: String, detail: String) throws {
    let line = try #require(verify(ed25519(more)).first)
    #expect(line.contains(#""reason":"malformed-row""#) && line.contains(detail), "\(line)")
  }

  @Test func commonNamesBesideOursAreNoMisspelling() throws {
    #expect(
      try verify(ed25519(#","bid":1,"date":"","mid":2,"messages":3"#))
        == [#"{"row":1,"accepted":true}"#])
    var strict = RowOptions()
    strict.refusesUnknownFields = true
    #expect(try verify(ed25519(#","bid":1"#), strict).first?.contains("'bid' is not a field") == true)
  }

  @Test func inputFromOtherSystems() throws {
    let accepted = (1...2).map { #"{"row":\#($0),"accepted":true}"# }
    let row = ed25519()
    #expect(try verify("\u{FEFF}\(row)\r\n \t\r\n\n \(row) ") == accepted)
    #expect(try verify("[\(row),\(row)]\n") == accepted)
    #expect(try verify("\u{FEFF}\n[\n  \(row.replacing(",", with: ",\n  "))\n,\(row)\n]\n") == accepted)
    #expect(try verify("[]\n").isEmpty)
    #expect(try verify("[\(row)").count == 1)
    #expect(try verify("[\(row)] x").last?.contains("malformed-row") == true)
    #expect(try verify("[\(row),]").last == accepted[0])
    #expect(try verify("[\(row),7,\"a]\"]").count == 3)
  }

  @Test func otherEncodingsOfBytes() throws {
    let base64 = "base64:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="
    #expect(try verify(ed25519(key: base64)) == [#"{"row":1,"accepted":true}"#])
    let base58 = "base58:58Y7o9uxPMoU3uxLbSW1UrnymSFYp1hMqsTvJJXhWdFX"
    let line = try verify(ed25519(key: base58)).first
    #expect(line?.contains("malformed-row") == false)
    for bad in ["base64:P", "base64:PUAX=", "base58:0OIl", "base32:00"] {
      #expect(try verify(ed25519(key: bad)).first?.contains("malformed-row") == true, "\(bad)")
    }
  }

  @Test(arguments: [
    (
      #"{"type":"ecdsa-p256","publicKey":"","digest":"","message":"","signature":""}"#,
      "only one of digest, message and typedData"
    ),
    (#"{"type":"ecdsa-p256","publicKey":"","signature":""}"#, "one of digest, message and typedData must be given"),
    (#"{"type":"ed2551"}"#, "did you mean ed25519?"),
    (#"{"type":"groth16-bn254","verificationKey":"vk.json","proof":{},"publicInputs":[]}"#, "--files"),
  ])
  func detailsSayWhatIsWrong(row: String, words: String) throws {
    #expect(try verify(row).first?.contains(words) == true)
  }

  @Test(arguments: ["../vk.json", "/etc/passwd", "a/../../b", "", "link.json", "folder", "missing.json", "-"])
  func filesLieBelowTheFolder(path: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID().uuidString)")
    let inner = folder.appending(path: "inner")
    try FileManager.default.createDirectory(at: inner.appending(path: "folder"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("{}".utf8).write(to: folder.appending(path: "vk.json"))
    try FileManager.default.createSymbolicLink(
      at: inner.appending(path: "link.json"), withDestinationURL: folder.appending(path: "vk.json"))
    var options = RowOptions()
    options.filesFolder = inner.path
    let row = #"{"type":"groth16-bn254","verificationKey":"\#(path)","proof":{},"publicInputs":[]}"#
    let line = try #require(verify(row, options).first)
    #expect(line.contains("malformed-row") && !line.contains("is not one of snarkjs"), "\(line)")
  }

  @Test func tableInTheDocumentationIsOfThisBuild() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../docs/row-types.md")
    #expect(try String(contentsOf: page.standardized, encoding: .utf8) == RowTypeReport.markdown)
  }

  @Test func typesHaveNamesOfTheirOwn() {
    #expect(Set(RowType.all.map(\.name)).count == RowType.all.count)
    for type in RowType.all {
      // A vote's bytes are compared and not computed with: the one type that needs no operation.
      #expect(!type.rule.isEmpty && type.operations.isEmpty == (type.name == "cometbft-vote"), "\(type.name)")
      #expect(Set(type.fields.map(\.name)).isDisjoint(with: ["type", "id"]))
    }
  }
}
