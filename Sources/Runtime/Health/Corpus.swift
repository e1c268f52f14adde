package import AssayCore

/// Deterministic rows that exercise an operation: valid rows, damaged ones, random ones, and every awkward value.
///
/// The same corpus serves the start-up self-test (seed 0, the stored digests) and conformance tests (other seeds). It depends on
/// the operation's columns and seeds only, so an operation is covered the day its row is written.
package struct Corpus: Sendable {
  /// The rows.
  package let batch: Batch

  /// The rows that a self-test uses: thousands where they are cheap, at most 128 where a thread takes few at a time because each
  /// is a signature or a pairing, two dozen where each is a blob. Made once a process.
  package static func selfTest(_ operation: Operation) throws(AssayError) -> Corpus {
    if let corpus = made.withLock({ $0[operation] }) { return corpus }
    let isWide = operation.inputs.reduce(0) { $0 + $1.width } > 1 << 16
    let most = operation.chunk > 64 ? 20_000 : isWide ? 24 : 128
    let corpus = try Corpus(operation, rows: max(24, min(most, operation.chunk * 16)), seed: 0)
    made.withLock { $0[operation] = corpus }
    return corpus
  }

  private static let made = Guarded<[Operation: Corpus]>([:])

  /// Makes `rows` rows from `seed`.
  package init(_ operation: Operation, rows: Int, seed: UInt64) throws(AssayError) {
    batch = try withDefaultFloatingPointMode { () throws(AssayError) in
      try Self.make(operation, rows: rows, seed: seed)
    }
  }

  private static func make(_ operation: Operation, rows: Int, seed: UInt64) throws(AssayError) -> Batch {
    var random = SplitMix64(state: seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(rows &* 31))
    let inputs = operation.inputs
    let valid = SeedRow.parse(operation)
    var builders = inputs.map { ColumnBuilder($0.kind, capacity: $0.role == .shared ? 1 : rows) }
    // One shared value serves the whole batch: take it from a valid row, else make an ordinary one.
    let sharedRow = valid.isEmpty ? nil : valid[Int(random.next() % UInt64(valid.count))]
    for (index, input) in inputs.enumerated() where input.role == .shared {
      builders[index].append(sharedRow?.values[index] ?? random.value(input.kind, row: 0))
    }
    // With a shared value, only the rows that it belongs to are valid.
    let usable = valid.filter { row in
      inputs.indices.allSatisfy { inputs[$0].role != .shared || row.values[$0] == sharedRow?.values[$0] }
    }
    for row in 0..<rows {
      var values: [[UInt8]]
      if !usable.isEmpty, random.next() % 8 < 6 {
        values = usable[row % usable.count].values
        if random.next() % 4 != 0 { random.damage(&values, inputs: inputs, with: usable) }
      } else {
        values = inputs.map { random.value($0.kind, row: row) }
      }
      for (index, input) in inputs.enumerated() where input.role != .shared { builders[index].append(values[index]) }
    }
    return try Batch(operation, builders.map { builder throws(AssayError) in try builder.finish() }, rows: rows)
  }
}

extension Corpus {
  /// As many rows as the corpus has, of the ordinary rows that `kernel` accepts, again and again: valid rows where the operation has
  /// seeds, unremarkable values elsewhere. What a measurement should run on, since rejected rows may cost less; ``Profiler`` refuses
  /// a batch of which many are rejected.
  package func typical(acceptedBy kernel: any Kernel) throws -> Batch {
    let candidates = try ordinary()
    let results = Results(candidates.operation, rows: candidates.rows)
    try kernel.run(candidates, rows: 0..<candidates.rows, into: results)
    let accepted = (0..<candidates.rows).filter { results.verdict($0).isAccepted }
    let rows = accepted.isEmpty ? Array(0..<candidates.rows) : accepted
    return try candidates.selecting((0..<batch.rows).map { rows[$0 % rows.count] })
  }

  /// Rows that a user may have: every seed that belongs to the first one's shared values, or 256 rows of unremarkable values.
  private func ordinary() throws(AssayError) -> Batch {
    let inputs = batch.operation.inputs
    let valid = SeedRow.parse(batch.operation)
    var random = SplitMix64(state: 42)
    let shared = valid.first
    let usable = valid.filter { row in
      inputs.indices.allSatisfy { inputs[$0].role != .shared || row.values[$0] == shared?.values[$0] }
    }
    let rows = usable.isEmpty ? 256 : usable.count
    var builders = inputs.map { ColumnBuilder($0.kind, capacity: rows) }
    for (index, input) in inputs.enumerated() where input.role == .shared {
      builders[index].append(shared?.values[index] ?? random.ordinary(input.kind))
    }
    for row in 0..<rows {
      for (index, input) in inputs.enumerated() where input.role != .shared {
        builders[index].append(usable.isEmpty ? random.ordinary(input.kind) : usable[row].values[index])
      }
    }
    return try Batch(
      batch.operation, builders.map { builder throws(AssayError) in try builder.finish() }, rows: rows)
  }
}

/// One valid row of a seed file: the bytes of every input column.
private struct SeedRow {
  let values: [[UInt8]]

