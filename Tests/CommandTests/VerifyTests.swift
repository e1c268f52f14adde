import Foundation
import Testing

/// `assay verify` from text to text.
@Suite struct VerifyTests {
  /// RFC 8032, 7.1, test 2.
  private let ed25519 =
    #"{"type":"ed25519","publicKey":"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c","message":"0x72","#
    + #""signature":"92A009A9F0D4CAB8720E820B5F642540A2B27B5416503F8FB3762223EBDB69DA085AC1E43E15996E458F3613D0F11D8C387B2EAEB4302AEEB00D291612BB0C00"}"#

  private func verify(_ text: String, _ arguments: [String] = []) throws -> Run {
    try Run(["verify", "-", "--quiet"] + arguments, input: Data(text.utf8), in: Folder())
  }

  @Test func identifiersAreEchoed() throws {
    let rows = [#""tx-\"7é""#, "42", "-1.5", "null", "[1]"].map { ed25519.dropLast() + ",\"id\":\($0)}" }
    let run = try verify(rows.joined(separator: "\n"))
    #expect(run.status == 0)
    #expect(
      run.lines == [
        #"{"row":1,"id":"tx-\"7é","accepted":true}"#, #"{"row":2,"id":42,"accepted":true}"#,
        #"{"row":3,"id":-1.5,"accepted":true}"#, #"{"row":4,"accepted":true}"#, #"{"row":5,"accepted":true}"#,
      ])
  }

