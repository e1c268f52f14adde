import Assay

/// An object of a rule, accounts or signers file: its members by name. A name that it does not know is refused, with the one that
/// was meant where there is one.
struct RuleFields {
  private let members: [String: DecimalJSON]
  /// Where it stands, for messages.
  let path: String

  /// The members of `value`, of which `known` are all that there may be; nil for no check.
  init(_ value: DecimalJSON, known: [String]?, path: String) throws(AssayError) {
    guard let members = value.members else {
      throw AssayError(.input, "\(path): is \(value.kind), not an object.")
    }
    self.path = path
    var named: [String: DecimalJSON] = [:]
    let table = NameTable(known ?? [])
    for (name, value) in members {
      var canonical = name
      if let known {
        guard let place = table.position(of: name) else {
          let hint = table.suggestion(for: name).map { ": did you mean \($0)?" } ?? "."
          throw AssayError(
            .input, "\(path): \(name) is not known here\(hint)",
            advice: "It may have: \(known.joined(separator: ", ")).")
        }
        canonical = table.names[place]
      }
      guard named.updateValue(value, forKey: canonical) == nil else {
        throw AssayError(.input, "\(path): \(canonical) is there twice.")
      }
    }
    self.members = named
  }

  /// What is wrong here.
  func failure(_ what: String) -> AssayError { AssayError(.input, "\(path): \(what).") }

  /// The member called `name`; nil when it is absent or null.
  subscript(name: String) -> DecimalJSON? {
    guard let value = members[name] else { return nil }
    if case .null = value { return nil }
    return value
  }

  /// The names in alphabetical order.
  var names: [String] { members.keys.sorted() }

  /// A number; `fallback` when it is absent, an error when that is nil.
  func number<Number: MarginNumber>(_ name: String, _ fallback: Number? = nil) throws(AssayError) -> Number {
    guard let value = self[name] else {
      guard let fallback else { throw failure("\(name) is missing") }
      return fallback
    }
    guard let decimal = value.decimal else { throw failure("\(name) is \(value.kind), not a number") }
    let number = Number(decimal)
    guard !number.isUndefined else { throw failure("\(name) is out of range") }
    return number
  }

  /// A whole number of at least 0; nil when it is absent.
  func whole(_ name: String) throws(AssayError) -> Int? {
    guard let value = self[name] else { return nil }
    guard let number = value.decimal.flatMap({ Int($0.text) }), number >= 0 else {
      throw failure("\(name) is not a whole number of 0 or more")
    }
    return number
  }

  /// A string; nil when it is absent.
  func text(_ name: String) throws(AssayError) -> String? {
    guard let value = self[name] else { return nil }
    guard let text = value.string else { throw failure("\(name) is \(value.kind), not a string") }
    return text
  }

  /// A truth value, false when it is absent.
  func flag(_ name: String) throws(AssayError) -> Bool {
    guard let value = self[name] else { return false }
    guard let flag = value.bool else { throw failure("\(name) is \(value.kind), not true or false") }
    return flag
  }

  /// An array; empty when it is absent.
  func list(_ name: String) throws(AssayError) -> [DecimalJSON] {
    guard let value = self[name] else { return [] }
    guard let elements = value.elements else { throw failure("\(name) is \(value.kind), not an array") }
    return elements
  }

  /// An object with the members `known`; nil when it is absent.
  func object(_ name: String, _ known: [String]) throws(AssayError) -> RuleFields? {
    guard let value = self[name] else { return nil }
    return try RuleFields(value, known: known, path: "\(path): \(name)")
  }
}
