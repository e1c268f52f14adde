import Assay
import AssayIO

/// What is asked of a book: what is computed, and what the book leaves open.
package struct BookRequest: Sendable {
  /// What is computed for every option.
  package var computation: BookComputation
  /// The valuation time and the model of rows that name none.
  package var valuation: Valuation
  /// Whether measures are multiplied by quantity x multiplier.
  package var isPosition = false
  /// Whether the output says in words what is wrong with each bad row.
  package var hasDetail = false
  /// Whether a column that is not known ends the command, instead of being passed through.
  package var refusesUnknownColumns = false

  /// Which columns stand for which, and what stands for empty cells.
  package var map = BookMap()
  /// The columns of the book that the output repeats.
  package var kept = KeptColumns.none

  /// A request for `computation` as of `valuation`.
  package init(_ computation: BookComputation, _ valuation: Valuation) {
    self.computation = computation
    self.valuation = valuation
  }
}

/// The header of a book, whatever its format: which of its columns is which of ``BookColumn/all``.
struct BookHeader: Sendable {
  /// How the cells of a column are read.
  enum Reading: Sendable, Equatable {
    /// Passed through, or not needed.
    case text
    /// A number; an empty cell is the default, and makes the row malformed where there is none.
    case number(default: Double?)
    /// A moment in seconds since 1970; an empty cell as for numbers.
    case moment(default: Double?)
    /// A place in a list of words.
    case type
    /// A place in ``BookComputation/models``.
    case model
  }

  /// What is asked of the book.
  private(set) var request: BookRequest
  /// The names in the file, in its order.
  let names: [String]
  /// For every column of the file its place in ``BookColumn/all``; nil for one that is not known.
  let columnOfPlace: [Int?]
  /// For every column of ``BookColumn/all`` its place in the file; nil where the file lacks it.
  private let places: [Int?]

  /// Matches the names of `file`'s header.
  ///
  /// - Throws: ``AssayError`` of kind `input` for a column that is missing, twice there or nearly a known one.
  init(names: [String], _ request: BookRequest, file: String) throws(AssayError) {
    self.names = names
    self.request = request
    columnOfPlace = zip(names, Self.columns(names)).map { name, own in
      request.map.column(of: name) ?? own.flatMap { request.map.covers($0) ? nil : $0 }
    }
    try request.map.check(names, file: file)
    var places = [Int?](repeating: nil, count: BookColumn.all.count)
    for (place, column) in columnOfPlace.enumerated() {
      guard let column else { continue }
      if let first = places[column] {
        throw AssayError(
          .input,
          "\(file):1:1: the columns \(names[first]) and \(names[place]) both mean \(BookColumn.all[column].name).")
      }
      places[column] = place
    }
    self.places = places
    let model = has(.model) ? nil : request.valuation.model
    self.request.computation = request.computation.narrowed(to: model)
    keptPlaces = try keptPlaces(file)
    try checkUnknown(file)
    try checkNeeds(file)
    if request.computation.accuracy != nil, model?.hasAccuracies == false {
      throw AssayError(
        .usage, "--accuracy has no effect: no row of \(file) is of the model american.",
        advice: "Leave it out, or pass --model american.")
    }
  }

  /// The places in ``BookColumn/all`` of the columns that `names` are of by themselves; nil for a name that is not known.
  static func columns(_ names: [String]) -> [Int?] {
    let vollib = vollibColumns(names)
    return names.map { vollib[$0] ?? BookColumn.table.position(of: $0).map { BookColumn.columnOfName[$0] } }
  }

  /// What names of vollib stand for in a header of `names`: nothing where it lacks one of the first five.
  private static func vollibColumns(_ names: [String]) -> [String: Int] {
    let known = BookColumn.vollib
    guard known.prefix(5).allSatisfy({ names.contains($0.name) }) else { return [:] }
    return known.reduce(into: [:]) { columns, entry in
      columns[entry.name] = BookColumn.all.firstIndex { $0.name == entry.column.name }
    }
  }

  /// Where a column is in the file; nil where the file lacks it.
  func place(_ column: BookColumn) -> Int? {
    BookColumn.all.firstIndex { $0.name == column.name }.flatMap { places[$0] }
  }

  /// Where the column called `name` is in the file, in any spelling; nil where the file lacks it.
  func place(named name: String) -> Int? {
    names.firstIndex(of: name) ?? NameTable(names).position(of: name)
      ?? BookColumn.table.position(of: name).flatMap { places[BookColumn.columnOfName[$0]] }
  }

