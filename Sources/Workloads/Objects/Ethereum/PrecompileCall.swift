import AssayCore
public import AssayProofs

/// A call of a precompiled contract over pairing-friendly curves, and the output that it must have.
///
/// Accepted when the EVM's call succeeds and returns what is expected. The result carries `output`, also when it is another one.
public struct PrecompileCall: ChainObject {
  /// The call.
  public var call: EVMCall
  /// The output that it must have; nil asks for none.
  public var expected: [UInt8]?

  /// Describes a row.
  public init(_ call: EVMCall, expected: [UInt8]? = nil) {
    self.call = call
    self.expected = expected
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    work.call([call]) { returns in
      guard returns[0].verdict.isAccepted else {
        return finish(ObjectOutcome(verdict: returns[0].verdict))
      }
      var outcome = ObjectOutcome.accepted([("output", .bytes(returns[0].output))])
      if let expected, expected != returns[0].output {
        outcome.verdict = .valueMismatch
        outcome.detail = "the output is another one"
      }
      finish(outcome)
    }
  }
}
