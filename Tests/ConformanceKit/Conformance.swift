public import AssayCore
import AssayRuntime

/// Compares any kernel with the portable one, byte for byte: what a backend must pass before it may join.
public enum Conformance {
  /// The batch sizes: nothing, one, around every lane count in use, odd, and many.
  public static func sizes(for operation: Operation) -> [Int] {
    let small = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 127, 129]
    // Cheap operations have large chunks; where a row costs a pairing, 10,000 of them would cost minutes.
    return operation.chunk >= 256
      ? small + [1_001, 10_000] : operation.chunk >= 16 ? small + [1_001] : [0, 1, 2, 3, 9, 17]
  }

  /// One place where a kernel and the portable one disagree, or where a kernel wrote what it must not.
  public struct Failure: Error, CustomStringConvertible {
    /// What was seen.
    public let description: String
  }

  /// Runs `kernel` over batches of `sizes` rows, those of ``sizes(for:)`` when nil, and compares its bytes with those of `reference`.
  ///
  /// - Throws: ``Failure``, or what the kernel throws.
  public static func check(_ kernel: any Kernel, against reference: any Kernel, sizes: [Int]? = nil) throws {
    for size in sizes ?? self.sizes(for: kernel.operation) {
      try check(kernel, against: reference, rows: size, seed: UInt64(size) &+ 1)
    }
    try checkSubrange(kernel, against: reference)
    try checkOptionalColumns(kernel, against: reference)
  }

  private static func check(_ kernel: any Kernel, against reference: any Kernel, rows: Int, seed: UInt64) throws {
    let batch = try Corpus(kernel.operation, rows: rows, seed: seed).batch
    let expected = Results(kernel.operation, rows: rows)
    try reference.run(batch, rows: 0..<rows, into: expected)
    let actual = Results(kernel.operation, rows: rows)
    try kernel.run(batch, rows: 0..<rows, into: actual)
    if let row = expected.firstDifference(from: actual) {
      throw Failure(
        description:
          "\(kernel.operation) on \(kernel.id): row \(row) of \(rows) differs (seed \(seed)): \(detail(row, batch, expected, actual))"
      )
    }
    if let row = actual.firstInvalidVerdict(in: 0..<rows) {
      throw Failure(description: "\(kernel.operation) on \(kernel.id): row \(row) of \(rows) has no verdict")
    }
  }

  /// A kernel that is given rows in the middle must leave the rows around them alone.
  private static func checkSubrange(_ kernel: any Kernel, against reference: any Kernel) throws {
    let rows = kernel.operation.chunk >= 16 ? 150 : 8
    let middle = rows / 5 + 1..<rows - 2
    let batch = try Corpus(kernel.operation, rows: rows, seed: 99).batch
    let expected = Results(kernel.operation, rows: rows)
    let actual = Results(kernel.operation, rows: rows)
    for results in [expected, actual] { results.fill(0xC3) }
    try reference.run(batch, rows: middle, into: expected)
    try kernel.run(batch, rows: middle, into: actual)
    if let row = expected.firstDifference(from: actual) {
      throw Failure(
        description: "\(kernel.operation) on \(kernel.id): row \(row) differs when only rows \(middle) are asked for")
    }
    for column in actual.columns {
      guard let bytes = column.bytes else { continue }
      let width = column.description.width
      for row in Array(0..<middle.lowerBound) + Array(middle.upperBound..<rows)
      where bytes[row * width..<(row + 1) * width].contains(where: { $0 != 0xC3 }) {
        throw Failure(
          description:
            "\(kernel.operation) on \(kernel.id): wrote row \(row) of \(column.description.name), which is outside \(middle)"
        )
      }
    }
  }

  /// Asking for one optional column must give the same bytes as asking for all.
  private static func checkOptionalColumns(_ kernel: any Kernel, against reference: any Kernel) throws {
    let optional = kernel.operation.outputs.filter { $0.role == .optional }.map(\.name)
    let rows = 300
    let batch = try Corpus(kernel.operation, rows: rows, seed: 7).batch
    let expected = Results(kernel.operation, rows: rows)
    if !optional.isEmpty { try reference.run(batch, rows: 0..<rows, into: expected) }
    for name in optional {
      let actual = Results(kernel.operation, rows: rows, wanted: [name])
      try kernel.run(batch, rows: 0..<rows, into: actual)
      guard let a = expected.bytes(name), let b = actual.bytes(name), a.elementsEqual(b) else {
        throw Failure(
          description: "\(kernel.operation) on \(kernel.id): \(name) differs when it is the only column asked for")
      }
    }
  }

  private static func detail(_ row: Int, _ batch: Batch, _ expected: Results, _ actual: Results) -> String {
    let inputs = zip(batch.operation.inputs, batch.columns).map { input, column in
      "\(input.name) \(column[input.role == .shared ? 0 : row].hexadecimal)"
    }
    let outputs = zip(expected.columns, actual.columns).compactMap { want, have -> String? in
      guard let a = want.bytes, let b = have.bytes else { return nil }
      let range = row * want.description.width..<(row + 1) * want.description.width
      guard !a[range].elementsEqual(b[range]) else { return nil }
      return "\(want.description.name) \(b[range].hexadecimal) instead of \(a[range].hexadecimal)"
    }
    return (inputs + outputs).joined(separator: ", ")
  }
}

extension Results {
  /// Fills every column with one byte.
  func fill(_ byte: UInt8) {
    for column in columns { column.bytes?.initializeMemory(as: UInt8.self, repeating: byte) }
  }
}
