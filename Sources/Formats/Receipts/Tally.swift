import Assay

/// How many rows came to which end.
package struct Tally: Sendable {
  /// Rows seen.
  package private(set) var rows = 0
  private var counts = [Int](repeating: 0, count: 256)
  /// Where and why the first row could not be read, in words.
  package private(set) var firstProblem: String?

  /// What results had to do without although its rows were accepted, in words.
  package private(set) var omissions: [String] = []

  /// Fields or columns of the input that no row type or book knows, in the order they were met.
  package private(set) var unknownNames: [String] = []

  /// More different names than this are not listed.
  private static let mostNames = 64

  /// Counts a row.
  mutating func add(_ verdict: Verdict) {
    rows += 1
    counts[Int(verdict.rawValue)] += 1
  }

  /// Counts the rows of a column of verdict bytes.
  mutating func add(_ verdicts: UnsafeRawBufferPointer) {
    rows += verdicts.count
    let accepted = verdicts.count(of: Verdict.accepted.rawValue)
    counts[Int(Verdict.accepted.rawValue)] += accepted
    guard accepted < verdicts.count else { return }
    for byte in verdicts where byte != Verdict.accepted.rawValue { counts[Int(byte)] += 1 }
  }

  /// Adds another tally, which comes later in the input.
  mutating func add(_ other: Tally) {
    rows += other.rows
    for code in counts.indices { counts[code] += other.counts[code] }
    firstProblem = firstProblem ?? other.firstProblem
    omissions += other.omissions
    note(unknownNames: other.unknownNames)
  }

  /// Notes a problem unless an earlier row had one.
  mutating func note(_ problem: @autoclosure () -> String) {
    if firstProblem == nil { firstProblem = problem() }
  }

  /// Notes names that are in the input and of no effect, each once.
  mutating func note(unknownNames names: [String]) {
    for name in names where unknownNames.count < Self.mostNames && !unknownNames.contains(name) {
      unknownNames.append(name)
    }
  }

  /// Notes that a result is incomplete.
  mutating func omit(_ omission: String) { omissions.append(omission) }

  /// Rows accepted.
  package var accepted: Int { counts[Int(Verdict.accepted.rawValue)] }

  /// Rows rejected or unusable.
  package var rejected: Int { rows - accepted }

  /// The reasons that occurred, most frequent first.
  package var reasons: [(name: String, rows: Int)] {
    Verdict.reasons.map { ($0.name, counts[Int($0.verdict.rawValue)]) }.filter { $0.1 > 0 }.sorted { $0.1 > $1.1 }
  }
}

extension UnsafeRawBufferPointer {
  /// How many bytes are `byte`.
  func count(of byte: UInt8) -> Int {
    var count = 0
    for index in indices { count &+= self[index] == byte ? 1 : 0 }
    return count
  }
}
