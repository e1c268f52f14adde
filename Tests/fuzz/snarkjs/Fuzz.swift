import Assay
import AssayIO

/// Computes nothing: parsers are of interest, not verdicts.
private struct ZeroExecutor: Executor {
  func execute(_ batch: Batch, wanted: Set<String>?) throws(AssayError) -> Results {
    Results(batch.operation, rows: batch.rows, wanted: wanted)
  }
}

/// A document's bytes, followed by the padding that the parser reads.
private func parsed<R>(_ text: ArraySlice<UInt8>, _ body: (JSONValue) throws -> R) throws -> R? {
  let padded = Array(text) + [UInt8](repeating: 0, count: 256)
  let parser = try JSONParser()
  return try padded.withUnsafeBytes { bytes in
    guard case .success(let root) = parser.parse(.init(rebasing: bytes[..<text.count])) else { return nil }
    defer { withExtendedLifetime(parser) {} }
    return try body(root)
  }
}

/// What libFuzzer calls: three documents, separated by line ends: key, proof, public inputs.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  let documents = bytes.split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
  guard documents.count == 3 else { return 0 }
  // A key that parses is the right length, whatever its numbers are; and so are the proof and the inputs.
  let key = (try? parsed(documents[0]) { try Snarkjs.key($0) }) ?? nil
  if let key, key.bytes.count < 448 || key.bytes.count % 64 != 0 { fatalError("a key of \(key.bytes.count) bytes") }
  let other = key ?? Groth16Key(bytes: [])
  let check = try? parsed(documents[1]) { proof in
    try parsed(documents[2]) { try Snarkjs.check(key: other, proof: proof, publicInputs: $0) }
  }
  guard let check = check ?? nil else { return 0 }
  if check.proof.bytes.count != 256 || check.publicInputs.count % 32 != 0 { fatalError("a check of wrong lengths") }
  _ = try? Groth16Verifier.verify([check], on: ZeroExecutor())
  return 0
}
