/// Some rows of a record batch, up to ``ArrowSlices/rows`` at a time.
public final class ArrowSlice: PipelinePiece {
  /// The position among the file's slices, from 0.
  public fileprivate(set) var index = 0
  /// The batch's columns, all of their rows.
  public fileprivate(set) var columns: [ArrowColumn] = []
  /// The slice's rows of the batch.
  public fileprivate(set) var range = 0..<0
  /// The number, from 1, of the first row.
  public fileprivate(set) var firstRow = 1
}

/// Hands a file out slice by slice.
public final class ArrowSlices: PipelineSource {
  /// The most rows of a slice: a multiple of 8, so that bits fall on bytes.
  public static let rows = 1 << 15
  private let file: ArrowFile
  private var (batch, start, index, nextRow) = (0, 0, 0, 1)

  /// The slices of `file`.
  public init(_ file: ArrowFile) { self.file = file }

  /// An empty slice.
  public func makePiece() -> ArrowSlice { ArrowSlice() }

  /// Moves `slice` to the next rows; false at the end. Its old rows' memory is given back: a file of any size takes a few slices.
  public func next(into slice: ArrowSlice) -> Bool {
    for column in slice.columns { column.release(slice.range) }
    while batch < file.batches.count, start >= file.batchRows[batch] { (batch, start) = (batch + 1, 0) }
    guard batch < file.batches.count else { return false }
    let end = min(start + Self.rows, file.batchRows[batch])
    (slice.index, slice.columns, slice.range, slice.firstRow) = (index, file.batches[batch], start..<end, nextRow)
    nextRow += end - start
    (start, index) = (end, index + 1)
    return true
  }
}
