import AssayCore
import AssayIO
import Testing

/// JSON documents through the tape.
@Suite struct JSONTests {
  private func file(_ text: String) throws -> JSONFile { try JSONFile(Array(text.utf8), name: "x.json") }

  @Test func valuesOfEveryKind() throws {
    let file = try file(
      #"{"s":"a\u00e9\n","n":-3,"u":18446744073709551615,"d":1.5,"t":true,"f":false,"z":null,"l":[1,[2],{"k":"v"}],"o":{"x":{}}}"#
    )
    withExtendedLifetime(file) {
      let root = file.root
      #expect(root["s"]?.string == "aé\n")
      #expect(root["n"]?.unsigned == nil && root["n"]?.double == -3)
      #expect(root["u"]?.unsigned == .max && root["d"]?.double == 1.5 && root["d"]?.unsigned == nil)
      #expect(root["t"]?.bool == true && root["f"]?.bool == false && root["s"]?.bool == nil)
      #expect(root["z"]?.isNull == true && root["missing"] == nil)
      #expect(root["l"]?.elements?.count == 3)
      #expect(root["l"]?.elements?[1].elements?.first?.unsigned == 2)
      #expect(root["l"]?.elements?[2]["k"]?.string == "v")
      #expect(root["o"]?["x"]?.fields?.isEmpty == true)
      #expect(root.fields?.map(\.name) == ["s", "n", "u", "d", "t", "f", "z", "l", "o"])
    }
  }

  @Test(
    arguments: [
      ("", []), ("00ff", [0, 255]), ("0xAbCd", [0xab, 0xcd]), ("0X01", [1]), ("0x", []), ("abc", nil), ("0xg0", nil),
      ("zz", nil), (" 00", nil), ("0x0x", nil),
    ] as [(String, [UInt8]?)])
  func hexadecimal(text: String, bytes: [UInt8]?) throws {
    let file = try file("\"\(text)\"")
    withExtendedLifetime(file) { #expect(file.root.hexadecimal == bytes) }
  }

  @Test(arguments: [
    "", "{", "{} {}", "[1,]", "nul", "\"\\x\"", "{\"a\":1e9e9}", "12345678901234567890123456789x", "\u{0}",
  ])
  func notJSON(text: String) {
    #expect(throws: AssayError.self) { try JSONFile(Array(text.utf8), name: "x.json") }
  }

  /// Numbers of any size are JSON; what cannot be read as one of 64 bits is none of those.
  @Test(arguments: ["1e999", "123456789012345678901234567890", "-1e-999", "0.1234567890123456789012345678901234567890"])
  func numbersOfAnySizeAreJSON(text: String) throws {
    let file = try file("{\"a\":\(text),\"b\":1}")
    withExtendedLifetime(file) {
      #expect(file.root["b"]?.unsigned == 1 && file.root["a"]?.unsigned == nil)
    }
  }

  @Test func depthIsBounded() throws {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(throws: Never.self) { try file(nested(60)) }
    #expect(throws: AssayError.self) { try file(nested(100_000)) }
  }

  @Test func badUTF8IsNotJSON() {
    #expect(throws: AssayError.self) { try JSONFile([0x22, 0xff, 0x22], name: "x.json") }
  }

  @Test func longTextsAreRefusedBeforeMemoryIsTaken() throws {
    let parser = try JSONParser(longest: 1 << 16)
    let chunk = TextChunk(Array("\"\(String(repeating: "x", count: 1 << 17))\"".utf8), rule: .lines)
    #expect(throws: JSONFailure.self) { try parser.parse(chunk.bytes).get() }
  }

  /// The fuzz entry point of the JSON reader: any bytes whatsoever, and every value visited.
  @Test func hostileBytesNeverTrap() throws {
    var random = Random(seed: 5)
    let parser = try JSONParser()
    let good = Array(
      #"{"type":"ed25519","path":["0x00","ff"],"n":[1,-2,3.5e7,true,null],"o":{"a":{"b":"\u0041\\"}}}"#.utf8)
    for _ in 0..<20_000 {
      let chunk = TextChunk(random.mutated(good), rule: .lines)
      chunk.forEachRecord { record in
        if case .success(let root) = parser.parse(chunk.bytes(record)) { visit(root) }
      }
    }
  }

  private func visit(_ value: JSONValue) {
    _ = (value.string, value.double, value.unsigned, value.bool, value.hexadecimal)
    for element in value.elements ?? [] { visit(element) }
    for field in value.fields ?? [] { visit(field.value) }
  }
}
