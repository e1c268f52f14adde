public import AssayCore

/// The start-up test that admits a kernel: its output over the corpus must have the digest of operations.def.
public enum SelfTest {
  /// SHA-256, in hexadecimal, of a kernel's output over its operation's self-test corpus.
  ///
  /// - Throws: whatever the kernel throws.
  public static func digest(_ kernel: any Kernel) throws -> String {
    let corpus = try Corpus.selfTest(kernel.operation)
    let results = Results(kernel.operation, rows: corpus.batch.rows)
    try kernel.run(corpus.batch, rows: 0..<corpus.batch.rows, into: results)
    return results.digest.hexadecimal
  }

  /// SHA-256, in hexadecimal, of a text: what several operations' digests become one with.
  package static func digest(of text: String) -> String {
    Array(text.utf8).withUnsafeBytes { SHA256.digest($0) }.hexadecimal
  }

  /// Why `kernel` must not be used; nil when it reproduces the stored digest.
  public static func refusal(_ kernel: any Kernel) -> String? {
    do {
      let digest = try digest(kernel)
      return digest == kernel.operation.digest ? nil : "self-test mismatch: its output has digest \(digest)"
    } catch {
      return "self-test failed: \(error)"
    }
  }

  /// The first row, below `rows`, on which two kernels of one operation differ over a corpus; nil when every byte agrees.
  public static func firstDifference(
    _ kernel: any Kernel, from reference: any Kernel, rows: Int, seed: UInt64
  ) throws -> Int? {
    let corpus = try Corpus(kernel.operation, rows: rows, seed: seed)
    let expected = Results(kernel.operation, rows: rows)
    let actual = Results(kernel.operation, rows: rows)
    try reference.run(corpus.batch, rows: 0..<rows, into: expected)
    try kernel.run(corpus.batch, rows: 0..<rows, into: actual)
    return expected.firstDifference(from: actual)
  }
}

extension Results {
  /// SHA-256 over the bytes of every column that was asked for, in the order of operations.def.
  public var digest: [UInt8] {
    var hash = SHA256()
    for column in columns {
      if let bytes = column.bytes { hash.update(UnsafeRawBufferPointer(bytes)) }
    }
    return hash.finalize()
  }

  /// The first row whose bytes differ in any column that both have; nil when none does.
  public func firstDifference(from other: Results) -> Int? {
    zip(columns, other.columns).compactMap { mine, theirs -> Int? in
      guard let a = mine.bytes, let b = theirs.bytes, a.count == b.count else {
        return mine.bytes == nil && theirs.bytes == nil ? nil : 0
      }
      guard !a.elementsEqual(b) else { return nil }
      return zip(a, b).enumerated().first { $0.element.0 != $0.element.1 }.map {
        $0.offset / max(mine.description.width, 1)
      }
    }.min()
  }
}
