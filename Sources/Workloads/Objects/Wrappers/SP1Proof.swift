import AssayCore
public import AssayProofs

/// A proof of SP1 wrapped into Groth16 (sp1-contracts, `SP1VerifierGroth16`, 4.0 to 6.1).
///
/// The first four bytes choose the version and are no more than routing: the proof is verified under that version's whole key. Public
/// inputs are the program's key and SHA-256 of the public values without its upper three bits; from version 6 on also an exit code,
/// which must be 0, the root of the recursion's keys, which must be the version's, and a nonce. The result carries `version`.
///
/// Acceptance says that the program with this key gave these public values. It does not say what the program is, or that the values
/// are fresh. Whoever has a proof can make others of the same statement.
public struct SP1Proof: ChainObject {
  /// The proof: selector, from version 6 on exit code, root and nonce, then A, B and C.
  public var proof: [UInt8]
  /// The program's key, 32 bytes below the group order.
  public var programKey: [UInt8]
  /// The public values, of any length.
  public var publicValues: [UInt8]
  /// The key of a version that the table lacks.
  public var key: Groth16Key?
  /// The root of the recursion's keys of a version that the table lacks, 32 bytes.
  public var keyRoot: [UInt8]?

  /// Describes a row.
  public init(
    proof: [UInt8], programKey: [UInt8], publicValues: [UInt8], key: Groth16Key? = nil, keyRoot: [UInt8]? = nil
  ) {
    self.proof = proof
    self.programKey = programKey
    self.publicValues = publicValues
    self.key = key
    self.keyRoot = keyRoot
  }

  /// The key's bytes with two public inputs, and with five.
  private static let (twoInputs, fiveInputs) = (448 + 3 * 64, 448 + 6 * 64)

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    var cursor = ByteCursor(proof, "the proof")
    let selector = try cursor.read(4)
    let known = SP1Version.all.first { $0.hash.starts(with: selector) }
    guard let key = key ?? known?.key else {
      throw ObjectFault(
        .unsupportedType, "the table has no SP1 version with the proof's selector, and there is no verificationKey")
    }
    if let known, known.key != key {
      throw ObjectFault(.valueMismatch, "verificationKey is not that of \(known.name), which the selector names")
    }
    guard programKey.count == 32 else { throw .malformed("programVKey is not 32 bytes long") }
    var extra: [UInt8] = []
    switch key.bytes.count {
    case Self.twoInputs: break
    case Self.fiveInputs: extra = try expectations(&cursor, known)
    default: throw ObjectFault(.proofShapeInvalid, "verificationKey does not have 2 or 5 public inputs")
    }
    let points = try cursor.read(256)
    try cursor.expectEnd()
    work.digest(.sha256, of: publicValues) { digest in
      let inputs = programKey + [digest[0] & 0x1f] + digest.dropFirst() + extra
      let check = Groth16Check(key: key, proof: Groth16Proof(bytes: points), publicInputs: inputs)
      work.verify([check]) { verdicts in
        guard verdicts[0].isAccepted else {
          return finish(.rejected(verdicts[0], "the proof is not one of this program and these public values"))
        }
        finish(.accepted([("version", .text(known?.name ?? "inline"))]))
      }
    }
  }

  /// Exit code, root and nonce, which stand in front of the points from version 6 on.
  private func expectations(_ cursor: inout ByteCursor, _ known: SP1Version?) throws(ObjectFault) -> [UInt8] {
    let exitCode = try cursor.read(32)
    let root = try cursor.read(32)
    let nonce = try cursor.read(32)
    guard exitCode.allSatisfy({ $0 == 0 }) else {
      throw ObjectFault(.valueMismatch, "the program's exit code is not 0")
    }
    guard let expected = keyRoot ?? known?.keyRoot else { throw .malformed("vkRoot is missing") }
    if let table = known?.keyRoot, table != expected {
      throw ObjectFault(.valueMismatch, "vkRoot is not that of the version that the selector names")
    }
    guard root == expected else { throw ObjectFault(.valueMismatch, "the proof's vkRoot is a foreign one") }
    return exitCode + root + nonce
  }
}
