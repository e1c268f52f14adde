extension OracleReport {
  /// A Pyth accumulator update: `PNAU`, a Wormhole VAA whose payload is a Merkle root, and price messages with their proofs
  /// (pyth-crosschain, `PythAccumulator.sol`; Wormhole, "VAAs").
  ///
  /// - Throws: ``OracleRefusal`` naming what is wrong.
  public static func pyth(_ update: [UInt8]) throws(OracleRefusal) -> OracleReport {
    var reader = ReportReader(update, "the update")
    guard try reader.take(4) == Array("PNAU".utf8) else { throw .malformed("the update does not begin with PNAU") }
    guard try reader.byte() == 1 else { throw .malformed("the update's major version is not 1") }
    // A minor version only adds to the trailing header, which is skipped.
    _ = try reader.byte()
    _ = try reader.take(Int(try reader.byte()))
    guard try reader.byte() == 0 else { throw .malformed("the update is not a Wormhole Merkle update") }
    let attestation = try reader.take(Int(try reader.unsigned(2)))
    let (message, set, root) = try wormhole(attestation)
    var observations: [OracleObservation] = []
    var branches: [Branch] = []
    for _ in 0..<(try reader.byte()) {
      let leaf = try reader.take(Int(try reader.unsigned(2)))
      var siblings: [[UInt8]] = []
      for _ in 0..<(try reader.byte()) { siblings.append(try reader.take(20)) }
      observations.append(try price(leaf))
      branches.append(Branch(leaf: leaf, siblings: siblings, root: root))
    }
    try reader.end()
    guard !observations.isEmpty else { throw .malformed("the update holds no price") }
    return OracleReport(
      .pyth, setIdentifier: set, observations: observations, messages: [message], branches: branches)
  }

  /// A VAA: its signatures over keccak(keccak(body)), the guardian set's index, and the root in its payload.
  private static func wormhole(
    _ attestation: [UInt8]
  ) throws(OracleRefusal) -> (message: SignedMessage, set: [UInt8], root: [UInt8]) {
    var reader = ReportReader(attestation, "the VAA")
    guard try reader.byte() == 1 else { throw .malformed("the VAA's version is not 1") }
    let set = try reader.take(4)
    var signatures: [[UInt8]] = [], places: [Int] = []
    for _ in 0..<(try reader.byte()) {
      let place = Int(try reader.byte())
      guard places.last ?? -1 < place else {
        throw OracleRefusal(.proofShapeInvalid, "the VAA's guardian indices do not ascend")
      }
      places.append(place)
      let signature = try reader.take(65)
      guard signature[64] < 2 else {
        throw OracleRefusal(.signatureEncodingInvalid, "a guardian's signature ends in \(signature[64]), not 0 or 1")
      }
      signatures.append(signature)
    }
    let body = try reader.take(reader.rest)
    var fields = ReportReader(body, "the VAA's body")
    _ = try fields.take(8)
    guard try fields.unsigned(2) == 26, try fields.take(32) == pythEmitter else {
      throw OracleRefusal(.valueMismatch, "the VAA was not emitted by Pyth's accumulator on Pythnet")
    }
    _ = try fields.take(9)
    guard try fields.take(4) == Array("AUWV".utf8), try fields.byte() == 0 else {
      throw .malformed("the VAA's payload is not a Merkle root")
    }
    _ = try fields.take(12)
    let root = try fields.take(20)
    try fields.end()
    return (SignedMessage(body: body, envelope: ([], []), signatures: signatures, places: places), set, root)
  }

  /// Pyth's accumulator as an emitter on chain 26.
  private static let pythEmitter: [UInt8] = [
    0xe1, 0x01, 0xfa, 0xed, 0xac, 0x58, 0x51, 0xe3, 0x2b, 0x9b, 0x23, 0xb5, 0xf9, 0x41, 0x1a, 0x8c,
    0x2b, 0xac, 0x4a, 0xae, 0x3e, 0xd4, 0xdd, 0x7b, 0x81, 0x1d, 0xd1, 0xa7, 0x2e, 0xa4, 0xaa, 0x71,
  ]

  /// A price message, type 0.
  private static func price(_ message: [UInt8]) throws(OracleRefusal) -> OracleObservation {
    var reader = ReportReader(message, "the price message")
    guard try reader.byte() == 0 else { throw OracleRefusal(.unsupportedType, "the message is not a price") }
    let feed = try reader.take(32)
    let price = try reader.take(8)
    let confidence = try reader.unsigned(8)
    let exponent = Int32(bitPattern: UInt32(try reader.unsigned(4)))
    let seconds = Int64(bitPattern: try reader.unsigned(8))
    guard seconds >= 0 else { throw .malformed("the publish time is negative") }
    return OracleObservation(
      feed: feed.hexadecimal, price: .word(signed: price), exponent: Int(exponent), confidence: confidence,
      nanoseconds: nanoseconds(seconds: UInt64(seconds)), expiresNanoseconds: nil, message: 0)
  }
}
