import Assay
import AssayIO

/// The file that `--scenarios` names: a grid or a list.
package enum ScenarioFile {
  /// More scenarios than this are taken for a mistake.
  private static let limit = 10_000

  /// The scenarios in `bytes`, those of the file at `path`.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the file and what is wrong.
  package static func read(_ bytes: [UInt8], path: String) throws(AssayError) -> [Scenario] {
    let document = try JSONFile(bytes, name: path)
    defer { withExtendedLifetime(document) {} }
    let file = try FileFields(document.root, Self.common + ["scenarios"], in: path)
    let common = try Terms(file, defaults: Terms())
    var scenarios: [Scenario] = []
    if let spots = try file.numbers("spot") {
      let volatilities = try file.numbers("volatility") ?? [0]
      guard spots.count <= limit, volatilities.count <= limit, spots.count * volatilities.count <= limit else {
        throw file.problem("the grid has more than \(limit) scenarios")
      }
      let shifts = volatilities.map(common.volatilityShift)
      scenarios = Scenario.grid(spots: spots, volatilities: shifts).map(common.completing)
    } else if file.has("volatility") {
      throw file.problem("the grid has volatility moves and no spot moves")
    }
    for (index, entry) in (try file.list("scenarios") ?? []).enumerated() {
      let fields = try FileFields(entry, ["name"] + Self.common, in: path, place: "scenario \(index + 1)")
      let terms = try Terms(fields, defaults: common)
      scenarios.append(
        terms.completing(
          Scenario(
            name: try fields.text("name") ?? "scenario \(index + 1)", spot: try fields.number("spot") ?? 0,
            volatility: terms.volatilityShift(try fields.number("volatility") ?? 0))))
    }
    guard !scenarios.isEmpty, scenarios.count <= limit else {
      throw file.problem(scenarios.isEmpty ? "the file has no scenario" : "the file has more than \(limit) scenarios")
    }
    guard scenarios.allSatisfy({ $0.spot.isFinite && ($0.isSpotAbsolute || $0.spot > -1) }) else {
      throw file.problem("a spot move is -1 or less: no price would be left")
    }
    return scenarios
  }

  /// The fields that a grid and a scenario of a list have.
  private static let common = [
    "spot", "spotShift", "volatility", "volatilityShift", "days", "rate", "underlyings", "weight",
  ]
}

/// What a scenario states beside the sizes of its moves.
private struct Terms {
  private var isSpotAbsolute = false
  private var isVolatilityRelative = false
  private var days = 0.0
  private var rate = 0.0
  private var weight = 1.0
  private var underlyings: [String]?

  /// Relative spots, absolute volatilities, nothing else moves.
  init() {}

  /// The terms of `fields`, those of `defaults` where one is missing.
  init(_ fields: FileFields, defaults: Terms) throws(AssayError) {
    self = defaults
    isSpotAbsolute = try Self.choice(fields, "spotShift", "absolute", or: "relative") ?? isSpotAbsolute
    isVolatilityRelative =
      try Self.choice(fields, "volatilityShift", "relative", or: "absolute") ?? isVolatilityRelative
    days = try fields.number("days") ?? days
    rate = try fields.number("rate") ?? rate
    weight = try fields.number("weight") ?? weight
    guard days >= 0, days.isFinite else { throw fields.problem("days is below 0: time does not run backwards") }
    guard rate.isFinite, weight.isFinite else { throw fields.problem("rate and weight are finite numbers") }
    guard let list = try fields.list("underlyings") else { return }
    let names = list.compactMap(\.string)
    guard names.count == list.count, !names.isEmpty else { throw fields.problem("underlyings is a list of names") }
    underlyings = names
  }

  /// A volatility move of this kind.
  func volatilityShift(_ value: Double) -> Scenario.VolatilityShift {
    isVolatilityRelative ? .relative(value) : .absolute(value)
  }

  /// The scenario with these terms.
  func completing(_ scenario: Scenario) -> Scenario {
    var scenario = scenario
    scenario.isSpotAbsolute = isSpotAbsolute
    scenario.days = days
    scenario.rate = rate
    scenario.weight = weight
    scenario.underlyings = underlyings
    return scenario
  }

  /// Whether a field says `yes`; nil where it is missing.
  private static func choice(
    _ fields: FileFields, _ name: String, _ yes: String, or no: String
  ) throws(AssayError) -> Bool? {
    guard let word = try fields.text(name) else { return nil }
    guard word == yes || word == no else {
      throw fields.problem("\(name) is \(no) or \(yes), not \(word.prefix(40))")
    }
    return word == yes
  }
}
