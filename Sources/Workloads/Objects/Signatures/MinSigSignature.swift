import AssayCore
import AssaySignatures

/// A BLS signature with its key in G2, as an object of its own.
public struct MinSigSignature: ChainObject {
  /// The signature with everything that its verdict depends on.
  public var check: BLSMinSigCheck

  /// Describes a row.
  public init(_ check: BLSMinSigCheck) { self.check = check }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    work.verify([check]) { verdicts in
      finish(
        verdicts[0].isAccepted
          ? .accepted() : .rejected(verdicts[0], "the signature was not made by this key over this message"))
    }
  }
}
