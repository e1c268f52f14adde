import AssayCore

/// Files that are told by how they begin and are not read: each with its name and what turns it into one that is.
enum ForeignFormat {
  private static let beginnings: [(bytes: [UInt8], name: String, conversion: String)] = [
    ([0x1F, 0x8B], "gzip", "gunzip -c FILE | assay price -"),
    ([0x28, 0xB5, 0x2F, 0xFD], "zstd", "zstd -dc FILE | assay price -"),
    (
      Array("PAR1".utf8), "Parquet",
      "python3 -c \"import pandas; pandas.read_parquet('FILE').to_feather('FILE.arrow')\""
    ),
    ([0x50, 0x4B, 0x03, 0x04], "Excel or another zip archive", "save the sheet as CSV"),
    ([0xD0, 0xCF, 0x11, 0xE0], "Excel", "save the sheet as CSV"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz", "xz -dc FILE | assay price -"),
    (Array("BZh".utf8), "bzip2", "bzip2 -dc FILE | assay price -"),
    (
      Array("{\"".utf8), "JSON Lines",
      "python3 -c \"import pandas; pandas.read_json('FILE', lines=True).to_csv('FILE.csv')\""
    ),
    (Array("[{".utf8), "JSON", "python3 -c \"import pandas; pandas.read_json('FILE').to_csv('FILE.csv')\""),
    ([0xFF, 0xFE], "UTF-16", "iconv -f UTF-16 -t UTF-8 FILE"),
    ([0xFE, 0xFF], "UTF-16", "iconv -f UTF-16 -t UTF-8 FILE"),
  ]

  /// Refuses a file of another format than text.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming `file`, its format and the conversion.
  static func refuse(_ start: [UInt8], of file: String) throws(AssayError) {
    guard let foreign = recognised(in: start) else { return }
    throw AssayError(
      .input, "\(file):1:1: this is \(foreign.name), not CSV or Arrow.",
      advice: "Convert it first: \(foreign.conversion).")
  }

  /// What `line`, the beginning of a file, gives away, and how to convert the file; nil when it may be text in UTF-8.
  private static func recognised(in line: [UInt8]) -> (name: String, conversion: String)? {
    if let known = beginnings.first(where: { line.starts(with: $0.bytes) }) { return (known.name, known.conversion) }
    // UTF-16 without a byte order mark: every other byte of a name is zero.
    guard line.count >= 2, (line[0] == 0) != (line[1] == 0) else { return nil }
    let order = line[0] == 0 ? "UTF-16BE" : "UTF-16LE"
    return ("UTF-16", "iconv -f \(order) -t UTF-8 FILE")
  }
}
