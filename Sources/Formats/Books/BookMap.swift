import Assay
import AssayIO

/// What `--map` and `--set` say of a book: which of its columns stands for which known one, and what stands for cells that it leaves
/// empty or lacks.
package struct BookMap: Sendable {
  /// The places in ``BookColumn/all`` that columns of the file stand for, with the names in the file.
  private var sources: [(column: Int, names: NameTable)] = []
  /// Numbers, and moments in seconds since 1970, by their column's place in ``BookColumn/all``.
  private var numbers: [Int: Double] = [:]
  /// The type of options whose type is not said.
  private(set) var type: UInt8?

  /// Nothing is said.
  package init() {}

  /// Reads `spot=underlying_price,strike=K` and `rate=0.03,type=call`, as a command line has them.
  ///
  /// - Parameters:
  ///   - map: known names and the names that the file has for them; nil for none.
  ///   - settings: known names and values.
  ///   - time: the time of day of an expiry that is a date alone.
  /// - Throws: ``AssayError`` of kind `usage` naming what is not known, there twice, or not a value of its column.
  package init(map: String?, set settings: String?, at time: TimeOfDay) throws(AssayError) {
    for (column, name) in try Self.pairs(map, of: "--map") {
      if let other = sources.first(where: { $0.names.position(of: name) != nil }) {
        throw AssayError(
          .usage,
          "--map gives the column \(name) two meanings: \(BookColumn.all[other.column].name) and "
            + "\(BookColumn.all[column].name).")
      }
      sources.append((column, NameTable([name])))
    }
    for (column, value) in try Self.pairs(settings, of: "--set") { try set(column, value, at: time) }
  }

  /// The place in ``BookColumn/all`` that the file's column `name` is mapped to.
  func column(of name: String) -> Int? { sources.first { $0.names.position(of: name) != nil }?.column }

  /// Whether another column of the file stands for the one at `column` in ``BookColumn/all``, whatever the file calls so.
  func covers(_ column: Int) -> Bool { sources.contains { $0.column == column } }

  /// What stands for an empty cell of `column`, or for all of it.
  func number(_ column: BookColumn) -> Double? {
    BookColumn.all.firstIndex { $0.name == column.name }.flatMap { numbers[$0] }
  }

  /// Whether all rows have a value of `column`.
  func sets(_ column: BookColumn) -> Bool {
    number(column) != nil || column.name == BookColumn.type.name && type != nil
  }

  /// Refuses a file that lacks a column which is mapped.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the column.
  func check(_ names: [String], file: String) throws(AssayError) {
    for (column, source) in sources where !names.contains(where: { source.position(of: $0) != nil }) {
      throw AssayError(
        .input,
        "\(file):1:1: the header has no column \(source.names[0]), which --map gives the meaning "
          + "\(BookColumn.all[column].name).",
        advice: "It has: \(names.joined(separator: ", ")).")
    }
  }

  private mutating func set(_ column: Int, _ value: String, at time: TimeOfDay) throws(AssayError) {
    let known = BookColumn.all[column]
    let cell = Array(value.utf8)
    switch known.kind {
    case .number: numbers[column] = cell.withUnsafeBytes { CSVDialect.comma.number($0) }
    case .type: type = cell.withUnsafeBytes { BookWord.type($0) }
    case .moment where known.name == BookColumn.expiry.name:
      numbers[column] = cell.withUnsafeBytes { Instant(cell: $0, at: time)?.seconds }
    case .moment, .model, .text:
      throw AssayError(
        .usage, "--set cannot give \(known.name).",
        advice: "It takes numbers, type and expiry; --as-of and --model are options of their own.")
    }
    guard numbers[column] != nil || known.kind == .type && type != nil else {
      throw AssayError(.usage, "--set: \(known.name) cannot be '\(value.prefix(40))'.")
    }
  }

  /// The pairs of `list`, the first of each as a place in ``BookColumn/all``.
  private static func pairs(_ list: String?, of option: String) throws(AssayError) -> [(column: Int, value: String)] {
    guard let list else { return [] }
    var pairs: [(column: Int, value: String)] = []
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard words.count == 2, !words[1].isEmpty else {
        throw AssayError(.usage, "\(option): '\(part.prefix(40))' is not a name, an equals sign and a value.")
      }
      guard let place = BookColumn.table.position(of: words[0]).map({ BookColumn.columnOfName[$0] }) else {
        let suggestion = BookColumn.table.suggestion(for: words[0]).map { "Did you mean \($0)? " } ?? ""
        throw AssayError(
          .usage, "\(option): a book has no column \(words[0]).",
          advice: "\(suggestion)`assay measures --columns` lists the columns.")
      }
      guard !pairs.contains(where: { $0.column == place }) else {
        throw AssayError(.usage, "\(option) names \(BookColumn.all[place].name) twice.")
      }
      pairs.append((place, words[1]))
    }
    return pairs
  }
}

/// The columns of a book that its output repeats, beside those that are not known.
package enum KeptColumns: Sendable {
  /// None.
  case none
  /// Every one.
  case all
  /// Those of these names.
  case named([String])

  /// Reads `all`, or names with commas between them.
  package init(_ list: String) {
    self = list == "all" ? .all : .named(list.split(separator: ",").map(String.init))
  }
}
