import AssayCore
import AssaySignatures

/// A message that Wormhole's guardians signed (a VAA, version 1).
///
/// Accepted when the message is of the set asked for, signatures have strictly ascending indices, more than two thirds of the guardians
/// signed, and each signature over Keccak-256 of Keccak-256 of the body is its guardian's. The result carries the body's
/// fields. Acceptance does not say that the set is still the current one, that the emitter is known, or that the message was not
/// used before.
public struct WormholeVAA: ChainObject {
  /// The message's bytes.
  public var vaa: [UInt8]
  /// The guardians' 20-byte addresses by index.
  public var guardians: [[UInt8]]
  /// The set that the message must name; nil leaves the check out.
  public var guardianSetIndex: UInt64?

  /// Describes a row.
  public init(vaa: [UInt8], guardians: [[UInt8]], guardianSetIndex: UInt64? = nil) {
    self.vaa = vaa
    self.guardians = guardians
    self.guardianSetIndex = guardianSetIndex
  }

  /// A body's length without its payload.
  private static let headBytes = 51

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    guard !guardians.isEmpty, guardians.count <= 255, guardians.allSatisfy({ $0.count == 20 }) else {
      throw .malformed("guardians are not 1 to 255 addresses of 20 bytes")
    }
    var cursor = ByteCursor(vaa, "the VAA")
    guard try cursor.byte() == 1 else { throw ObjectFault(.unsupportedType, "the VAA is not of version 1") }
    let set = try cursor.integer(4)
    if let guardianSetIndex, set != guardianSetIndex {
      throw ObjectFault(.valueMismatch, "the VAA is of guardian set \(set)")
    }
    let count = Int(try cursor.byte())
    guard count >= guardians.count * 2 / 3 + 1 else {
      throw ObjectFault(.proofShapeInvalid, "\(count) of \(guardians.count) guardians signed, not more than two thirds")
    }
    var signatures: [(guardian: Int, bytes: [UInt8])] = []
    for _ in 0..<count {
      let index = Int(try cursor.byte())
      guard index < guardians.count else {
        throw ObjectFault(.proofShapeInvalid, "there is no guardian \(index)")
      }
      guard index > signatures.last?.guardian ?? -1 else {
        throw ObjectFault(.proofShapeInvalid, "the guardians' indices do not ascend")
      }
      let bytes = try cursor.read(65)
      guard bytes[64] < 2 else { throw ObjectFault(.signatureEncodingInvalid, "guardian \(index)'s v is not 0 or 1") }
      signatures.append((index, bytes))
    }
    let body = Array(vaa[cursor.position...])
    guard body.count >= Self.headBytes else {
      throw .malformed("the VAA's body is shorter than \(Self.headBytes) bytes")
    }
    let signed = signatures
    work.digest(.keccak256, of: body) { inner in
      work.digest(.keccak256, of: inner) { digest in
        let checks = signed.map {
          SignatureCheck.recovery(RecoveryCheck(digest: digest, signature: $0.bytes, address: guardians[$0.guardian]))
        }
        work.verify(checks) { outcomes in
          if let (signature, outcome) = zip(signed, outcomes).first(where: { !$1.verdict.isAccepted }) {
            return finish(.rejected(outcome.verdict, "the signature at \(signature.guardian) is not that guardian's"))
          }
          finish(
            .accepted([
              ("hash", .bytes(digest)), ("guardianSetIndex", .number(set)),
              ("timestamp", .number(body[..<4].bigEndian)),
              ("nonce", .number(body[4..<8].bigEndian)), ("emitterChain", .number(body[8..<10].bigEndian)),
              ("emitter", .bytes(Array(body[10..<42]))), ("sequence", .number(body[42..<50].bigEndian)),
              ("consistency", .number(UInt64(body[50]))), ("payload", .bytes(Array(body[51...]))),
            ]))
        }
      }
    }
  }
}
