import Assay
import AssayIO
import FoundationEssentials

/// What `--receipt` writes and `assay replay` reads.
struct ReceiptFile: Codable {
  /// A file that was read or written.
  struct File: Codable, Hashable {
    /// The path as it was given; `-` is a standard stream.
    var path: String
    /// Its size.
    var bytes: Int
    /// SHA-256 of its bytes, in hexadecimal.
    var sha256: String
  }

  /// What came of the rows.
  struct Summary: Codable {
    /// Rows read.
    var rows: Int
    /// Rows accepted.
    var accepted: Int
    /// Rows rejected or unusable.
    var rejected: Int
    /// Rows by reason.
    var reasons: [String: Int]
    /// From start to end.
    var elapsedNanoseconds: Int64
  }

  /// The version of this format.
  var schemaVersion = 1
  /// Assay's version.
  var assayVersion: String
  /// The command with the options that decide results, as `assay` takes it.
  var arguments: [String]
  /// What was read, in order.
  var inputs: [File]
  /// What was written.
  var output: File
  /// The RFC 6962 root, in hexadecimal, over the result rows as they were written, each without its line end, the header left out;
  /// nil where the output is not rows of text.
  var resultRoot: String?
  /// How many rows that is.
  var resultRows: Int?
  /// What came of the rows.
  var summary: Summary
  /// What backends found and did not use, or complained of, in words.
  var warnings: [String]?
  /// Nanoseconds by kind of work, over all threads.
  var nanoseconds: RowsReceipt.Time
  /// Who computed which rows of which operation.
  var ranges: [RowsReceipt]

  /// Reads a receipt.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the file and what is wrong.
  init(contentsOf path: String) throws(AssayError) {
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

extension Encodable {
  /// The value as a JSON document with sorted keys and a line end.
  func jsonText() throws(AssayError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    } catch {
      throw AssayError(.usage, "The report cannot be written as JSON: \(error).")
    }
  }
}

extension OutputFile {
  /// Writes text as UTF-8.
  func write(_ text: String) throws(AssayError) { try write(Array(text.utf8)) }

  /// Writes bytes.
  func write(_ bytes: [UInt8]) throws(AssayError) {
    // A closure would lose the error's type.
    let memory = Memory(byteCount: bytes.count)
    memory.bytes.copyBytes(from: bytes)
    try write(UnsafeRawBufferPointer(memory.bytes))
  }
}
