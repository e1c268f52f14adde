public import Assay

/// A type of rows that `assay verify` takes: what its rows hold, by which rule they are accepted, and how that is computed.
///
/// Routing, the check of field names, `assay types` and the table in docs/row-types.md follow from this value. A new type is one of
/// these and a line in ``RowType/all``; docs/adding-a-row-type.md shows how.
public struct RowType: Sendable {
  /// The value of a row's `type`.
  public let name: String
  /// The fields, `type` and `id` left out.
  public let fields: [RowField]
  /// When a row is accepted, in a sentence or two; alternatives among the fields are named here.
  public let rule: String
  /// What a row's output carries beside its verdict.
  public let results: [RowField]
  /// The operations that rows may need.
  public let operations: [Operation]
  /// How the fields are found in a row.
  let layout: RowLayout
  /// Rows of types with the same workload are computed together.
  let workload: String
  private let makeQueue: @Sendable () -> any RowQueue
  private let makeTaker: @Sendable (any RowQueue) -> RowTaker

  /// Describes a type.
  ///
  /// - Parameters:
  ///   - workload: what computes the checks that `parse` makes.
  ///   - parse: makes a check from a row's fields, or throws what is wrong with them.
  package init<Check>(
    _ name: String, _ fields: [RowField], rule: String, results: [RowField] = [], operations: [Operation],
    workload: RowWorkload<Check>, parse: @escaping @Sendable (Row) throws(RowProblem) -> Check
  ) {
    self.name = name
    self.fields = fields
    self.rule = rule
    self.results = results
    self.operations = operations
    self.workload = workload.name
    layout = RowLayout(fields)
    makeQueue = { RowChecks(workload) }
    makeTaker = { queue in
      guard let checks = queue as? RowChecks<Check> else {
        preconditionFailure("two workloads are called \(workload.name)")
      }
      return { row, number throws(RowProblem) in checks.take(try parse(row), number) }
    }
  }

  /// An empty queue for rows of the type's workload.
  func makeChecks() -> any RowQueue { makeQueue() }

  /// What puts rows of this type into `queue`, which the type's workload made.
  func taker(into queue: any RowQueue) -> RowTaker { makeTaker(queue) }
}

/// Takes row `number` of a piece, or throws what is wrong with it.
typealias RowTaker = (_ row: Row, _ number: Int) throws(RowProblem) -> Void

/// What turns checks into outcomes: one call for all rows of a piece, which may run several batches one after the other.
package struct RowWorkload<Check>: Sendable {
  /// The name, which no other workload has.
  package let name: String
  /// One outcome per check, in order.
  package let verify: @Sendable ([Check], any Executor) throws(AssayError) -> [RowOutcome]

  /// A workload called `name`. `verify` hands its batches to the executor: hashes first, say, and then signatures over them.
  package init(
    _ name: String, verify: @escaping @Sendable ([Check], any Executor) throws(AssayError) -> [RowOutcome]
  ) {
    self.name = name
    self.verify = verify
  }
}

/// Rows of one workload that wait to be computed.
protocol RowQueue: AnyObject {
  /// Computes the rows taken since the last call and gives each one's outcome.
  func deliver(on executor: any Executor, _ deliver: (Int, RowOutcome) -> Void) throws(AssayError)
}

/// Checks of one workload, with the numbers of their rows.
private final class RowChecks<Check>: RowQueue {
  private let workload: RowWorkload<Check>
  private var checks: [Check] = []
  private var rows: [Int] = []

  init(_ workload: RowWorkload<Check>) { self.workload = workload }

  func take(_ check: Check, _ row: Int) {
    checks.append(check)
    rows.append(row)
  }

  func deliver(on executor: any Executor, _ deliver: (Int, RowOutcome) -> Void) throws(AssayError) {
    defer {
      checks.removeAll(keepingCapacity: true)
      rows.removeAll(keepingCapacity: true)
    }
    guard !checks.isEmpty else { return }
    for (row, outcome) in zip(rows, try workload.verify(checks, executor)) { deliver(row, outcome) }
  }
}