  @Test(arguments: [
    ("", 0, []), ("{", 1, ["malformed-row"]), ("[]", 0, []), ("{}", 1, ["malformed-row"]),
    (#"{"type":"nonsense"}"#, 1, ["unsupported-type"]), (#"{"type":7}"#, 1, ["malformed-row"]),
    (#"{"type":"ed25519"}"#, 1, ["malformed-row"]),
    (#"{"type":"ed25519","publicKey":"00","message":"","signature":""}"#, 1, ["signature-encoding-invalid"]),
    (#"{"type":"ed25519","publicKey":"0","message":"","signature":""}"#, 1, ["malformed-row"]),
    (#"{"type":"ed25519","semantics":"x","publicKey":"","message":"","signature":""}"#, 1, ["unsupported-type"]),
    (#"{"type":"merkle-bitcoin","txid":"00","index":-1,"path":[],"root":"00"}"#, 1, ["malformed-row"]),
    (#"{"type":"merkle-ssz","leaf":"00","generalizedIndex":1,"path":[7],"root":"00"}"#, 1, ["malformed-row"]),
    ("nonsense\n\n\u{0}\n\u{1F}x\n", 1, ["malformed-row", "malformed-row"]),
  ])
  func reasons(text: String, status: Int32, reasons: [String]) throws {
    let run = try verify(text)
    #expect(run.status == status)
    #expect(run.lines.count == reasons.count)
    for (index, (line, reason)) in zip(run.lines, reasons).enumerated() {
      #expect(line.hasPrefix(#"{"row":\#(index + 1),"accepted":false,"reason":"\#(reason)","detail":""#))
      #expect(!line.contains(#""detail":"""#))
    }
  }

  @Test func runGoesOnAndSaysWhere() throws {
    let folder = try Folder(["a.jsonl": "\(ed25519)\nnonsense\n\(ed25519)\n", "b.jsonl": "\(ed25519)"])
    let run = try Run(["verify", "a.jsonl", "b.jsonl"], in: folder)
    #expect(run.status == 1)
    #expect(run.lines.map { $0.contains("true") } == [true, false, true, true])
    #expect(run.lines.last == #"{"row":4,"accepted":true}"#)
    #expect(run.errors.contains("line 2"))
  }

  @Test func changedByteIsRejected() throws {
    let run = try verify(ed25519.replacing("0x72", with: "0x73"))
    #expect(
      run.lines == [
        #"{"row":1,"accepted":false,"reason":"signature-mismatch","#
          + #""detail":"the signature is well formed but does not match the key and message"}"#
      ])
  }

  @Test func packedRows() throws {
    func bytes(_ hex: String) -> [UInt8] {
      stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(hex.dropFirst($0).prefix(2), radix: 16) }
    }
    // BIP-340, test vector 1.
    let row =
      bytes("dff1d77f2a671c5f36183726db2341be58feae1da2deced843240f7b502ba659")
      + bytes("243f6a8885a308d313198a2e03707344a4093822299f31d0082efa98ec4e6c89")
      + bytes(
        "6896bd60eeae296db48a229ff71dfe071bde413e6d43f917dc8dcf8c78de33418906d11ac976abccb20b091292bff4ea897efcb639ea871cfa95f6de339e4b0a"
      )
    #expect(row.count == 128)
    var bad = row
    bad[100] ^= 1
    let identifier: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    let plain = try Run(
      ["verify", "-", "--packed", "schnorr-secp256k1", "--quiet"], input: Data(row + bad + row.dropLast()), in: Folder()
    )
    #expect(
      plain.lines == [
        #"{"row":1,"accepted":true}"#,
        #"{"row":2,"accepted":false,"reason":"signature-mismatch","#
          + #""detail":"the signature is well formed but does not match the key and message"}"#,
        #"{"row":3,"accepted":false,"reason":"malformed-row","detail":"the file ends inside the row"}"#,
      ])
    let named = try Run(
      ["verify", "-", "--packed", "schnorr-secp256k1", "--packed-ids", "--quiet"], input: Data(row + identifier),
      in: Folder())
    #expect(named.lines == [#"{"row":1,"id":"0x0102030405060708","accepted":true}"#])
  }

  @Test func acceleratedKeysNeverChangeVerdicts() throws {
    let folder = try Folder([
      "a.jsonl": ed25519, "keys": "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c\n",
      "bad": "00\nzz\n",
    ])
    let plain = try Run(["verify", "a.jsonl", "--quiet"], in: folder)
    #expect(try Run(["verify", "a.jsonl", "--quiet", "--accelerate-keys", "keys"], in: folder).output == plain.output)
    let bad = try Run(["verify", "a.jsonl", "--quiet", "--accelerate-keys", "bad"], in: folder)
    #expect(bad.status == 3 && bad.errors.contains("bad:1:1:"))
  }

  @Test func gigabyteLineStaysInBounds() throws {
    // A sparse file reads as zeros without taking any disk.
    let folder = try Folder(["big.jsonl": ed25519 + "\n"])
    let handle = try FileHandle(forWritingTo: folder.url.appending(path: "big.jsonl"))
    try handle.truncate(atOffset: 1 << 30)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(("\n" + ed25519 + "\n").utf8))
    try handle.close()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let binary = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    process.arguments = [
      "-c", "ulimit -v 4000000; '\(binary.path)/assay' verify big.jsonl --quiet --output out --threads 2",
    ]
    process.currentDirectoryURL = folder.url
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(
      try folder.read("out")
        == "{\"row\":1,\"accepted\":true}\n{\"row\":2,\"accepted\":false,\"reason\":\"malformed-row\","
        + "\"detail\":\"the row is longer than 64 MiB\"}\n{\"row\":3,\"accepted\":true}\n"
    )
  }

  @Test func receiptTellsWhoComputedWhat() throws {
    let folder = try Folder(["a.jsonl": ed25519 + "\n"])
    #expect(
      try Run(["verify", "a.jsonl", "--receipt", "r.json", "--output", "out", "--quiet"], in: folder).status == 0)
    let receipt = try folder.json("r.json")
    let ranges = try #require(receipt["ranges"] as? [[String: Any]])
    #expect(ranges.first?["operation"] as? String == "ed25519_rfc8032")
    #expect(ranges.first?["rows"] as? Int == 1)
    #expect((receipt["summary"] as? [String: Any])?["accepted"] as? Int == 1)
    #expect(receipt["assayVersion"] is String && receipt["nanoseconds"] is [String: Any])
  }
}
