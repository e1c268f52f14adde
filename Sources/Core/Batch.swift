/// The input of one operation: immutable columns of equal length.
public struct Batch: Sendable {
  /// What is to be computed.
  public let operation: Operation
  /// How many rows there are.
  public let rows: Int
  /// The input and shared columns in the order of operations.def.
  public let columns: [Column]

  /// Makes a batch, checking that the columns fit the operation.
  ///
  /// - Throws: ``AssayError`` of kind `shape` when a column is missing, of another kind or length, not aligned for its numbers, or
  ///   when message offsets are negative or decrease.
  public init(_ operation: Operation, _ columns: [Column], rows: Int? = nil) throws(AssayError) {
    let inputs = operation.inputs
    guard inputs.count == columns.count else {
      throw AssayError(
        .shape, "\(operation.name) takes \(inputs.count) columns and was given \(columns.count).",
        advice: "Pass, in this order: \(inputs.map(\.name).joined(separator: ", ")).")
    }
    let perRow = zip(inputs, columns).first { $0.0.role == .input }?.1.count
    let rows = rows ?? perRow ?? 0
    guard rows >= 0 else { throw AssayError(.shape, "A batch cannot have \(rows) rows.") }
    for (input, column) in zip(inputs, columns) {
      guard column.isAligned else {
        throw AssayError(
          .shape, "Column \(input.name) of \(operation.name) lies at an address that is not aligned for its numbers.",
          advice: "Copy it to memory of its own.")
      }
      guard input.kind == column.kind else {
        throw AssayError(.shape, "Column \(input.name) of \(operation.name) holds \(input.kind), not \(column.kind).")
      }
      let expected = input.role == .shared ? 1 : rows
      guard column.count == expected else {
        throw AssayError(
          .shape, "Column \(input.name) of \(operation.name) has \(column.count) values where \(expected) are needed.")
      }
      if input.kind == .message, !column.hasOrderedOffsets {
        throw AssayError(.shape, "The offsets of column \(input.name) of \(operation.name) are missing or decrease.")
      }
    }
    self.operation = operation
    self.rows = rows
    self.columns = columns
  }

  /// A batch of copies of the rows at `indices`, in that order.
  public func selecting(_ indices: some Collection<Int>) throws(AssayError) -> Batch {
    var selected: [Column] = []
    for (input, column) in zip(operation.inputs, columns) {
      selected.append(input.role == .shared ? column : column.selecting(indices))
    }
    return try Batch(operation, selected, rows: indices.count)
  }

  /// The rows of `batches`, which are of one operation without shared values, one after the other, copied.
  package init(joining batches: [Batch]) throws(AssayError) {
    guard let operation = batches.first?.operation, batches.allSatisfy({ $0.operation == operation }),
      !operation.inputs.contains(where: { $0.role == .shared })
    else { throw AssayError(.shape, "Only batches of one operation without shared values can be joined.") }
    let rows = batches.reduce(0) { $0 + $1.rows }
    let columns = operation.inputs.indices.map { index in
      var builder = ColumnBuilder(operation.inputs[index].kind, capacity: rows)
      for batch in batches { builder.append(batch.columns[index]) }
      return builder.made()
    }
    try self.init(operation, columns, rows: rows)
  }

  /// The rows of `range` as a batch of their own, without a copy.
  public func slice(_ range: Range<Int>) -> Batch {
    let columns = zip(operation.inputs, columns).map { input, column in
      input.role == .shared ? column : column.slice(range)
    }
    return Batch(operation: operation, rows: range.count, columns: columns)
  }

  /// The same batch, columns without an owner copied: for whoever may read longer than the call that was given the batch.
  package func owningItsMemory() -> Batch {
    Batch(
      operation: operation, rows: rows,
      columns: columns.map { $0.hasOwner ? $0 : $0.selecting(0..<$0.count) })
  }

  private init(operation: Operation, rows: Int, columns: [Column]) {
    self.operation = operation
    self.rows = rows
    self.columns = columns
  }
}