  /// Whether the file has a column, or all rows have the same value of it.
  func has(_ column: BookColumn) -> Bool { place(column) != nil || request.map.sets(column) }

  /// The places of the columns that the output has too, those that are not known and those to keep, in the file's order.
  var passedPlaces: [Int] {
    columnOfPlace.indices.filter { place in
      (columnOfPlace[place] == nil || keptPlaces.contains(place)) && !leftOut.contains(place) && !names[place].isEmpty
    }
  }

  /// The places of known columns that the output repeats.
  private(set) var keptPlaces: Set<Int> = []

  private func keptPlaces(_ file: String) throws(AssayError) -> Set<Int> {
    var kept: Set<Int> = []
    switch request.kept {
    case .none: break
    case .all: kept = Set(names.indices)
    case .named(let wanted):
      for name in wanted {
        guard let place = place(named: name) else {
          throw AssayError(
            .input, "\(file):1:1: the header has no column \(name) to keep.",
            advice: "It has: \(names.joined(separator: ", ")).")
        }
        kept.insert(place)
      }
    }
    // The output begins with it.
    if let id = place(.id) { kept.remove(id) }
    return kept.filter { columnOfPlace[$0] != nil }
  }

  /// What the output calls the file's column `place`: its name, after `book.` where a column of the output's own has that name.
  func outputName(_ place: Int) -> String {
    let own = ["id", "reason", "detail"] + request.computation.measures.map(\.name)
    return own.contains(names[place]) ? "book." + names[place] : names[place]
  }

  /// The places of unknown columns whose cells no output can hold.
  var leftOut: Set<Int> = []

  /// The names of the columns that are not known, as the summary lists them.
  var unknownNames: [String] {
    unknownPlaces.map { place in
      if names[place].isEmpty { return "column \(place + 1) (it has no name, and is left out)" }
      return leftOut.contains(place) ? "\(names[place]) (of a type that is not passed through)" : names[place]
    }
  }

  /// The places of the columns that are not known, in the file's order.
  var unknownPlaces: [Int] { columnOfPlace.indices.filter { columnOfPlace[$0] == nil } }

  /// How the cells of a column are read, where what is asked for needs it.
  func reading(of column: BookColumn) -> Reading {
    switch column.kind {
    case .text: return .text
    case .type: return .type
    case .model: return .model
    case .moment:
      guard !has(.years), has(.expiry) else { return .text }
      return .moment(
        default: column.name == BookColumn.asOf.name ? request.valuation.asOf?.seconds : request.map.number(column))
    case .number: break
    }
    switch column.name {
    case BookColumn.volatility.name where request.computation.isImpliedVolatility: return .text
    case BookColumn.price.name where !request.computation.isImpliedVolatility: return .text
    // A row needs only the one that its model reads.
    case BookColumn.spot.name, BookColumn.forward.name:
      return .number(default: request.map.number(column) ?? (has(.spot) && has(.forward) ? .nan : nil))
    default: return .number(default: request.map.number(column) ?? column.fallback)
    }
  }

  /// Refuses unknown names that are nearly known ones, and all of them where none are allowed.
  private func checkUnknown(_ file: String) throws(AssayError) {
    for place in unknownPlaces where !names[place].isEmpty {
      let name = names[place]
      let suggestion = BookColumn.table.suggestion(for: name) { known in places[BookColumn.columnOfName[known]] == nil }
      if let suggestion {
        throw AssayError(
          .input, "\(file):1:1: the column '\(name)' is not known: did you mean \(suggestion)?",
          advice: "Give a column that is something else another name.")
      }
      if request.refusesUnknownColumns {
        throw AssayError(
          .input, "\(file):1:1: the column '\(name)' is not known, and --strict-fields allows none such.")
      }
    }
  }

  /// Refuses a book that lacks what is needed.
  private func checkNeeds(_ file: String) throws(AssayError) {
    func need(_ any: BookColumn...) throws(AssayError) {
      guard !any.contains(where: has) else { return }
      throw AssayError(
        .input, "\(file):1:1: the header has no column \(any.map(\.name).joined(separator: " or ")).",
        advice: "It has: \(names.joined(separator: ", ")).")
    }
    try need(.type)
    try need(.spot, .forward)
    try need(.strike)
    try need(.years, .expiry)
    try need(request.computation.isImpliedVolatility ? .price : .volatility)
    if !has(.years), request.valuation.asOf == nil, !has(.asOf) {
      throw AssayError(
        .usage, "\(file) has expiry dates and no column asOf.",
        advice: "Pass the valuation date with --as-of, such as --as-of 2026-11-21.")
    }
  }
}
