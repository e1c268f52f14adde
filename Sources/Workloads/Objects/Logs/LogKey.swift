import AssayCore
import AssaySignatures

/// A log's key: P-256, or Ed25519.
public struct LogKey: Sendable, Hashable {
  /// The key's scheme.
  public enum Scheme: Sendable, Hashable {
    /// ECDSA on P-256 with SHA-256.
    case p256
    /// Ed25519.
    case ed25519
  }

  /// The scheme.
  public let scheme: Scheme
  /// 65 or 32 bytes.
  public let point: [UInt8]
  /// The key as a SubjectPublicKeyInfo in DER (RFC 5280).
  public let info: [UInt8]

  private static let p256Prefix: [UInt8] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
  ]
  private static let ed25519Prefix: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]

  /// A key from its SubjectPublicKeyInfo, or a P-256 point in 65 bytes. Nil when it is neither.
  public init?(_ bytes: [UInt8]) {
    if bytes.count == 65 {
      scheme = .p256
      point = bytes
      info = Self.p256Prefix + bytes
    } else if bytes.starts(with: Self.p256Prefix), bytes.count == Self.p256Prefix.count + 65 {
      scheme = .p256
      point = Array(bytes.dropFirst(Self.p256Prefix.count))
      info = bytes
    } else if bytes.starts(with: Self.ed25519Prefix), bytes.count == Self.ed25519Prefix.count + 32 {
      scheme = .ed25519
      point = Array(bytes.dropFirst(Self.ed25519Prefix.count))
      info = bytes
    } else {
      return nil
    }
  }

  /// The check of a signature by this key, in DER for P-256.
  func check(_ message: [UInt8], signature: [UInt8]) -> SignatureCheck {
    switch scheme {
    case .p256:
      .ecdsa(ECDSACheck(.p256, subject: .message(message), publicKey: point, signature: .der(signature)))
    case .ed25519: .ed25519(Ed25519Check(publicKey: point, message: message, signature: signature))
    }
  }
}
