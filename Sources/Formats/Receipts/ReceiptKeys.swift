import AssayIO
import Assay
import FoundationEssentials

/// The keys of a receipt file: any spelling of a known one is that one, and every other is an error, at any depth. What a receipt says
/// under a misspelt key must not pass as something that `assay replay` held against the files.
enum ReceiptKeys {
  private static let receipt = [
    "schemaVersion", "assayVersion", "arguments", "files", "options", "inputs", "output", "resultRoot", "resultRows",
    "prices", "summary", "warnings", "devices", "nanoseconds", "ranges",
  ]
  private static let file = ["path", "bytes", "sha256"]
  private static let price = ["underlying", "price", "reports", "refusal"]
  private static let summary = ["rows", "accepted", "rejected", "reasons", "elapsedNanoseconds"]
  private static let time = ["queue", "copy", "build", "compute", "check"]
  private static let range = [
    "operation", "version", "first", "rows", "device", "kernel", "simulated", "audited", "fallbacks", "lanes",
    "nanoseconds",
  ]
  private static let fallback = ["device", "kernel", "rows", "reason", "mismatched"]
  private static let lanes = ["redone", "registered", "looked", "keyBytes"]

  /// Looks for keys that are not known in the receipt `bytes` of the file at `path`.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the file, the key and the one that it may have meant.
  static func check(_ bytes: [UInt8], path: String) throws(AssayError) {
    let document = try JSONFile(bytes, name: path)
    defer { withExtendedLifetime(document) {} }
    let fields = try FileFields(document.root, receipt, in: path)
    for (index, input) in (try fields.list("inputs") ?? []).enumerated() {
      _ = try FileFields(input, file, in: path, place: "input \(index + 1)")
    }
    for (index, value) in (try fields.list("prices") ?? []).enumerated() {
      _ = try FileFields(value, price, in: path, place: "price \(index + 1)")
    }
    for (name, known) in [("output", file), ("summary", summary), ("nanoseconds", time)] {
      if let value = fields.value(name) { _ = try FileFields(value, known, in: path, place: name) }
    }
    for (index, value) in (try fields.list("ranges") ?? []).enumerated() {
      let place = "range \(index + 1)"
      let entry = try FileFields(value, range, in: path, place: place)
      for fallen in try entry.list("fallbacks") ?? [] {
        _ = try FileFields(fallen, fallback, in: path, place: "\(place), a fallback")
      }
      for (name, known) in [("lanes", lanes), ("nanoseconds", time)] {
        if let value = entry.value(name) { _ = try FileFields(value, known, in: path, place: "\(place), \(name)") }
      }
    }
  }

  /// A decoder that finds known keys in any spelling.
  static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    let table = NameTable(receipt + file + price + summary + time + range + fallback + lanes)
    decoder.keyDecodingStrategy = .custom { path in
      let name = path.last?.stringValue ?? ""
      return Key(stringValue: table.position(of: name).map { table.names[$0] } ?? name)
    }
    return decoder
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
