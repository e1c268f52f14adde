/// A wrong call, as opposed to a bad row: what happened, why, and what to do next.
///
/// Rows never throw; a row that cannot be used gets a ``Verdict``.
public struct AssayError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of call was wrong.
  public enum Kind: String, Sendable, Hashable {
    /// Columns do not fit the operation.
    case shape
    /// A named backend or device is not there, or supports nothing of the job.
    case unavailable
    /// Results or digests that must agree do not.
    case mismatch
    /// Input cannot be read, or is not in the format.
    case input
    /// A parameter is outside what the call takes.
    case usage
  }

  /// What kind of call was wrong.
  public let kind: Kind
  /// One sentence: what, why.
  public let message: String
  /// One sentence: what to do next; may be empty.
  public let advice: String

  /// Makes an error from its parts.
  public init(_ kind: Kind, _ message: String, advice: String = "") {
    self.kind = kind
    self.message = message
    self.advice = advice
  }

  /// The message and the advice.
  public var description: String { advice.isEmpty ? message : "\(message) \(advice)" }
}
