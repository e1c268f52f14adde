import Assay
import AssayIO
import FoundationEssentials

/// What `--receipt` writes and `assay replay` reads.
package struct ReceiptFile: Codable {
  /// A file that was read or written.
  package struct File: Codable, Hashable {
    /// The path as it was given; `-` is a standard stream.
    package var path: String
    /// Its size.
    package var bytes: Int
    /// SHA-256 of its bytes, in hexadecimal.
    package var sha256: String
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

  /// The version of this format.
  package var schemaVersion = 1
  /// Assay's version.
  package var assayVersion: String
  /// The command with the options that decide results, as `assay` takes it.
  package var arguments: [String]
  /// What was read, in order.
  package var inputs: [File]
  /// What was written.
  package var output: File
  /// The RFC 6962 root, in hexadecimal, over the result rows as they were written, each without its line end, the header left out;
  /// nil where the output is not rows of text.
  package var resultRoot: String?
  /// How many rows that is.
  package var resultRows: Int?
  /// What came of the rows.
  package var summary: Summary
  /// What backends found and did not use, or complained of, in words.
  package var warnings: [String]?
  /// Nanoseconds by kind of work, over all threads.
  package var nanoseconds: RowsReceipt.Time
  /// Who computed which rows of which operation.
  package var ranges: [RowsReceipt]

  /// Reads a receipt.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the file and what is wrong.
  package init(contentsOf path: String) throws(AssayError) {
    let bytes = try InputFile(path).readAll()
    do {
      self = try JSONDecoder().decode(ReceiptFile.self, from: Data(bytes))
    } catch {
      throw AssayError(.input, "\(path):1:1: is not a receipt of `assay --receipt`: \(error).")
    }
  }

  init(
    arguments: [String], inputs: [File], output: File, tally: Tally, ledger: RowsLedger, elapsedNanoseconds: Int64
  ) {
    assayVersion = Assay.version
    self.arguments = arguments
    self.inputs = inputs
    self.output = output
    summary = Summary(
      rows: tally.rows, accepted: tally.accepted, rejected: tally.rejected,
      reasons: Dictionary(tally.reasons.map { ($0.name, $0.rows) }, uniquingKeysWith: +),
      elapsedNanoseconds: elapsedNanoseconds)
    nanoseconds = RowsReceipt.Time()
    for entry in ledger.entries { nanoseconds.add(entry.nanoseconds) }
    ranges = ledger.entries
  }
}
