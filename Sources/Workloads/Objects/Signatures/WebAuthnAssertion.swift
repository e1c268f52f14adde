import AssayCore
import AssaySignatures

/// A WebAuthn assertion of a P-256 credential (Web Authentication Level 3, 7.2, steps 10 to 21).
///
/// Signed is authenticatorData | SHA-256(clientDataJSON). Accepted when the client data are of type `webauthn.get` with this
/// challenge and, when asked for, origin; the relying party's hash, when asked for, is SHA-256 of ``relyingParty``; the user was
/// present and, when asked for, verified; and the signature, with s of either half, is the key's. The result carries
/// `signatureCounter`.
///
/// Acceptance does not say that the challenge was fresh, that the counter grew, that the key was registered, or what attestation and
/// extensions claim.
public struct WebAuthnAssertion: ChainObject {
  /// The credential's key, 33 or 65 bytes.
  public var publicKey: [UInt8]
  /// The authenticator's data: 37 bytes and more.
  public var authenticatorData: [UInt8]
  /// The client's data, byte for byte.
  public var clientDataJSON: [UInt8]
  /// The challenge that was sent.
  public var challenge: [UInt8]
  /// The signature, in DER or as r and s in 64 bytes.
  public var signature: [UInt8]
  /// The origin that the client must have seen; nil leaves the check out.
  public var origin: String?
  /// The relying party's identifier; nil leaves the check out.
  public var relyingParty: String?
  /// Whether the user must have been verified.
  public var requiresVerification: Bool

  /// Describes a row.
  public init(
    publicKey: [UInt8], authenticatorData: [UInt8], clientDataJSON: [UInt8], challenge: [UInt8], signature: [UInt8],
    origin: String? = nil, relyingParty: String? = nil, requiresVerification: Bool = false
  ) {
    self.publicKey = publicKey
    self.authenticatorData = authenticatorData
    self.clientDataJSON = clientDataJSON
    self.challenge = challenge
    self.signature = signature
    self.origin = origin
    self.relyingParty = relyingParty
    self.requiresVerification = requiresVerification
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    guard authenticatorData.count >= 37 else { throw .malformed("authenticatorData is shorter than 37 bytes") }
    guard let client = ClientData(clientDataJSON) else { throw .malformed("clientDataJSON is not a JSON object") }
    guard client.strings["type"] == "webauthn.get" else {
      throw ObjectFault(.valueMismatch, "clientDataJSON.type is not webauthn.get")
    }
    guard client.strings["challenge"] == Base64.urlText(challenge) else {
      throw ObjectFault(.valueMismatch, "clientDataJSON.challenge is another one")
    }
    if let origin, client.strings["origin"] != origin {
      throw ObjectFault(.valueMismatch, "clientDataJSON.origin is another one")
    }
    let flags = authenticatorData[32]
    guard flags & 0x01 != 0 else {
      throw ObjectFault(.valueMismatch, "authenticatorData says that no user was present")
    }
    guard flags & 0x04 != 0 || !requiresVerification else {
      throw ObjectFault(.valueMismatch, "authenticatorData says that the user was not verified")
    }
    work.digests(.sha256, of: [clientDataJSON, Array((relyingParty ?? "").utf8)]) { digests in
      if relyingParty != nil, !authenticatorData[..<32].elementsEqual(digests[1]) {
        return finish(.rejected(.valueMismatch, "authenticatorData is for another relying party"))
      }
      let check = ECDSACheck(
        .p256, semantics: .anyS, subject: .message(authenticatorData + digests[0]), publicKey: publicKey,
        signature: signature.count == 64 ? .compact(signature) : .der(signature))
      work.verify([.ecdsa(check)]) { outcomes in
        guard outcomes[0].verdict.isAccepted else {
          return finish(.rejected(outcomes[0].verdict, "the signature was not made by this credential's key"))
        }
        finish(.accepted([("signatureCounter", .number(authenticatorData[33..<37].bigEndian))]))
      }
    }
  }
}
