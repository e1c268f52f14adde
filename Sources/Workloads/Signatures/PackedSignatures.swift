public import AssayCore

/// Signatures in fixed-size binary rows: from memory to columns without a parser.
///
/// A row is the layout's fields end to end and, when asked for, an opaque identifier of eight bytes.
public struct PackedSignatures: Sendable, Hashable {
  /// The fields of a row.
  public enum Layout: String, Sendable, Hashable, CaseIterable {
    /// digest 32, key 33, signature 64 (r, s): 129 bytes, s low.
    case ecdsaSecp256k1 = "ecdsa-secp256k1"
    /// digest 32, key 33, signature 64 (r, s): 129 bytes, s of either half.
    case ecdsaP256 = "ecdsa-p256"
    /// key 32, message 32, signature 64: 128 bytes.
    case schnorrSecp256k1 = "schnorr-secp256k1"
    /// key 32, message 32, signature 64: 128 bytes, rule `rfc8032`.
    case ed25519 = "ed25519"
  }

  /// The fields of a row.
  public let layout: Layout
  /// Whether each row ends with an identifier of eight bytes.
  public let hasIdentifiers: Bool

  /// Describes rows.
  public init(_ layout: Layout, identifiers: Bool = false) {
    self.layout = layout
    hasIdentifiers = identifiers
  }

  /// The operation that verifies the rows.
  public var operation: Operation {
    switch layout {
    case .ecdsaSecp256k1: .ecdsaSecp256k1LowS
    case .ecdsaP256: .ecdsaP256AnyS
    case .schnorrSecp256k1: .schnorrSecp256k1
    case .ed25519: .ed25519RFC8032
    }
  }

  /// The widths of a row's fields, in the order of the operation's columns.
  private var widths: [Int] {
    switch layout {
    case .ecdsaSecp256k1, .ecdsaP256: [32, 33, 64]
    case .schnorrSecp256k1, .ed25519: [32, 32, 64]
    }
  }

  /// How many bytes a row takes.
  public var rowBytes: Int { widths.reduce(hasIdentifiers ? 8 : 0, +) }

  /// The rows in `bytes` as a batch.
  ///
  /// - Throws: ``AssayError`` of kind `input` when `bytes` does not hold whole rows.
  public func batch(_ bytes: UnsafeRawBufferPointer) throws(AssayError) -> Batch {
    guard bytes.count % rowBytes == 0 else {
      throw AssayError(
        .input, "\(bytes.count) bytes are not whole rows of \(rowBytes) bytes.",
        advice: "Rows of \(layout.rawValue) take \(rowBytes) bytes\(hasIdentifiers ? " with" : " without") identifiers."
      )
    }
    let rows = bytes.count / rowBytes
    var columns: [Column] = []
    var start = 0
    for (input, width) in zip(operation.inputs, widths) {
      columns.append(column(bytes, rows: rows, start: start, width: width, as: input.kind))
      start += width
    }
    return try Batch(operation, columns, rows: rows)
  }

  /// The verdicts of the rows in `bytes`, in order.
  ///
  /// - Throws: ``AssayError`` of kind `input` when `bytes` does not hold whole rows, and what `executor` throws.
  public func verify(_ bytes: UnsafeRawBufferPointer, on executor: any Executor) throws(AssayError) -> [Verdict] {
    let results = try executor.execute(batch(bytes))
    return (0..<results.rows).map { results.verdict($0) }
  }

  /// The identifier of row `row` of `bytes`; nil without identifiers or past the last row.
  public func identifier(_ row: Int, of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    guard hasIdentifiers, row >= 0, row < bytes.count / rowBytes else { return nil }
    return UnsafeRawBufferPointer(rebasing: bytes[(row + 1) * rowBytes - 8..<(row + 1) * rowBytes])
  }

  /// Gathers one field of every row; offsets of a message column go in front of the values.
  private func column(
    _ bytes: UnsafeRawBufferPointer, rows: Int, start: Int, width: Int, as kind: ColumnDescription.Kind
  ) -> Column {
    let isMessage = kind == .message
    let offsetBytes = isMessage ? ((rows + 1) * 8 + 63) / 64 * 64 : 0
    let memory = Memory(byteCount: offsetBytes + rows * width)
    let values = memory.start + offsetBytes
    if let source = bytes.baseAddress {
      for row in 0..<rows {
        (values + row * width).copyMemory(from: source + row * rowBytes + start, byteCount: width)
      }
    }
    guard isMessage else { return Column(borrowing: values, count: rows, as: kind, owner: memory) }
    let offsets = memory.start.bindMemory(to: Int64.self, capacity: rows + 1)
    for row in 0...rows { offsets[row] = Int64(row * width) }
    return Column(borrowing: values, offsets: UnsafePointer(offsets), count: rows, as: kind, owner: memory)
  }
}
