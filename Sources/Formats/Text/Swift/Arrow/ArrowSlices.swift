public import AssayCore

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

/// Hands a file out slice by slice, each small enough that what is written for it is: a dictionary, or views of one text, may say in
/// four bytes per row what comes out as megabytes.
public final class ArrowSlices: PipelineSource {
  /// The most rows of a slice: a multiple of 8, so that bits fall on bytes.
  public static let rows = 1 << 15
  /// The most values of a slice, rows times columns.
  static let cells = 1 << 22
  /// The most bytes of text of a slice that has more than eight rows.
  static let textBytes = 1 << 24
  /// The most bytes of text of eight rows.
  static let textBytesOfFewRows = 1 << 26
  private let name: String
  private let mostRows: Int
  private var cursor: ArrowFile.Cursor
  private var columns: [ArrowColumn] = []
  private var batchRows = 0
  private var (start, index, nextRow) = (0, 0, 1)

  /// The slices of `file`.
  public init(_ file: ArrowFile) {
    name = file.name
    cursor = ArrowFile.Cursor(file)
    mostRows = min(Self.rows, max(8, Self.cells / max(file.fields.count, 1) & ~7))
  }

  /// An empty slice.
  public func makePiece() -> ArrowSlice { ArrowSlice() }

  /// Moves `slice` to the next rows; false at the end. Its old rows' memory is given back: a file of any size takes a few slices.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the row when rows hold more text than can be written.
  public func next(into slice: ArrowSlice) throws(AssayError) -> Bool {
    for column in slice.columns { column.release(slice.range) }
    while start >= batchRows {
      guard let batch = try cursor.next() else { return false }
      (columns, batchRows, start) = (batch.columns, batch.rows, 0)
    }
    var count = min(mostRows, batchRows - start)
    while true {
      let range = start..<start + count
      let bytes = columns.reduce(0) { $0 + $1.textBytes(range) }
      if bytes <= (count > 8 ? Self.textBytes : Self.textBytesOfFewRows) { break }
      guard count > 8 else {
        throw AssayError(
          .input,
          "\(name):1:1: eight rows from row \(nextRow) on hold \(bytes) bytes of text, more than can be written.")
      }
      count = max(8, count / 2 & ~7)
    }
    (slice.index, slice.columns, slice.range, slice.firstRow) = (index, columns, start..<start + count, nextRow)
    (start, index, nextRow) = (start + count, index + 1, nextRow + count)
    return true
  }
}
