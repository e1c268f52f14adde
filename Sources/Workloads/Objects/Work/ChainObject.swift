public import AssayCore

/// Something that a node, a wallet or a log hands out, whose verdict takes several batch operations: a transaction, a commit, an
/// update.
///
/// An object is decoded on the host and says what it needs hashed, verified or paired; ``ObjectWork`` gathers what all objects of a
/// call need into one batch of each kind. The verdict depends on the object alone.
public protocol ChainObject: Sendable {
  /// Decodes the object, asks `work` for what its verdict depends on, and calls `finish` once, at the latest when the last answer is
  /// in. A rule that the object breaks before anything is asked is thrown instead.
  func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault)
}

/// The rule that an object breaks.
public struct ObjectFault: Error, Sendable, Hashable {
  /// The reason of the closed list.
  public let verdict: Verdict
  /// What is wrong, in words; the same on every backend.
  public let detail: String

  /// A fault from its parts.
  public init(_ verdict: Verdict, _ detail: String) {
    self.verdict = verdict
    self.detail = detail
  }

  /// The object is not in its format.
  static func malformed(_ detail: String) -> ObjectFault { ObjectFault(.malformedRow, detail) }
}

/// What became of an object.
public struct ObjectOutcome: Sendable, Hashable {
  /// A value that an accepted object's result carries.
  public enum Value: Sendable, Hashable {
    /// Bytes, written as `0x` and hexadecimal digits.
    case bytes([UInt8])
    /// A list of byte strings.
    case list([[UInt8]])
    /// Text.
    case text(String)
    /// A whole number.
    case number(UInt64)
  }

  /// A value with its name.
  public struct Field: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The value.
    public let value: Value
  }

  /// Accepted, or the reason why not.
  public var verdict: Verdict
  /// What is wrong, in words; nil when accepted.
  public var detail: String?
  /// What was found out on the way, such as a sender.
  public var fields: [Field] = []

  /// An accepted object and what was found out.
  public static func accepted(_ fields: [(String, Value)] = []) -> ObjectOutcome {
    ObjectOutcome(verdict: .accepted, fields: fields.map { Field(name: $0.0, value: $0.1) })
  }

  /// A rejected object.
  public static func rejected(_ verdict: Verdict, _ detail: String) -> ObjectOutcome {
    ObjectOutcome(verdict: verdict, detail: detail)
  }

  /// The outcome of an object that breaks a rule.
  static func rejected(_ fault: ObjectFault) -> ObjectOutcome { .rejected(fault.verdict, fault.detail) }
}

/// Verifies objects of any mix of kinds: one batch of each kind of hash, signature and pairing for all of them.
public enum ObjectVerifier {
  /// One outcome an object, in order; each is that of the object verified alone.
  ///
  /// - Throws: ``AssayError`` when `executor` cannot run an operation at all. No object, however malformed, throws.
  public static func verify(
    _ objects: some Collection<any ChainObject>, on executor: any Executor
  ) throws(AssayError) -> [ObjectOutcome] {
    let work = ObjectWork()
    // An object whose answers never came in, which would be a fault of ours, is not accepted.
    let sink = Sink(count: objects.count)
    for (index, object) in objects.enumerated() {
      do throws(ObjectFault) {
        try object.check(in: work) { sink.outcomes[index] = $0 }
      } catch {
        sink.outcomes[index] = .rejected(error)
      }
    }
    try work.run(on: executor)
    return sink.outcomes
  }

  private final class Sink {
    var outcomes: [ObjectOutcome]

    init(count: Int) {
      outcomes = Array(repeating: .rejected(.malformedRow, "the object was not decided"), count: count)
    }
  }
}
