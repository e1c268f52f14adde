import AssayCore
import Testing

/// Columns of wrong lengths are errors, and what a column gives out stays.
@Suite struct ColumnTests {
  /// Whether `body` throws an error of kind `shape` whose words contain `words`.
  private func expectShapeError(_ words: String, _ body: () throws -> Void) {
    #expect { try body() } throws: { error in
      guard let error = error as? AssayError else { return false }
      return error.kind == .shape && error.message.contains(words)
    }
  }

  @Test func packedBytesMustBeWholeValues() throws {
    expectShapeError("63 bytes are not whole values of 64 bytes: 63 are left over") {
      _ = try Column(packed: [UInt8](repeating: 1, count: 63), width: 64)
    }
    expectShapeError("cannot be 0 bytes long") { _ = try Column(packed: [], width: 0) }
    expectShapeError("cannot be -1 bytes long") { _ = try Column(packed: [1], width: -1) }
    #expect(try Column(packed: [], width: 64).count == 0)
    #expect(try Array(Column(packed: [1, 2, 3, 4], width: 2)[1]) == [3, 4])
  }

  @Test(arguments: [63, 65, 0]) func aBuilderTellsOfAWrongLength(length: Int) throws {
    var builder = ColumnBuilder(.bytes(64))
    builder.append([UInt8](repeating: 1, count: 64))
    builder.append([UInt8](repeating: 2, count: length))
    builder.append([UInt8](repeating: 3, count: 64))
    expectShapeError("Row 1 of a column of 64 bytes a row was given \(length) bytes") { _ = try builder.finish() }
  }

  @Test func aBuilderTellsOfANumberInAColumnOfBytes() {
    var builder = ColumnBuilder(.u8)
    builder.append(1.5)
    expectShapeError("Row 0 of a column of 1 bytes a row was given 8 bytes") { _ = try builder.finish() }
  }

  @Test func aRowOutlivesItsColumn() throws {
    func row() throws -> ByteColumn.Value { try Column(packed: Array(0..<200), width: 100)[1] }
    let value = try row()
    for round in 0..<50 { _ = [UInt8](repeating: UInt8(round), count: 200) }
    #expect(Array(value) == Array(100..<200))
    let message = Column(messages: [[], [7, 8, 9]])[1]
    #expect(Array(message) == [7, 8, 9] && message.withContiguousStorageIfAvailable { $0.count } == 3)
  }

  /// Memory that nobody owns is copied before a collection over it is given out.
  @Test func whatIsReadFromLentMemoryStays() {
    let memory = UnsafeMutablePointer<Double>.allocate(capacity: 2)
    memory.initialize(repeating: 3, count: 2)
    let column = Column(borrowing: memory, count: 2, as: .f64, owner: nil)
    let (numbers, values) = (column.numbers, column.values)
    memory.update(repeating: 4, count: 2)
    memory.deallocate()
    #expect(Array(numbers) == [3, 3] && values[0] == values[1] && values.count == 2)
  }

  @Test func aBatchChecksItsColumns() throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    expectShapeError("takes 1 columns and was given 0") { _ = try Batch(operation, []) }
    expectShapeError("holds") { _ = try Batch(operation, [Column([1])]) }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 8)
    defer { memory.deallocate() }
    expectShapeError("-1 rows") {
      _ = try Batch(operation, [Column(borrowing: memory, count: -1, as: .bytes(64), owner: nil)])
    }
    expectShapeError("has 1 values where 2 are needed") {
      _ = try Batch(operation, [Column(borrowing: memory, count: 1, as: .bytes(64), owner: nil)], rows: 2)
    }
  }
}
