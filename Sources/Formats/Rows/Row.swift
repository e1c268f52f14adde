import Assay
import AssayIO

/// One object of a JSON Lines file, read field by field.
///
/// Only presence and kind of a field are checked here: whether bytes make a key or a proof is the workload's to say. Names are those
/// of the row type's fields; asking for any other is a mistake of the type's author.
package struct Row {
  private let values: [JSONValue?]
  private let layout: RowLayout
  private let context: RowContext

  /// The row in `json`, whose fields `layout` finds.
  init(_ json: JSONValue, _ layout: RowLayout, _ context: RowContext) throws(RowProblem) {
    guard json.isObject else { throw .malformed("this is not a JSON object") }
    values = try layout.values(of: json, context.unknown)
    self.layout = layout
    self.context = context
  }

  /// Documents that rows name by file.
  package var files: RowFiles { context.files }

  /// Whether the field is there and not null.
  package func has(_ name: StaticString) -> Bool { self[name].map { !$0.isNull } ?? false }

  /// Which one of two fields is there, of which a row has only one.
  ///
  /// - Returns: true for `first`.
  package func one(of first: StaticString, or second: StaticString) throws(RowProblem) -> Bool {
    let isFirst = has(first)
    guard isFirst != has(second) else {
      throw .malformed("\(isFirst ? "only one of" : "one of") \(first) and \(second) must be given")
    }
    return isFirst
  }

  /// Text.
  package func text(_ name: StaticString) throws(RowProblem) -> String {
    guard let text = try field(name).string else { throw .malformed("\(name) is not a string") }
    return text
  }

  /// A byte string; see ``RowField/Kind/bytes``.
  package func bytes(_ name: StaticString) throws(RowProblem) -> [UInt8] {
    guard let bytes = try field(name).encodedBytes else {
      throw .malformed("\(name) is not a string of hexadecimal digits, an even number of them")
    }
    return bytes
  }

  /// A byte string; nil when the field is missing or null.
  package func optionalBytes(_ name: StaticString) throws(RowProblem) -> [UInt8]? {
    has(name) ? try bytes(name) : nil
  }

  /// A byte string, or null, which must be written out.
  package func bytesOrNull(_ name: StaticString) throws(RowProblem) -> [UInt8]? {
    guard self[name] != nil else { throw .malformed("\(name) is missing: null says that there is none") }
    return try optionalBytes(name)
  }

  /// A whole number of any width as big-endian bytes: a JSON number, or hexadecimal as Ethereum's JSON-RPC writes it.
  package func quantity(_ name: StaticString) throws(RowProblem) -> [UInt8] {
    guard let bytes = try field(name).quantity else {
      throw .malformed("\(name) is neither a whole number nor one in hexadecimal")
    }
    return bytes
  }

  /// A list of byte strings.
  package func list(_ name: StaticString) throws(RowProblem) -> [[UInt8]] {
    let elements = try elements(name)
    var list: [[UInt8]] = []
    list.reserveCapacity(elements.count)
    for element in elements {
      guard let bytes = element.encodedBytes else {
        throw .malformed("\(name) holds something else than hexadecimal strings")
      }
      list.append(bytes)
    }
    return list
  }

  /// A whole number from 0 to 2^64 - 1, as a number or, as some languages must, as a decimal string.
  package func unsigned(_ name: StaticString) throws(RowProblem) -> UInt64 {
    guard let number = try field(name).wholeNumber else {
      throw .malformed("\(name) is not a whole number from 0 to 2^64 - 1")
    }
    return number
  }

  /// A whole number; nil when the field is missing or null.
  package func optionalUnsigned(_ name: StaticString) throws(RowProblem) -> UInt64? {
    has(name) ? try unsigned(name) : nil
  }

  /// True or false; false when the field is missing or null.
  package func flag(_ name: StaticString) throws(RowProblem) -> Bool {
    guard has(name) else { return false }
    guard let flag = try field(name).bool else { throw .malformed("\(name) is neither true nor false") }
    return flag
  }

  /// A list of true and false.
  package func flags(_ name: StaticString) throws(RowProblem) -> [Bool] {
    let elements = try elements(name)
    let flags = elements.compactMap(\.bool)
    guard flags.count == elements.count else { throw .malformed("\(name) holds something else than true and false") }
    return flags
  }

  /// A list of whole numbers from 0 to 2^64 - 1.
  package func unsignedList(_ name: StaticString) throws(RowProblem) -> [UInt64] {
    let elements = try elements(name)
    let numbers = elements.compactMap(\.wholeNumber)
    guard numbers.count == elements.count else { throw .malformed("\(name) holds something else than whole numbers") }
    return numbers
  }

  /// An object, whose fields the type describes.
  package func row(_ name: StaticString) throws(RowProblem) -> Row {
    try nested(try field(name), name)
  }

  /// A list of objects, whose fields the type describes.
  package func rows(_ name: StaticString) throws(RowProblem) -> [Row] {
    var rows: [Row] = []
    for element in try elements(name) { rows.append(try nested(element, name)) }
    return rows
  }

  /// A value of any kind, for formats of their own.
  package func value(_ name: StaticString) throws(RowProblem) -> JSONValue { try field(name) }

  /// Calls `body` with a document: inline, or read from the file that the row names.
  package func document<Result>(
    _ name: StaticString, _ body: (JSONValue) throws(RowProblem) -> Result
  ) throws(RowProblem) -> Result {
    try files.with(try field(name), name: "\(name)", body)
  }

  /// One of the words of `Choice`; nil when the field is missing or null.
  package func choice<Choice: RawRepresentable<String>>(
    _ name: StaticString, of _: Choice.Type
  ) throws(RowProblem) -> Choice? {
    guard has(name) else { return nil }
    let word = try text(name)
    guard let choice = Choice(rawValue: word) else { throw .unsupported("\(name) '\(word.prefix(40))' is not known") }
    return choice
  }

  private func nested(_ value: JSONValue, _ name: StaticString) throws(RowProblem) -> Row {
    guard let inner = layout.nested[place(name)] else { preconditionFailure("\(name) is described without fields") }
    guard value.isObject else { throw .malformed("\(name) holds something else than objects") }
    return try Row(value, inner, context)
  }

  private func elements(_ name: StaticString) throws(RowProblem) -> [JSONValue] {
    guard let elements = try field(name).elements else { throw .malformed("\(name) is not a list") }
    return elements
  }

  private func field(_ name: StaticString) throws(RowProblem) -> JSONValue {
    guard let value = self[name], !value.isNull else { throw .malformed("\(name) is missing") }
    return value
  }

  /// Refuses a row that proves something of another root than `expected`, or of none. Of a tree that grew, the later root counts.
  func check(root expected: [UInt8]) throws(RowProblem) {
    let names: [StaticString] = ["root", "stateRoot", "secondRoot"]
    guard let name = names.first(where: { layout.place(of: $0) != nil }) else {
      throw .unsupported("rows of this type have no root, and only proofs of one root are asked for")
    }
    guard try bytes(name) == expected else {
      throw RowProblem(verdict: .rootMismatch, message: "\(name) is not the root that proofs are asked of")
    }
  }

  private subscript(name: StaticString) -> JSONValue? { values[place(name)] }

  private func place(_ name: StaticString) -> Int {
    guard let place = layout.place(of: name) else { preconditionFailure("the type has no field \(name)") }
    return place
  }
}

/// What rows share that one thread reads: the names that no type knows, and the files that rows name.
final class RowContext {
  /// Names of fields that no type knows.
  let unknown: UnknownNames
  /// Documents that rows name by file.
  let files: RowFiles

  /// A context as `options` say.
  init(_ options: RowOptions) {
    unknown = UnknownNames(isStrict: options.refusesUnknownFields)
    files = RowFiles(under: options.filesFolder)
  }
}

/// How rows are read: what the command's options and the library's callers say.
public struct RowOptions: Sendable {
  /// Whether a field that the row's type does not have makes the row malformed; it is ignored and noted otherwise.
  public var refusesUnknownFields = false
  /// The folder below which rows may name files; nil where they may name none.
  public var filesFolder: String?

  /// The root that every row must prove something of, in the byte order of the rows; nil for any.
  public var root: [UInt8]?

  /// Unknown fields are ignored and noted, and rows name no files.
  public init() {}
}
