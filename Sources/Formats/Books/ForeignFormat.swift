import Assay
import AssayIO

/// A format that books come in and that is neither CSV nor Arrow, told by a file's first bytes.
struct ForeignFormat {
  private let name: String
  private let signature: [UInt8]
  private let conversion: String

  private static let all: [ForeignFormat] = [
    .init(
      name: "a Parquet file", signature: Array("PAR1".utf8),
      conversion: "Convert it with `duckdb -c \"COPY (FROM 'book.parquet') TO 'book.csv'\"`, or to Arrow with pyarrow."),
    .init(
      name: "compressed with gzip", signature: [0x1F, 0x8B],
      conversion: "Pipe it in: `zcat book.csv.gz | assay price -`."),
    .init(
      name: "compressed with zstd", signature: [0x28, 0xB5, 0x2F, 0xFD],
      conversion: "Pipe it in: `zstdcat book.csv.zst | assay price -`."),
    .init(
      name: "compressed with xz", signature: [0xFD, 0x37, 0x7A, 0x58, 0x5A],
      conversion: "Pipe it in: `xzcat book.csv.xz | assay price -`."),
    .init(
      name: "compressed with bzip2", signature: Array("BZh".utf8),
      conversion: "Pipe it in: `bzcat book.csv.bz2 | assay price -`."),
    .init(
      name: "a workbook of Excel or a zip archive", signature: Array("PK\u{3}\u{4}".utf8),
      conversion: "Save the sheet as CSV UTF-8, or unpack the archive."),
    .init(
      name: "a workbook of an old Excel", signature: [0xD0, 0xCF, 0x11, 0xE0],
      conversion: "Save the sheet as CSV UTF-8."),
    .init(name: "text in UTF-16", signature: [0xFF, 0xFE], conversion: utf8),
    .init(name: "text in UTF-16", signature: [0xFE, 0xFF], conversion: utf8),
    .init(
      name: "JSON, not CSV", signature: Array("{\"".utf8),
      conversion: "Convert JSON Lines with `duckdb -c \"COPY (FROM read_json('book.jsonl')) TO 'book.csv'\"`."),
    .init(name: "JSON, not CSV", signature: Array("[{".utf8), conversion: "Convert it with pandas or duckdb."),
  ]
  private static let utf8 = "Convert it with `iconv -f UTF-16 -t UTF-8`."

  /// Refuses an input that is in a format which books cannot have.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the format and how to convert it.
  static func refuse(_ input: InputFile) throws(AssayError) {
    let start = try input.peek(8)
    guard let format = all.first(where: { start.starts(with: $0.signature) }) else { return }
    throw AssayError(.input, "\(input.name):1:1: the file is \(format.name).", advice: format.conversion)
  }
}
