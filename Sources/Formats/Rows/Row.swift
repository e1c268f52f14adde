import Assay
import AssayIO

/// Why a row gives no check: the reason that its output states, and what is wrong in words.
struct RowProblem: Error {
  /// The reason.
  let verdict: Verdict
  /// The words.
  let message: String

  /// The row cannot be parsed or lacks a field.
  static func malformed(_ message: String) -> RowProblem { RowProblem(verdict: .malformedRow, message: message) }
  /// The row asks for what this version does not verify.
  static func unsupported(_ message: String) -> RowProblem { RowProblem(verdict: .unsupportedType, message: message) }
}

/// One object of a JSON Lines file, read field by field.
///
/// Only presence and kind of a field are checked here: whether bytes make a key or a proof is the workload's to say.
struct Row {
  private let json: JSONValue

  /// The row in `json`.
  init(_ json: JSONValue) throws(RowProblem) {
    guard json.isObject else { throw .malformed("the line is no JSON object") }
    self.json = json
  }

  /// Whether the field is there and not null.
  func has(_ name: StaticString) -> Bool { json[name].map { !$0.isNull } ?? false }

  /// The row's identifier, to be echoed: a string or a number; nil for anything else.
  var identifier: JSONValue? { json["id"] }

  /// A string.
  func text(_ name: StaticString) throws(RowProblem) -> String {
    guard let text = try field(name).string else { throw .malformed("\(name) is no string") }
    return text
  }

  /// Bytes in hexadecimal.
  func bytes(_ name: StaticString) throws(RowProblem) -> [UInt8] {
    guard let bytes = try field(name).hexadecimal else { throw .malformed("\(name) is no hexadecimal string") }
    return bytes
  }

  /// Bytes in hexadecimal; nil when the field is missing or null.
  func optionalBytes(_ name: StaticString) throws(RowProblem) -> [UInt8]? {
    has(name) ? try bytes(name) : nil
  }

  /// Bytes in hexadecimal, or null, which must be written out.
  func bytesOrNull(_ name: StaticString) throws(RowProblem) -> [UInt8]? {
    guard json[name] != nil else { throw .malformed("\(name) is missing: null says that there is none") }
    return try optionalBytes(name)
  }

  /// A number as Ethereum's JSON-RPC writes it, hexadecimal with any number of digits, as big-endian bytes.
  func quantity(_ name: StaticString) throws(RowProblem) -> [UInt8] {
    var digits = try text(name)
    if digits.hasPrefix("0x") || digits.hasPrefix("0X") { digits.removeFirst(2) }
    if digits.utf8.count % 2 == 1 { digits = "0" + digits }
    guard let bytes = Array(digits.utf8).withUnsafeBytes(Hexadecimal.decode) else {
      throw .malformed("\(name) is no hexadecimal number")
    }
    return bytes
  }

  /// A list of bytes in hexadecimal.
  func list(_ name: StaticString) throws(RowProblem) -> [[UInt8]] {
    let elements = try elements(name)
    var list: [[UInt8]] = []
    list.reserveCapacity(elements.count)
    for element in elements {
      guard let bytes = element.hexadecimal else {
        throw .malformed("\(name) holds something else than hexadecimal strings")
      }
      list.append(bytes)
    }
    return list
  }

  /// A whole number from 0 to 2^64 - 1, as a number or, as some languages must, as a decimal string.
  func unsigned(_ name: StaticString) throws(RowProblem) -> UInt64 {
    let value = try field(name)
    guard let number = value.unsigned ?? value.string.flatMap({ UInt64($0) }) else {
      throw .malformed("\(name) is no whole number from 0 to 2^64 - 1")
    }
    return number
  }

  /// A whole number; nil when the field is missing or null.
  func optionalUnsigned(_ name: StaticString) throws(RowProblem) -> UInt64? {
    has(name) ? try unsigned(name) : nil
  }

  /// True or false; false when the field is missing or null.
  func flag(_ name: StaticString) throws(RowProblem) -> Bool {
    guard has(name) else { return false }
    guard let flag = try field(name).bool else { throw .malformed("\(name) is neither true nor false") }
    return flag
  }

  /// A list of true and false.
  func flags(_ name: StaticString) throws(RowProblem) -> [Bool] {
    let elements = try elements(name)
    let flags = elements.compactMap(\.bool)
    guard flags.count == elements.count else { throw .malformed("\(name) holds something else than true and false") }
    return flags
  }

  /// A list of whole numbers from 0 to 2^64 - 1.
  func unsignedList(_ name: StaticString) throws(RowProblem) -> [UInt64] {
    let elements = try elements(name)
    let numbers = elements.compactMap { $0.unsigned ?? $0.string.flatMap { UInt64($0) } }
    guard numbers.count == elements.count else { throw .malformed("\(name) holds something else than whole numbers") }
    return numbers
  }

  /// A list of objects.
  func rows(_ name: StaticString) throws(RowProblem) -> [Row] {
    var rows: [Row] = []
    for element in try elements(name) { rows.append(try Row(element)) }
    return rows
  }

  /// A value of any kind, for formats of their own.
  func value(_ name: StaticString) throws(RowProblem) -> JSONValue { try field(name) }

  /// One of the words of `Choice`; nil when the field is missing or null.
  func choice<Choice: RawRepresentable<String>>(
    _ name: StaticString, of _: Choice.Type
  ) throws(RowProblem) -> Choice? {
    guard has(name) else { return nil }
    let word = try text(name)
    guard let choice = Choice(rawValue: word) else { throw .unsupported("\(name) '\(word.prefix(40))' is not known") }
    return choice
  }

  private func elements(_ name: StaticString) throws(RowProblem) -> [JSONValue] {
    guard let elements = try field(name).elements else { throw .malformed("\(name) is no list") }
    return elements
  }

  private func field(_ name: StaticString) throws(RowProblem) -> JSONValue {
    guard let value = json[name], !value.isNull else { throw .malformed("\(name) is missing") }
    return value
  }
}
