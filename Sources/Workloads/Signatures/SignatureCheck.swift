/// One signature with everything that its verdict depends on: key, message, signature and rule.
///
/// Any bytes are allowed here, whatever their number: what is malformed gets a verdict. The first rule that a row breaks gives
/// its reason, in this order, the same on every backend:
/// 1. a digest that is not 32 bytes long: `malformed-row`;
/// 2. a signature not in its encoding (length, DER, recovery byte): `signature-encoding-invalid`;
/// 3. a public key not in its encoding or not a point: `public-key-invalid`;
/// 4. a scalar outside its range: `scalar-out-of-range`, then `high-s` under that rule;
/// 5. the signature equation: `signature-mismatch`, `recovery-failed`, `address-mismatch`.
public enum SignatureCheck: Sendable, Hashable {
  /// ECDSA on secp256k1 or P-256.
  case ecdsa(ECDSACheck)
  /// ECDSA on secp256k1 without the key, which is recovered.
  case recovery(RecoveryCheck)
  /// BIP-340 Schnorr on secp256k1.
  case schnorr(SchnorrCheck)
  /// Ed25519.
  case ed25519(Ed25519Check)
}

/// An ECDSA signature (SEC 1, 4.1.4).
public struct ECDSACheck: Sendable, Hashable {
  /// The curve.
  public enum Curve: String, Sendable, Hashable, CaseIterable {
    /// Bitcoin's and Ethereum's curve (SEC 2).
    case secp256k1
    /// NIST's P-256, also called secp256r1 and prime256v1.
    case p256
  }

  /// Which of the two scalars s and n - s, which verify alike, are accepted.
  public enum Semantics: String, Sendable, Hashable, CaseIterable {
    /// Only s up to half the group order (BIP 62, EIP-2).
    case lowS = "low-s"
    /// Both.
    case anyS = "any-s"
  }

  /// What was signed.
  public enum Subject: Sendable, Hashable {
    /// The 32-byte digest.
    case digest([UInt8])
    /// A message, to be hashed with SHA-256.
    case message([UInt8])
  }

  /// The signature's bytes.
  public enum Signature: Sendable, Hashable {
    /// r and s, 32 big-endian bytes each.
    case compact([UInt8])
    /// Strict DER as BIP-66 defines it, without a sighash byte.
    case der([UInt8])
  }

  /// The curve.
  public var curve: Curve
  /// Which s is accepted.
  public var semantics: Semantics
  /// What was signed.
  public var subject: Subject
  /// The key: 33 bytes starting 02 or 03, or 65 starting 04 (SEC 1, 2.3.4); hybrid keys are rejected.
  public var publicKey: [UInt8]
  /// The signature.
  public var signature: Signature

  /// Describes a row. Without `semantics` it is low-s on secp256k1 and any-s on P-256, as their ecosystems have it.
  public init(
    _ curve: Curve, semantics: Semantics? = nil, subject: Subject, publicKey: [UInt8], signature: Signature
  ) {
    self.curve = curve
    self.semantics = semantics ?? (curve == .secp256k1 ? .lowS : .anyS)
    self.subject = subject
    self.publicKey = publicKey
    self.signature = signature
  }
}

/// A recoverable ECDSA signature on secp256k1 as Ethereum uses it (SEC 1, 4.1.6). s of either half is accepted.
public struct RecoveryCheck: Sendable, Hashable {
  /// The 32-byte digest that was signed.
  public var digest: [UInt8]
  /// r and s, 32 big-endian bytes each, and v: the parity of the nonce point as 0 or 1, or 27 or 28.
  public var signature: [UInt8]
  /// The 20-byte address that the key must have; nil accepts any key.
  public var address: [UInt8]?

  /// Describes a row.
  public init(digest: [UInt8], signature: [UInt8], address: [UInt8]? = nil) {
    self.digest = digest
    self.signature = signature
    self.address = address
  }
}

/// A Schnorr signature on secp256k1 (BIP-340).
public struct SchnorrCheck: Sendable, Hashable {
  /// The key's 32-byte big-endian x coordinate.
  public var publicKey: [UInt8]
  /// What was signed, of any length.
  public var message: [UInt8]
  /// The nonce point's x coordinate and s, 32 big-endian bytes each.
  public var signature: [UInt8]

  /// Describes a row.
  public init(publicKey: [UInt8], message: [UInt8], signature: [UInt8]) {
    self.publicKey = publicKey
    self.message = message
    self.signature = signature
  }
}

/// An Ed25519 signature (RFC 8032, without context or prehash).
public struct Ed25519Check: Sendable, Hashable {
  /// The rule set; docs/signatures.md has the table. All reject S that is not below the group order.
  public enum Semantics: String, Sendable, Hashable, CaseIterable {
    /// Cofactorless, R compared as bytes: OpenSSL 3, BoringSSL, Go, CryptoKit.
    case rfc8032
    /// The same, and small-order A and R are rejected: ed25519-dalek's `verify_strict`, Solana.
    case dalekStrict = "dalek-strict"
    /// The same, and an encoding of A with y of p or more is rejected: libsodium 1.0.18.
    case libsodium
    /// Cofactored, small-order and non-canonical A and R rejected: Solana's SIMD-0376.
    case simd0376 = "simd-0376"
    /// Cofactored, non-canonical encodings accepted: Zcash, CometBFT (ZIP 215).
    case zip215
  }

  /// The rule set.
  public var semantics: Semantics
  /// The key's 32-byte encoding.
  public var publicKey: [UInt8]
  /// What was signed, of any length.
  public var message: [UInt8]
  /// R and S, 32 little-endian bytes each.
  public var signature: [UInt8]

  /// Describes a row.
  public init(_ semantics: Semantics = .rfc8032, publicKey: [UInt8], message: [UInt8], signature: [UInt8]) {
    self.semantics = semantics
    self.publicKey = publicKey
    self.message = message
    self.signature = signature
  }
}
