import Assay
import AssayIO
import FoundationEssentials

/// What `--receipt` writes and `assay replay` reads.
package struct ReceiptFile: Codable {
  /// A file that was read or written.
  package struct File: Codable, Hashable {
    /// The path from the receipt's folder on; `-` is a standard stream.
    package var path: String
    /// Its size.
    package var bytes: Int
    /// SHA-256 of its bytes, in hexadecimal.
    package var sha256: String
  }

  /// A price that signed reports gave, or why they gave none.
  package struct Price: Codable, Hashable {
    /// The underlying.
    package var underlying: String
    /// The price as an integer of 1e-18, in decimal digits; nil where there is none.
    package var price: String?
    /// How many reports are behind it.
    package var reports: Int
    /// Why there is no price, in words; nil where there is one.
    package var refusal: String?
  }

  /// What came of the rows.
  package struct Summary: Codable {
    /// Rows read.
    package var rows: Int
    /// Rows accepted.
    package var accepted: Int
    /// Rows rejected or unusable.
    package var rejected: Int
    /// Rows by reason.
    package var reasons: [String: Int]
    /// From start to end.
    package var elapsedNanoseconds: Int64
  }

  private static let currentVersion = 2

  /// The version of this format.
  package var schemaVersion = ReceiptFile.currentVersion
  /// Assay's version.
  package var assayVersion: String
  /// The command with the options that decide results, as `assay` takes it.
  package var arguments: [String]
  /// The places in `arguments` of paths, which start from the receipt's folder; nil in version 1, where they started from wherever the
  /// command ran.
  package var files: [Int]?
  /// The options in `arguments` with their values.
  package var options: [String: String]?
  /// What was read: every file that the results depend on.
  package var inputs: [File]
  /// What was written.
  package var output: File
  /// The RFC 6962 root, in hexadecimal, over the result rows as they were written, each without its line end, the header left out;
  /// nil where the output is not rows of text.
  package var resultRoot: String?
  /// How many rows that is.
  package var resultRows: Int?
  /// The prices of signed reports that results depend on, by underlying; nil where prices come from the input alone.
  package var prices: [Price]?
  /// What came of the rows.
  package var summary: Summary
  /// What backends found and did not use, or complained of, in words.
  package var warnings: [String]?
  /// What every device beside the host that computed rows says of itself at the end, by its id: board, serial, plugin and its digest,
  /// cycles, temperature; nil when none did.
  package var devices: [String: [String]]?
  /// Nanoseconds by kind of work, over all threads.
  package var nanoseconds: RowsReceipt.Time
  /// Who computed which rows of which operation.
  package var ranges: [RowsReceipt]

  /// Reads a receipt.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the file and what is wrong.
  package init(contentsOf path: String) throws(AssayError) {
    let bytes = try InputFile(path).readAll()
    try ReceiptKeys.check(bytes, path: path)
    do {
      self = try ReceiptKeys.decoder.decode(ReceiptFile.self, from: Data(bytes))
    } catch {
      throw AssayError(.input, "\(path):1:1: is not a receipt of `assay --receipt`: \(error).")
    }
    guard (1...Self.currentVersion).contains(schemaVersion) else {
      throw AssayError(
        .input, "\(path):1:1: schemaVersion is \(schemaVersion), and this version reads 1 to \(Self.currentVersion).",
        advice: "Replay it with the version that wrote it: assay \(assayVersion).")
    }
  }

  init(
    _ words: [CommandWord], inputs: [File], output: File, tally: Tally, ledger: RowsLedger, elapsedNanoseconds: Int64,
    base: PathBase
  ) {
    assayVersion = AssayVersion.current
    arguments = words.map { $0.path.map(base.relative) ?? $0.word }
    files = words.indices.filter { words[$0].path != nil }
    options = words.options
    self.inputs = inputs.map { File(path: base.relative($0.path), bytes: $0.bytes, sha256: $0.sha256) }
    self.output = File(path: base.relative(output.path), bytes: output.bytes, sha256: output.sha256)
    summary = Summary(
      rows: tally.rows, accepted: tally.accepted, rejected: tally.rejected,
      reasons: Dictionary(tally.reasons.map { ($0.name, $0.rows) }, uniquingKeysWith: +),
      elapsedNanoseconds: elapsedNanoseconds)
    nanoseconds = RowsReceipt.Time()
    for entry in ledger.entries { nanoseconds.add(entry.nanoseconds) }
    ranges = ledger.entries
  }
}
