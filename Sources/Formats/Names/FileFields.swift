import Assay
import AssayIO

/// The fields of an object in a file that a person writes: scenarios, rules. Names are found in any spelling, and one that is not
/// known is an error: a misspelt rule must not pass as one that was applied.
package struct FileFields {
  private let file: String
  private let place: String
  private let names: NameTable
  private let values: [JSONValue?]

  /// The fields `names` of `object`, which messages call `place`: `scenario 3`, say; empty for the file itself.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the file and the field that is not known, or there twice.
  package init(_ object: JSONValue, _ names: [String], in file: String, place: String = "") throws(AssayError) {
    self.file = file
    self.place = place
    let table = NameTable(names)
    self.names = table
    var values = [JSONValue?](repeating: nil, count: names.count)
    var strangers: [String] = []
    var twice: Int?
    object.forEachField { name, value in
      guard let index = table.position(of: name) else {
        strangers.append(String(decoding: name.prefix(64), as: UTF8.self))
        return
      }
      if values[index] != nil { twice = twice ?? index }
      values[index] = value
    }
    self.values = values
    guard object.isObject else { throw problem("this is not a JSON object") }
    if let twice { throw problem("\(names[twice]) is there twice") }
    if let stranger = strangers.first {
      let suggestion = table.suggestion(for: stranger) { values[$0] == nil }
      throw problem(
        "'\(stranger)' is not known" + (suggestion.map { ": did you mean \($0)?" } ?? ""),
        advice: "There are: \(names.joined(separator: ", ")).")
    }
  }

  /// An error at this object.
  package func problem(_ message: String, advice: String = "") -> AssayError {
    let end = message.hasSuffix("?") ? "" : "."
    return AssayError(.input, "\(file):1:1: \(place.isEmpty ? "" : "\(place): ")\(message)\(end)", advice: advice)
  }

  /// Whether the field is there and not null.
  package func has(_ name: String) -> Bool { value(name) != nil }

  /// The field; nil when it is missing or null.
  package func value(_ name: String) -> JSONValue? {
    guard let index = names.names.firstIndex(of: name), let value = values[index], !value.isNull else { return nil }
    return value
  }

  /// A number; nil when the field is missing or null.
  package func number(_ name: String) throws(AssayError) -> Double? {
    guard let value = value(name) else { return nil }
    guard let number = value.double ?? value.numeral.flatMap(Double.init) else {
      throw problem("\(name) is not a number")
    }
    return number
  }

  /// A number that must be there.
  package func required(_ name: String) throws(AssayError) -> Double {
    guard let number = try number(name) else { throw problem("\(name) is missing") }
    return number
  }

  /// Text; nil when the field is missing or null.
  package func text(_ name: String) throws(AssayError) -> String? {
    guard let value = value(name) else { return nil }
    guard let text = value.string else { throw problem("\(name) is not a string") }
    return text
  }

  /// The elements of a list; nil when the field is missing or null.
  package func list(_ name: String) throws(AssayError) -> [JSONValue]? {
    guard let value = value(name) else { return nil }
    guard let elements = value.elements else { throw problem("\(name) is not a list") }
    return elements
  }

  /// A list of numbers; nil when the field is missing or null.
  package func numbers(_ name: String) throws(AssayError) -> [Double]? {
    guard let elements = try list(name) else { return nil }
    let numbers = elements.compactMap { $0.double ?? $0.numeral.flatMap(Double.init) }
    guard numbers.count == elements.count else { throw problem("\(name) holds something else than numbers") }
    return numbers
  }

  /// Names: a list of them, or one text with commas; nil when the field is missing or null.
  func names(_ name: String) throws(AssayError) -> [String]? {
    guard let value = value(name) else { return nil }
    if let text = value.string { return text.isEmpty ? [] : text.split(separator: ",").map(String.init) }
    let elements = try list(name) ?? []
    let names = elements.compactMap(\.string)
    guard names.count == elements.count else { throw problem("\(name) holds something else than names") }
    return names
  }

  /// A truth value; false when the field is missing or null.
  func flag(_ name: String) throws(AssayError) -> Bool {
    guard let value = value(name) else { return false }
    guard let flag = value.bool else { throw problem("\(name) is true or false") }
    return flag
  }

  /// A whole number in a range; nil when the field is missing or null.
  func whole(_ name: String, in range: ClosedRange<Int>) throws(AssayError) -> Int? {
    guard let value = value(name) else { return nil }
    guard let number = value.unsigned.flatMap({ Int(exactly: $0) }), range.contains(number) else {
      throw problem("\(name) is a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}
