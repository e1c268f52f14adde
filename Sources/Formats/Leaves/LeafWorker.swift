import Assay
import AssayIO

/// Reads the leaves of a chunk: decodes or cuts them on the worker's thread, and gives them to the tree in their order.
final class LeafWorker: RowWorker {
  private let file: String
  private let isText: Bool
  private let tree: LeafTree
  private let executor: any Executor
  private var piece = LeafTree.Piece()

  /// A worker for the leaves of `file`: raw lines when `isText`, hexadecimal otherwise.
  init(_ file: String, isText: Bool, into tree: LeafTree, on executor: any Executor) {
    self.file = file
    self.isText = isText
    self.tree = tree
    self.executor = executor
  }

  func process(_ chunk: TextChunk, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    try process(chunk, firstRow: chunk.firstRow, tally: &tally)
  }

  /// Processes the leaves of `chunk`, of which the first is number `firstRow`, from 1.
  func process(_ chunk: TextChunk, firstRow: Int, tally: inout Tally) throws(AssayError) {
    piece = LeafTree.Piece()
    piece.first = firstRow - 1
    if chunk.isOversized { throw problem(chunk, 0, "is longer than the 8 MiB that a leaf's line may have") }
    var rows: [Range<Int>] = []
    rows.reserveCapacity(chunk.rows)
    chunk.forEachRecord { rows.append($0) }
    for row in rows {
      if isText {
        piece.append(chunk.bytes(row))
      } else {
        guard let leaf = Hexadecimal.decode(chunk.bytes(row)) else {
          throw problem(chunk, row.lowerBound + firstBad(chunk.bytes(row)), "is not hexadecimal")
        }
        leaf.withUnsafeBytes { piece.append($0) }
      }
      if let width = tree.rule.leafBytes, let count = piece.leaves.last?.count, count != width {
        throw problem(chunk, row.lowerBound, "the leaf has \(count) bytes where \(tree.rule.rawValue) needs \(width)")
      }
      tally.add(.accepted)
    }
    try tree.prepare(&piece, on: executor)
  }

  func finish() throws(AssayError) { try tree.append(piece) }

  private func problem(_ chunk: TextChunk, _ offset: Int, _ message: String) -> AssayError {
    let (line, column) = chunk.position(of: offset)
    return AssayError(
      .input, "\(file):\(line):\(column): \(message).",
      advice: isText ? "" : "A leaf is one line of hexadecimal digits; --text takes lines as they are.")
  }

  /// Where a text stops being hexadecimal; its end when it has an odd number of digits.
  private func firstBad(_ text: UnsafeRawBufferPointer) -> Int {
    let start = text.starts(with: Array("0x".utf8)) || text.starts(with: Array("0X".utf8)) ? 2 : 0
    let digits = Set("0123456789abcdefABCDEF".utf8)
    return text.indices.dropFirst(start).first { !digits.contains(text[$0]) } ?? text.count
  }
}
