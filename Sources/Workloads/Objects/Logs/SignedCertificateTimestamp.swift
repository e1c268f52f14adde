import AssayCore
import AssayProofs
import AssaySignatures

/// A log's promise to include a certificate (Certificate Transparency, RFC 6962, 3.2), and, when given, the proof that it did.
///
/// Accepted when the timestamp is of version 1, the log is this key's, its time is not after ``now``, the signature is ECDSA with
/// SHA-256 over the certificate, and an inclusion proof, when there, shows the entry's leaf. The result carries `timestamp`, in
/// milliseconds since 1970.
///
/// Acceptance does not say that the certificate is valid or that the log kept the promise, unless the proof says so; the root is the
/// caller's to trust.
public struct SignedCertificateTimestamp: ChainObject {
  /// What the timestamp is over.
  public enum Entry: Sendable {
    /// A certificate in DER.
    case certificate([UInt8])
    /// SHA-256 of the issuer's key and the certificate to be, in DER.
    case precertificate(issuerKeyHash: [UInt8], [UInt8])
  }

  /// The entry's place in a tree.
  public struct Inclusion: Sendable {
    /// The position.
    public var index: UInt64
    /// How many leaves the tree has.
    public var treeSize: UInt64
    /// The siblings from the leaf to the root.
    public var path: [[UInt8]]
    /// The root to trust, 32 bytes.
    public var root: [UInt8]

    /// A place from its parts.
    public init(index: UInt64, treeSize: UInt64, path: [[UInt8]], root: [UInt8]) {
      self.index = index
      self.treeSize = treeSize
      self.path = path
      self.root = root
    }
  }

  /// The log's key.
  public var key: LogKey
  /// The `SignedCertificateTimestamp` structure.
  public var bytes: [UInt8]
  /// What it is over.
  public var entry: Entry
  /// The time to compare with, in milliseconds since 1970; nil leaves the check out.
  public var now: UInt64?
  /// The entry's place; nil leaves the check out.
  public var inclusion: Inclusion?

  /// Describes a row.
  public init(key: LogKey, bytes: [UInt8], entry: Entry, now: UInt64? = nil, inclusion: Inclusion? = nil) {
    self.key = key
    self.bytes = bytes
    self.entry = entry
    self.now = now
    self.inclusion = inclusion
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    var cursor = ByteCursor(bytes, "the timestamp")
    guard try cursor.byte() == 0 else { throw ObjectFault(.unsupportedType, "the timestamp is not of version 1") }
    let log = try cursor.read(32)
    let time = try cursor.integer(8)
    let extensions = try cursor.read(Int(cursor.integer(2)))
    let algorithm = try cursor.read(2)
    let signature = try cursor.read(Int(cursor.integer(2)))
    try cursor.expectEnd()
    guard algorithm == [0x04, 0x03], key.key.scheme == .p256 else {
      throw ObjectFault(.unsupportedType, "the signature is not ECDSA on P-256 with SHA-256")
    }
    if let now, time > now { throw ObjectFault(.valueMismatch, "the timestamp is from the future") }
    let signed =
      [UInt8](arrayLiteral: 0, 0) + time.bigEndianBytes + (try encodedEntry()) + UInt16(extensions.count).bigEndianBytes
      + extensions
    work.digest(.sha256, of: key.info) { identifier in
      guard identifier == log else {
        return finish(.rejected(.valueMismatch, "the timestamp is of another log than the key"))
      }
      // The leaf has the version and the leaf's type in front of the same fields (RFC 6962, 3.4).
      let proofs = inclusion.map { place in
        [
          MerkleProof.rfc6962Inclusion(
            RFC6962Inclusion(
              leaf: .data(signed), index: place.index, treeSize: place.treeSize, path: MerklePath(place.path),
              root: place.root))
        ]
      }
      work.verify(proofs ?? []) { verdicts in
        if let verdict = verdicts.first, !verdict.isAccepted {
          return finish(.rejected(verdict, "the entry is not the leaf that the inclusion proof shows"))
        }
        work.verify([key.check(signed, signature: signature)]) { outcomes in
          guard outcomes[0].verdict.isAccepted else {
            return finish(.rejected(outcomes[0].verdict, "the signature is not the log's over this certificate"))
          }
          finish(.accepted([("timestamp", .number(time))]))
        }
      }
    }
  }

  private func encodedEntry() throws(ObjectFault) -> [UInt8] {
    let certificate: [UInt8]
    let head: [UInt8]
    switch entry {
    case .certificate(let bytes): (head, certificate) = ([0, 0], bytes)
    case .precertificate(let hash, let bytes):
      guard hash.count == 32 else { throw .malformed("issuerKeyHash is not 32 bytes long") }
      (head, certificate) = ([0, 1] + hash, bytes)
    }
    guard certificate.count < 1 << 24 else { throw .malformed("the certificate is longer than 2^24 - 1 bytes") }
    return head + UInt32(certificate.count).bigEndianBytes.dropFirst() + certificate
  }
}
