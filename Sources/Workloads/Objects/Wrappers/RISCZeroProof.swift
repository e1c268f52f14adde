import AssayCore
public import AssayProofs

/// A receipt of RISC Zero wrapped into Groth16 (risc0-ethereum, `RiscZeroGroth16Verifier`, 1.0 to 5.0).
///
/// The seal's first four bytes must begin the digest of the verifier's parameters: control root, control identifier and key, all of
/// them inputs of the proof or its key. Public inputs are the control root and the claim's digest, reversed and in halves, and the
/// control identifier. The claim is of a program that halted with exit code 0, 0 and made no assumptions. The result carries
/// `claimDigest` and `version`.
///
/// Acceptance says that the program with this image ran and wrote this journal. It does not say what the program is, or that the
/// journal is fresh. Whoever has a seal can make others of the same claim.
public struct RISCZeroProof: ChainObject {
  /// What the program wrote.
  public enum Journal: Sendable {
    /// Its bytes.
    case bytes([UInt8])
    /// Their SHA-256, 32 bytes.
    case digest([UInt8])
  }

  /// Selector, A, B and C: 260 bytes.
  public var seal: [UInt8]
  /// The program, 32 bytes.
  public var imageId: [UInt8]
  /// What it wrote.
  public var journal: Journal
  /// The control root of a version that the table lacks, 32 bytes.
  public var controlRoot: [UInt8]?
  /// The control identifier of a version that the table lacks, 32 bytes.
  public var controlId: [UInt8]?
  /// A key other than RISC Zero's own.
  public var key: Groth16Key?

  /// Describes a row.
  public init(
    seal: [UInt8], imageId: [UInt8], journal: Journal, controlRoot: [UInt8]? = nil, controlId: [UInt8]? = nil,
    key: Groth16Key? = nil
  ) {
    self.seal = seal
    self.imageId = imageId
    self.journal = journal
    self.controlRoot = controlRoot
    self.controlId = controlId
    self.key = key
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    guard seal.count == 260 else { throw ObjectFault(.proofShapeInvalid, "seal is not 260 bytes long") }
    guard imageId.count == 32 else { throw .malformed("imageId is not 32 bytes long") }
    if case .digest(let digest) = journal, digest.count != 32 { throw .malformed("journalDigest is not 32 bytes long") }
    let selector = Array(seal[..<4])
    let known = RISCZeroVersion.all.first { $0.selector == selector }
    guard let root = controlRoot ?? known?.controlRoot, let identifier = controlId ?? known?.controlId else {
      throw ObjectFault(
        .unsupportedType,
        "the table has no RISC Zero version with the seal's selector, and controlRoot or bn254ControlId is missing")
    }
    guard root.count == 32, identifier.count == 32 else {
      throw .malformed("controlRoot or bn254ControlId is not 32 bytes long")
    }
    let key = key ?? RISCZeroVersion.key
    guard key.bytes.count == 448 + 6 * 64 else {
      throw ObjectFault(.proofShapeInvalid, "verificationKey does not have 5 public inputs")
    }
    let parameters = Self.structure(
      "risc0.Groth16ReceiptVerifierParameters",
      [
        .bytes(root), .bytes(identifier.reversed()), .node(Self.digest(of: key)),
      ])
    work.digests(.sha256, of: [claim, parameters]) { digests in
      guard digests[1].starts(with: selector) else {
        return finish(
          .rejected(.valueMismatch, "the seal's selector is not that of the control root, identifier and key"))
      }
      let inputs = Self.halves(root) + Self.halves(digests[0]) + identifier
      let check = Groth16Check(key: key, proof: Groth16Proof(bytes: Array(seal[4...])), publicInputs: inputs)
      work.verify([check]) { verdicts in
        guard verdicts[0].isAccepted else {
          return finish(.rejected(verdicts[0], "the seal is not one of this image and journal"))
        }
        finish(.accepted([("claimDigest", .bytes(digests[0])), ("version", .text(known?.name ?? "inline"))]))
      }
    }
  }

  /// A digest reversed, its low and its high 128 bits as numbers of 32 bytes.
  private static func halves(_ digest: [UInt8]) -> [UInt8] {
    let reversed = Array(digest.reversed())
    return reversed[16...].padded(to: 32) + reversed[..<16].padded(to: 32)
  }

  /// The claim that the image ran to its end with this journal.
  private var claim: HashNode {
    let zero = HashNode.Part.bytes([UInt8](repeating: 0, count: 32))
    let journal: HashNode.Part =
      switch journal {
      case .bytes(let bytes): .node(HashNode(bytes))
      case .digest(let digest): .bytes(digest)
      }
    let state = Self.structure("risc0.SystemState", [zero], data: [0, 0, 0, 0])
    let output = Self.structure("risc0.Output", [journal, zero])
    // No input, then the image, the state after and the output; system and user exit codes 0.
    return Self.structure(
      "risc0.ReceiptClaim", [zero, .bytes(imageId), .node(state), .node(output)], data: [0, 0, 0, 0, 0, 0, 0, 0])
  }

  /// A structure's digest: SHA-256 of the tag's SHA-256, the parts' digests, the data, and how many parts there are.
  private static func structure(_ tag: String, _ parts: [HashNode.Part], data: [UInt8] = []) -> HashNode {
    HashNode([.node(HashNode(Array(tag.utf8)))] + parts + [.bytes(data + UInt16(parts.count).littleEndianBytes)])
  }

  /// A Groth16 key's digest, its inputs' points as a list from the last to the first.
  private static func digest(of key: Groth16Key) -> HashNode {
    func part(_ range: Range<Int>) -> HashNode.Part { .node(HashNode(Array(key.bytes[range]))) }
    let points = stride(from: 448, to: key.bytes.count, by: 64).reversed()
    let list = points.reduce(HashNode.Part.bytes([UInt8](repeating: 0, count: 32))) { tail, start in
      .node(structure("risc0_groth16.VerifyingKey.IC", [part(start..<start + 64), tail]))
    }
    return structure(
      "risc0_groth16.VerifyingKey", [part(0..<64), part(64..<192), part(192..<320), part(320..<448), list])
  }
}
