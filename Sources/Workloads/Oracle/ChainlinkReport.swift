extension OracleReport {
  /// A full report of Chainlink Data Streams: ABI-encoded (bytes32[3] context, bytes blob, bytes32[] r, bytes32[] s, bytes32 vs),
  /// signed over keccak(keccak(blob) | context) (data-streams-sdk, "Report").
  ///
  /// - Throws: ``OracleRefusal`` naming what is wrong.
  public static func chainlink(_ report: [UInt8]) throws(OracleRefusal) -> OracleReport {
    func word(_ offset: Int) throws(OracleRefusal) -> [UInt8] {
      guard offset >= 0, offset <= report.count - 32 else { throw .malformed("the report ends early") }
      return Array(report[offset..<offset + 32])
    }
    /// A length or an offset.
    func size(_ offset: Int) throws(OracleRefusal) -> Int {
      let bytes = try word(offset)
      guard bytes.dropLast(4).allSatisfy({ $0 == 0 }) else { throw .malformed("a length or offset is too large") }
      return bytes.suffix(4).reduce(0) { $0 << 8 | Int($1) }
    }
    func words(_ offset: Int) throws(OracleRefusal) -> [[UInt8]] {
      let count = try size(offset)
      guard count <= 32 else { throw .malformed("there are \(count) signatures, more than 32") }
      var words: [[UInt8]] = []
      for index in 0..<count { words.append(try word(offset + 32 + 32 * index)) }
      return words
    }
    let context = try word(0) + word(32) + word(64)
    let start = try size(96), length = try size(start)
    guard length <= report.count - start - 32 else { throw .malformed("the report's blob ends early") }
    let blob = Array(report[start + 32..<start + 32 + length])
    let r = try words(try size(128)), s = try words(try size(160)), parities = try word(192)
    guard r.count == s.count, !r.isEmpty else {
      throw OracleRefusal(.proofShapeInvalid, "the report has \(r.count) r and \(s.count) s")
    }
    // What one parity a signature leaves of vs is zero.
    guard parities.prefix(r.count).allSatisfy({ $0 < 2 }) else {
      throw OracleRefusal(.signatureEncodingInvalid, "a parity is not 0 or 1")
    }
    let signatures = r.indices.map { r[$0] + s[$0] + [parities[$0]] }
    return OracleReport(
      .chainlinkDataStreams, setIdentifier: Array(context.prefix(32)), observations: [try observation(blob)],
      messages: [SignedMessage(body: blob, envelope: ([], context), signatures: signatures)])
  }

  /// The blob of a schema that the feed's first two bytes number.
  private static func observation(_ blob: [UInt8]) throws(OracleRefusal) -> OracleObservation {
    guard blob.count >= 192, blob.count % 32 == 0 else { throw .malformed("the blob is not six words or more") }
    let words = stride(from: 0, to: blob.count, by: 32).map { Array(blob[$0..<$0 + 32]) }
    func seconds(_ word: [UInt8]) -> UInt64 { word.suffix(4).reduce(0) { $0 << 8 | UInt64($1) } }
    let schema = Int(words[0][0]) << 8 | Int(words[0][1])
    // Where each schema has its price: mid price, benchmark, exchange rate or net asset value, 18 decimals.
    let place: Int? =
      switch schema {
      case 2, 3, 4, 7, 9: 6
      case 8, 10: 7
      default: nil
      }
    return OracleObservation(
      feed: words[0].hexadecimal, price: place.flatMap { $0 < words.count ? words[$0] : nil }, exponent: -18,
      confidence: nil, nanoseconds: nanoseconds(seconds: seconds(words[2])),
      expiresNanoseconds: nanoseconds(seconds: seconds(words[5])), message: 0)
  }
}
