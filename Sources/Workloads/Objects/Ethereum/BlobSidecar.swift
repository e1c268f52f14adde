import AssayCore
import AssayProofs

/// What EIP-4844's network form brings beside the transaction: blobs, commitments and proofs; with EIP-7594 a version byte and
/// proofs of cells.
struct BlobSidecar {
  let blobs: [[UInt8]]
  let commitments: [[UInt8]]
  let proofs: [[UInt8]]
  /// Whether proofs are of cells (EIP-7594), 128 a blob, rather than one a blob.
  let hasCellProofs: Bool

  static let blobBytes = 131_072
  private static let cellsPerBlob = 128

  /// Reads the items of the network form, of which the first is the transaction.
  init(_ wrapper: [RLPField]) throws(ObjectFault) {
    guard wrapper.count == 4 || wrapper.count == 5 else {
      throw .malformed("the network form does not have 4 or 5 parts")
    }
    hasCellProofs = wrapper.count == 5
    if hasCellProofs {
      guard try Array(wrapper[1].string("wrapperVersion")) == [1] else { throw .malformed("wrapperVersion is not 1") }
    }
    let parts = wrapper.suffix(3)
    blobs = try Self.strings(parts[parts.startIndex], "blobs", count: Self.blobBytes)
    commitments = try Self.strings(parts[parts.startIndex + 1], "commitments", count: 48)
    proofs = try Self.strings(parts[parts.startIndex + 2], "proofs", count: 48)
    let expected = hasCellProofs ? blobs.count * Self.cellsPerBlob : blobs.count
    guard commitments.count == blobs.count, proofs.count == expected else {
      throw ObjectFault(.proofShapeInvalid, "blobs, commitments and proofs do not match in number")
    }
  }

  private static func strings(_ field: RLPField, _ name: String, count: Int) throws(ObjectFault) -> [[UInt8]] {
    var strings: [[UInt8]] = []
    for item in try field.list(name) { strings.append(Array(try item.string("one of \(name)", count: count))) }
    return strings
  }
}

extension DecodedTransaction {
  /// Checks the blobs of the network form, when there are some: each commitment's versioned hash is that of the transaction, and
  /// each blob is the one committed to.
  func checkBlobs(in work: ObjectWork, then receive: @escaping (ObjectFault?) -> Void) {
    guard let sidecar else { return receive(nil) }
    guard sidecar.commitments.count == blobHashes.count else {
      return receive(ObjectFault(.proofShapeInvalid, "there are not as many commitments as versioned hashes"))
    }
    work.digests(.sha256, of: sidecar.commitments) { digests in
      for (digest, hash) in zip(digests, blobHashes) where [0x01] + digest.dropFirst() != hash {
        return receive(ObjectFault(.valueMismatch, "a commitment does not have the versioned hash of its blob"))
      }
      guard !sidecar.hasCellProofs else { return receive(nil) }
      let checks = sidecar.blobs.indices.map {
        KZGCheck.blob(sidecar.blobs[$0], commitment: sidecar.commitments[$0], proof: sidecar.proofs[$0])
      }
      work.verify(checks) { verdicts in
        receive(
          verdicts.first { !$0.isAccepted }.map { ObjectFault($0, "a blob does not match its commitment and proof") })
      }
    }
  }
}
