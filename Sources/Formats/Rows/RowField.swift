/// A field that rows of a type may have: its name, what it holds, and whether it may be left out.
public struct RowField: Sendable {
  /// What a field holds.
  public indirect enum Kind: Sendable {
    /// A byte string: hexadecimal with or without `0x`, or `base64:` or `base58:` and the text.
    case bytes
    /// Text as it is.
    case text
    /// One of some words.
    case word([String])
    /// A whole number from 0 to 2^64 - 1: a JSON number, or a decimal string.
    case whole
    /// A whole number of any width: a JSON number, or hexadecimal as Ethereum's JSON-RPC writes it.
    case quantity
    /// True or false.
    case flag
    /// An object with fields of its own.
    case object([RowField])
    /// A list of values of one kind.
    case list(Kind)
    /// A JSON document: inline, or a file's name where the command has `--files`.
    case document
    /// JSON of more than one shape, which the type's rule describes.
    case json

    /// What it is called in tables.
    public var name: String {
      switch self {
      case .bytes: "bytes"
      case .text: "text"
      case .word: "word"
      case .whole: "whole number"
      case .quantity: "quantity"
      case .flag: "true or false"
      case .object: "object"
      case .list(let element): "list of \(element.name)"
      case .document: "document"
      case .json: "JSON"
      }
    }
  }

  /// The name, in camel case.
  public let name: String
  /// What it holds.
  public let kind: Kind
  /// Whether it may be left out or null.
  public let isOptional: Bool
  /// What the kind does not say: lengths, encodings, defaults.
  public let note: String

  /// A field that every row of the type has.
  public static func required(_ name: String, _ kind: Kind, _ note: String = "") -> RowField {
    RowField(name: name, kind: kind, isOptional: false, note: note)
  }

  /// A field that may be left out or null.
  public static func optional(_ name: String, _ kind: Kind, _ note: String = "") -> RowField {
    RowField(name: name, kind: kind, isOptional: true, note: note)
  }

  /// The words of a field of kind ``Kind/word(_:)``; none otherwise.
  public var words: [String] {
    if case .word(let words) = kind { words } else { [] }
  }
}
