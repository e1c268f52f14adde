import Assay
import AssayIO

/// Row types that one workload verifies: how each becomes a check, and how checks become outcomes.
///
/// A new type is one entry in the family's table; a new family is one entry in ``RowTypes``.
final class RowFamily<Check>: AnyRowFamily {
  /// Makes a check from a row's fields.
  typealias Parser = (Row) throws(RowProblem) -> Check

  let types: [String]
  private let parsers: [String: Parser]
  private let verify: ([Check]) throws(AssayError) -> [RowOutcome]
  private var checks: [Check] = []
  private var rows: [Int] = []

  /// A family of `types`; `verify` gives one outcome a check, in order.
  init(_ types: [(String, Parser)], verify: @escaping ([Check]) throws(AssayError) -> [RowOutcome]) {
    self.types = types.map(\.0)
    parsers = Dictionary(types, uniquingKeysWith: { first, _ in first })
    self.verify = verify
  }

  func take(_ row: Row, type: String, number: Int) throws(RowProblem) {
    guard let parser = parsers[type] else { throw .unsupported("type '\(type.prefix(40))' is not known") }
    checks.append(try parser(row))
    rows.append(number)
  }

  func deliver(_ deliver: (Int, RowOutcome) -> Void) throws(AssayError) {
    defer {
      checks.removeAll(keepingCapacity: true)
      rows.removeAll(keepingCapacity: true)
    }
    guard !checks.isEmpty else { return }
    for (row, outcome) in zip(rows, try verify(checks)) { deliver(row, outcome) }
  }
}

/// A family of any kind of checks.
protocol AnyRowFamily: AnyObject {
  /// The values of `type` that it takes.
  var types: [String] { get }
  /// Takes row `number` of the chunk, or says what is wrong with it.
  func take(_ row: Row, type: String, number: Int) throws(RowProblem)
  /// Verifies the rows taken since the last call and gives each one's outcome.
  func deliver(_ deliver: (Int, RowOutcome) -> Void) throws(AssayError)
}

/// What became of a row.
struct RowOutcome {
  /// Accepted, or the reason why not.
  var verdict: Verdict
  /// Bytes that the row's output carries, by name.
  var details: [(name: StaticString, bytes: [UInt8])] = []
}

/// Every row type of `assay verify`.
package enum RowTypes {
  /// The families, with working memory of their own: one set a thread.
  static func families(on executor: any Executor) -> [any AnyRowFamily] {
    [
      SignatureRows.family(on: executor),
      MerkleRows.family(on: executor),
    ] + PairingRows.families(on: executor)
  }

  /// Every operation that some row may need.
  package static let operations: [Operation] =
    SignatureRows.operations + MerkleRows.operations + PairingRows.operations
}
