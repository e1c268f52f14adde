public import Assay
import AssayIO

/// What became of a row.
public struct RowOutcome: Sendable {
  /// Something that a row's output carries beside its verdict.
  public enum Value: Sendable, Hashable {
    /// Bytes, written in hexadecimal with `0x`.
    case bytes([UInt8])
    /// Text.
    case text(String)
    /// A whole number, written as a JSON number.
    case whole(UInt64)
    /// A number below zero or above, written as a JSON number.
    case integer(Int64)
    /// A number of any width, written as a decimal string.
    case decimal(String)
    /// True or false.
    case flag(Bool)
    /// Values in their order.
    case list([Value])
    /// Nothing: `null`.
    case null
  }

  /// Accepted, or the reason why not.
  public var verdict: Verdict
  /// What is wrong, in words, the same on every backend; nil where the reason's own sentence says it.
  public var detail: String?
  /// What the row's output carries beside that, by name, in its order.
  public var results: [(name: String, value: Value)]

  /// An outcome from its parts.
  public init(verdict: Verdict, detail: String? = nil, results: [(name: String, value: Value)] = []) {
    self.verdict = verdict
    self.detail = detail
    self.results = results
  }

  /// What became of a row that gives no check.
  init(_ problem: RowProblem) { self.init(verdict: problem.verdict, detail: problem.message) }

  /// The words that a bad row's output has: ``detail``, or the sentence of its reason; nil when the row was accepted.
  public var words: String? { verdict.isAccepted ? nil : detail ?? verdict.sentence }
}

extension Verdict {
  /// What the reason means, in words; empty when accepted.
  var sentence: String { Self.sentences[Int(rawValue)] }

  private static let sentences: [String] = {
    var sentences = [String](repeating: "", count: 256)
    for reason in reasons { sentences[Int(reason.verdict.rawValue)] = reason.sentence }
    return sentences
  }()
}

/// Why a row gives no check: the reason that its output states, and what is wrong in words.
package struct RowProblem: Error {
  /// The reason.
  package let verdict: Verdict
  /// The words.
  package let message: String

  /// A problem from its parts.
  package init(verdict: Verdict, message: String) {
    self.verdict = verdict
    self.message = message
  }

  /// The row cannot be parsed or lacks a field.
  package static func malformed(_ message: String) -> RowProblem {
    RowProblem(verdict: .malformedRow, message: message)
  }
  /// The row asks for what this version does not verify.
  package static func unsupported(_ message: String) -> RowProblem {
    RowProblem(verdict: .unsupportedType, message: message)
  }
}

extension TextBuffer {
  /// Appends the part of an output row that tells its outcome, to the end of the line.
  mutating func append(outcome: RowOutcome) {
    if let reason = outcome.verdict.reason {
      append(",\"accepted\":false,\"reason\":\"")
      append(reason)
      append("\",\"detail\":")
      append(json: .text(outcome.words ?? ""))
    } else {
      append(",\"accepted\":true")
    }
    for result in outcome.results {
      append(",\"")
      append(result.name)
      append("\":")
      append(json: result.value)
    }
    append("}\n")
  }

  private mutating func append(json value: RowOutcome.Value) {
    switch value {
    case .bytes(let bytes):
      append("\"0x")
      bytes.withUnsafeBytes { append(hexadecimal: $0) }
      append("\"")
    case .text(let text), .decimal(let text):
      var text = text
      text.withUTF8 { append(jsonString: UnsafeRawBufferPointer($0)) }
    case .whole(let number): append(number)
    case .integer(let number): append(number)
    case .flag(let flag): append(flag ? "true" as StaticString : "false")
    case .list(let values):
      append("[")
      for (index, value) in values.enumerated() {
        if index > 0 { append(",") }
        append(json: value)
      }
      append("]")
    case .null: append("null")
    }
  }
}
