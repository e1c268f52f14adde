import AssaySignatures

/// A log's key: P-256, or Ed25519.
public struct LogKey: Sendable, Hashable {
  /// The key, of one of these two schemes.
  let key: SubjectPublicKey

  /// A key from its SubjectPublicKeyInfo in DER, or a P-256 point in 65 bytes. Nil when it is neither.
  public init?(_ bytes: [UInt8]) {
    if bytes.count == 65 {
      key = SubjectPublicKey(.p256, bytes)
    } else if let key = SubjectPublicKey(der: bytes), key.scheme != .secp256k1 {
      self.key = key
    } else {
      return nil
    }
  }

  /// What identifies the log: a SubjectPublicKeyInfo.
  var info: [UInt8] { key.der }

  /// The check of a signature by this key, in DER for P-256.
  func check(_ message: [UInt8], signature: [UInt8]) -> SignatureCheck {
    key.scheme == .p256
      ? .ecdsa(ECDSACheck(.p256, subject: .message(message), publicKey: key.point, signature: .der(signature)))
      : .ed25519(Ed25519Check(publicKey: key.point, message: message, signature: signature))
  }
}
