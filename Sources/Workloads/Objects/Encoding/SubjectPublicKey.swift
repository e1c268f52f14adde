/// A public key with the name of its scheme: a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7; RFC 5480; RFC 8410) in DER.
public struct SubjectPublicKey: Sendable, Hashable {
  /// The schemes that are read.
  public enum Scheme: Sendable, Hashable, CaseIterable {
    /// ECDSA on P-256.
    case p256
    /// ECDSA on secp256k1.
    case secp256k1
    /// Ed25519.
    case ed25519

    /// The AlgorithmIdentifier.
    fileprivate var identifier: [UInt8] {
      let elliptic: [UInt8] = [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]
      return switch self {
      case .p256: [0x30, 0x13] + elliptic + [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]
      case .secp256k1: [0x30, 0x10] + elliptic + [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a]
      case .ed25519: [0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70]
      }
    }

    fileprivate var pointLengths: [Int] { self == .ed25519 ? [32] : [65, 33] }
  }

  /// The key's scheme.
  public let scheme: Scheme
  /// The key itself: 33 or 65 bytes, 32 for Ed25519.
  public let point: [UInt8]

  /// A key from its parts.
  public init(_ scheme: Scheme, _ point: [UInt8]) {
    self.scheme = scheme
    self.point = point
  }

  /// Reads DER; nil when it is not canonical or of another scheme.
  public init?(der: [UInt8]) {
    for scheme in Scheme.allCases {
      for length in scheme.pointLengths where der.count > length {
        let key = SubjectPublicKey(scheme, Array(der.suffix(length)))
        if key.der == der {
          self = key
          return
        }
      }
    }
    return nil
  }

  /// Reads PEM (RFC 7468): one `PUBLIC KEY`; nil for anything else.
  public init?(pem: String) {
    let head = "-----BEGIN PUBLIC KEY-----"
    let tail = "-----END PUBLIC KEY-----"
    let lines = pem.split(whereSeparator: \.isNewline).map(String.init)
    guard let first = lines.first, let last = lines.last, lines.count >= 3, first.trimmed == head, last.trimmed == tail
    else { return nil }
    let text = lines.dropFirst().dropLast().map(\.trimmed).joined()
    guard let der = Base64.bytes(Array(text.utf8)) else { return nil }
    self.init(der: der)
  }

  /// The key in DER.
  public var der: [UInt8] {
    let bits = [0x03, UInt8(point.count + 1), 0x00] + point
    let body = scheme.identifier + bits
    return [0x30, UInt8(body.count)] + body
  }
}

extension String {
  /// The text without spaces and tabs at its ends.
  fileprivate var trimmed: String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
