public import AssayCore
import CAssayText

/// Parses JSON documents one after another; one parser a thread.
///
/// Bounded by construction: a document's bytes, its levels and so its memory (some 15 times its bytes) have limits.
public final class JSONParser {
  private let parser: OpaquePointer

  /// A parser of documents of up to `longest` bytes and `depth` levels.
  ///
  /// - Throws: ``AssayError`` of kind `usage` when there is no memory for it.
  public init(longest: Int = 1 << 23, depth: Int = 64) throws(AssayError) {
    guard let parser = assay_json_create(longest, depth) else {
      throw AssayError(.usage, "There is no memory for a JSON parser.")
    }
    self.parser = parser
  }

  deinit { assay_json_destroy(parser) }

  /// The document's root, which is valid until the next call; or why `text` is not a JSON document, in words. Numbers of any size
  /// are taken; see ``JSONValue/numeral``.
  ///
  /// - Parameter text: UTF-8, followed by `ASSAY_JSON_PADDING` readable bytes, as ``TextChunk`` and ``JSONFile`` have them.
  public func parse(_ text: UnsafeRawBufferPointer) -> Result<JSONValue, JSONFailure> {
    let result = parse(text, hasNumerals: false)
    guard case .failure = result, !text.isEmpty, let marked = RawJSON.markingNumerals(in: text) else { return result }
    // The numbers that may have been too large are strings now; what else is wrong is still told.
    let padded = marked + [UInt8](repeating: 0, count: Int(ASSAY_JSON_PADDING))
    return padded.withUnsafeBytes { parse($0.part(0..<marked.count), hasNumerals: true) }
  }

  private func parse(_ text: UnsafeRawBufferPointer, hasNumerals: Bool) -> Result<JSONValue, JSONFailure> {
    guard let start = text.baseAddress?.assumingMemoryBound(to: CChar.self), !text.isEmpty else {
      return .failure(JSONFailure(description: "The text is empty."))
    }
    let code = assay_json_parse(parser, start, text.count)
    guard code == 0 else { return .failure(JSONFailure(description: String(cString: assay_json_message(code)))) }
    return .success(
      JSONValue(assay_json_tape(parser), strings: assay_json_strings(parser), at: 1, hasNumerals: hasNumerals))
  }
}

/// Why text is not a JSON document, in simdjson's words.
public struct JSONFailure: Error, CustomStringConvertible {
  /// The sentence.
  public let description: String
}

/// A whole JSON file in memory, parsed: rules, scenarios, receipts, keys.
public final class JSONFile {
  /// The document's root; valid as long as the file.
  public let root: JSONValue
  private let parser: JSONParser

  /// Reads and parses `path`.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the file and what is wrong.
  public convenience init(_ path: String) throws(AssayError) {
    try self.init(try InputFile(path).readAll(), name: path)
  }

  /// Parses `text`, which messages call `name`.
  public init(_ text: [UInt8], name: String) throws(AssayError) {
    let parser = try JSONParser(longest: max(text.count, 64))
    let padded = text + [UInt8](repeating: 0, count: Int(ASSAY_JSON_PADDING))
    switch padded.withUnsafeBytes({ parser.parse($0.part(0..<text.count)) }) {
    case .success(let root): self.root = root
    case .failure(let failure): throw AssayError(.input, "\(name):1:1: is not JSON: \(failure)")
    }
    self.parser = parser
  }
}
