import AssayIO

/// How the fields of a row type are found in a JSON object: once for each object, whatever the order.
final class RowLayout: Sendable {
  /// The names of the fields, after `type` and `id` where rows have those.
  let names: NameTable
  /// The layouts of fields that are objects, or lists of objects.
  let nested: [RowLayout?]

  /// The place of `type` and of `id` in a layout of whole rows.
  static let type = 0, id = 1

  /// A layout of whole rows with `fields`, or of objects inside rows when `isNested`.
  init(_ fields: [RowField], isNested: Bool = false) {
    let own = isNested ? [] : ["type", "id"]
    names = NameTable(own + fields.map(\.name))
    nested =
      own.map { _ in nil }
      + fields.map { field in
        switch field.kind {
        case .object(let fields), .list(.object(let fields)): RowLayout(fields, isNested: true)
        default: nil
        }
      }
  }

  /// The place of the field `name`; nil when there is none.
  func place(of name: StaticString) -> Int? {
    names.position(of: UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }

  /// Finds the fields of `object`. Names that are none of them go to `unknown`.
  ///
  /// - Throws: ``RowProblem`` for a field that is there twice, and for a name that nearly is that of a field which is absent.
  func values(of object: JSONValue, _ unknown: UnknownNames) throws(RowProblem) -> [JSONValue?] {
    var values = [JSONValue?](repeating: nil, count: names.names.count)
    var strangers: [UnsafeRawBufferPointer] = []
    var twice: Int?
    object.forEachField { name, value in
      guard let place = names.position(of: name) else { return strangers.append(name) }
      if values[place] != nil { twice = twice ?? place }
      values[place] = value
    }
    if let twice { throw .malformed("\(names.names[twice]) is there twice") }
    for stranger in strangers {
      if unknown.isHarmless(stranger, to: self) { continue }
      if let place = names.nearMiss(of: stranger, where: { values[$0] == nil }) {
        throw .malformed("\(Self.quoted(stranger)) is not a field: did you mean \(names.names[place])?")
      }
      if unknown.isStrict { throw .malformed("\(Self.quoted(stranger)) is not a field of such a row") }
      unknown.note(stranger, of: self, isHarmless: names.nearMiss(of: stranger) == nil)
    }
    return values
  }

  private static func quoted(_ name: UnsafeRawBufferPointer) -> String {
    "'\(String(decoding: name.prefix(40), as: UTF8.self))'"
  }
}

/// Names of fields that no row type knows, as rows bring them.
final class UnknownNames {
  /// Whether an unknown name makes its row malformed.
  let isStrict: Bool
  /// The names since they were last taken, each once.
  private(set) var names: [String] = []
  /// Names that are known to be nothing but unknown, by layout: most rows of a file have the same ones.
  private var harmless: [ObjectIdentifier: [[UInt8]]] = [:]
  private var noted = Set<String>()

  /// More different names than this are not listed.
  static let most = 64

  init(isStrict: Bool) { self.isStrict = isStrict }

  /// Gives the names away and starts a new list.
  func take() -> [String] {
    defer { names.removeAll(keepingCapacity: true) }
    return names
  }

  /// Whether `name` was noted before as no field of `layout`, and as near to none.
  func isHarmless(_ name: UnsafeRawBufferPointer, to layout: RowLayout) -> Bool {
    guard let known = harmless[ObjectIdentifier(layout)] else { return false }
    return known.contains { $0.elementsEqual(name) }
  }

  /// Notes a name that is not a field of `layout`.
  func note(_ name: UnsafeRawBufferPointer, of layout: RowLayout, isHarmless: Bool) {
    if isHarmless, harmless[ObjectIdentifier(layout), default: []].count < Self.most {
      harmless[ObjectIdentifier(layout), default: []].append(Array(name))
    }
    guard noted.count < Self.most else { return }
    let text = String(decoding: name.prefix(64), as: UTF8.self)
    if noted.insert(text).inserted { names.append(text) }
  }
}
