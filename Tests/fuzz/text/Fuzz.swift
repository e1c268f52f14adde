@testable import AssayCore
@testable import AssayIO
@testable import AssaySignatures

/// Computes nothing: parsers are of interest, not verdicts.
struct ZeroExecutor: Executor {
  func execute(_ batch: Batch, wanted: Set<String>?) throws(AssayError) -> Results {
    Results(batch.operation, rows: batch.rows, wanted: wanted)
  }
}

private func visit(_ value: JSONValue) {
  _ = (value.string, value.double, value.unsigned, value.bool, value.hexadecimal)
  for element in value.elements ?? [] { visit(element) }
  for field in value.fields ?? [] { visit(field.value) }
}

private let schema = CSVSchema([
  .init("id", .text), .init("type", .keyword([["call", "c"], ["put", "p"]], default: nil)),
  .init("spot", .number(default: nil)), .init("rate", .number(default: 0)),
])

/// Every parser of text, tables and signature encodings; the first byte of the input chooses.
private let targets: [@Sendable ([UInt8]) throws -> Void] = [
  { bytes in
    let end = bytes.firstIndex(of: 0x0A) ?? bytes.count
    let table = CSVTable(try CSVHeader(Array(bytes[..<end]), schema: schema, file: ""))
    table.read(TextChunk(bytes[end...], rule: .csv))
    var text = TextBuffer()
    for row in 0..<table.rows { table.appendUnknown(row: row, to: &text) }
  },
  { bytes in
    let parser = try JSONParser()
    let chunk = TextChunk(bytes, rule: .lines)
    chunk.forEachRecord { if case .success(let root) = parser.parse(chunk.bytes($0)) { visit(root) } }
  },
  { bytes in _ = bytes.withUnsafeBytes { Hexadecimal.decode($0) } },
  { bytes in
    let check = SignatureCheck.ecdsa(
      ECDSACheck(
        .secp256k1, semantics: .anyS, subject: .digest([UInt8](repeating: 0, count: 32)),
        publicKey: [UInt8](repeating: 2, count: 33), signature: .der(bytes)))
    _ = try SignatureVerifier.verify([check], on: ZeroExecutor())
  },
  { bytes in
    for layout in PackedSignatures.Layout.allCases {
      let packed = PackedSignatures(layout, identifiers: bytes.count % 2 == 0)
      _ = try bytes.withUnsafeBytes { try packed.verify($0, on: ZeroExecutor()) }
    }
  },
]

/// What libFuzzer calls.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  guard let first = bytes.first else { return 0 }
  try? targets[Int(first) % targets.count](Array(bytes.dropFirst()))
  return 0
}