  /// The seed rows of an operation; a truncated last row is left out.
  static func parse(_ operation: Operation) -> [SeedRow] {
    var rest = operation.seeds[...]
    var rows: [SeedRow] = []
    while !rest.isEmpty {
      var values: [[UInt8]] = []
      for input in operation.inputs {
        var width = input.width
        if case .message = input.kind {
          guard rest.count >= 4 else { return rows }
          width = rest.prefix(4).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
          rest = rest.dropFirst(4)
        }
        guard rest.count >= width else { return rows }
        values.append(Array(rest.prefix(width)))
        rest = rest.dropFirst(width)
      }
      rows.append(SeedRow(values: values))
    }
    return rows
  }
}

extension SplitMix64 {
  /// Changes one thing in a valid row: a bit, a byte, a whole column, or a message's length.
  fileprivate mutating func damage(_ values: inout [[UInt8]], inputs: [ColumnDescription], with others: [SeedRow]) {
    let columns = inputs.indices.filter { inputs[$0].role != .shared }
    guard let column = columns.isEmpty ? nil : columns[Int(next() % UInt64(columns.count))] else { return }
    let length = values[column].count
    switch next() % 8 {
    case 0..<4 where length > 0:
      values[column][Int(next() % UInt64(length))] ^= 1 << UInt8(next() % 8)
    case 4 where length > 0:
      values[column][Int(next() % UInt64(length))] = [0, 0xFF, 0x80, 0x7F][Int(next() % 4)]
    case 5:
      values[column] = others[Int(next() % UInt64(others.count))].values[column]
    case 6:
      values[column] = value(inputs[column].kind, row: 1)
    default:
      guard case .message = inputs[column].kind else { return }
      if next() % 2 == 0, length > 0 {
        values[column].removeLast()
      } else {
        values[column].append(UInt8(truncatingIfNeeded: next()))
      }
    }
  }

  /// The bytes of one value: mostly ordinary, often awkward.
  fileprivate mutating func value(_ kind: ColumnDescription.Kind, row: Int) -> [UInt8] {
    switch kind {
    case .f64: return withUnsafeBytes(of: double()) { Array($0) }
    case .u64: return withUnsafeBytes(of: next() >> (next() % 64)) { Array($0) }
    case .u32: return withUnsafeBytes(of: UInt32(truncatingIfNeeded: next() >> (next() % 64))) { Array($0) }
    case .u8, .verdict: return [next() % 8 < 7 ? UInt8(next() % 2) : UInt8(truncatingIfNeeded: next())]
    case .bytes(let width): return bytes(width)
    case .message:
      let edges = [
        0, 1, 31, 32, 33, 54, 55, 56, 63, 64, 65, 111, 119, 120, 127, 128, 129, 135, 136, 137, 271, 272, 273,
      ]
      let length = next() % 2 == 0 ? Int(next() % 200) : edges[Int(next() % UInt64(edges.count))]
      return bytes(next() % 64 == 0 ? length + 1_000 : length)
    }
  }

  /// The bytes of one unremarkable value: messages of 64 bytes, doubles between one half and one and a half.
  fileprivate mutating func ordinary(_ kind: ColumnDescription.Kind) -> [UInt8] {
    switch kind {
    case .f64: return withUnsafeBytes(of: 0.5 + Double(next() >> 11) * 0x1p-53) { Array($0) }
    case .u64: return withUnsafeBytes(of: next()) { Array($0) }
    case .u32: return withUnsafeBytes(of: UInt32(truncatingIfNeeded: next())) { Array($0) }
    case .u8, .verdict: return [UInt8(next() % 2)]
    case .bytes(let width): return random(width)
    case .message: return random(64)
    }
  }

  private mutating func bytes(_ count: Int) -> [UInt8] {
    switch next() % 16 {
    case 0: return [UInt8](repeating: 0, count: count)
    case 1: return [UInt8](repeating: 0xFF, count: count)
    case 2: return (0..<count).map { $0 == count - 1 ? 1 : 0 }
    default: return random(count)
    }
  }

  private mutating func random(_ count: Int) -> [UInt8] {
    // The standard library writes the count into its one shared empty array, which ThreadSanitizer takes for a race.
    guard count > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      var word: UInt64 = 0
      for index in 0..<count {
        word = index % 8 == 0 ? next() : word >> 8
        buffer.initializeElement(at: index, to: UInt8(truncatingIfNeeded: word))
      }
      initialized = count
    }
  }

  private mutating func double() -> Double {
    let unit = Double(next() >> 11) * 0x1p-53
    switch next() % 20 {
    case 0..<9: return 0.01 + unit * 2
    case 9..<14: return 50 + unit * 100
    case 14..<16: return (unit - 0.5) * 0.2
    case 16: return Double(bitPattern: next())
    case 17:
      return Double(
        sign: next() % 8 == 0 ? .minus : .plus, exponent: Int(next() % 2_000) - 1_000, significand: 1 + unit)
    default:
      let special: [Double] = [
        0, -0.0, 1, -1, .infinity, -.infinity, .nan, Double(bitPattern: 0x7FF0_0000_0000_0001),
        Double(bitPattern: 0xFFF8_1234_5678_9ABC),
        .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, -.leastNonzeroMagnitude, 1e-300, 1e300,
        1e-8, 1e8,
        0x1p-52, 1 + 0x1p-52, 100,
      ]
      return special[Int(next() % UInt64(special.count))]
    }
  }
}

/// Steele, Lea and Flood's SplitMix64: the same numbers everywhere.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator that starts from `state`.
  package init(state: UInt64) {
    self.state = state
  }

  /// The next number.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
