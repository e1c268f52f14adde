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
    return try read(document.root, path: path)
  }

  /// The scenarios of `root`, which messages say lies in `path`.
  package static func read(_ root: JSONValue, path: String) throws(AssayError) -> [Scenario] {
    let file = try FileFields(root, ["spot", "volatility", "volatilityShift", "scenarios"], in: path)
    let kind = try file.text("volatilityShift")
    var scenarios: [Scenario] = []
    if let spots = try file.numbers("spot") {
      let volatilities = try file.numbers("volatility") ?? [0]
      guard spots.count <= limit, volatilities.count <= limit, spots.count * volatilities.count <= limit else {
        throw file.problem("the grid has more than \(limit) scenarios")
      }
      var shifts: [Scenario.VolatilityShift] = []
      for value in volatilities { shifts.append(try shift(value, kind, file)) }
      scenarios = Scenario.grid(spots: spots, volatilities: shifts)
    }
    for (index, entry) in (try file.list("scenarios") ?? []).enumerated() {
      let fields = try FileFields(
        entry, ["name", "spot", "volatility", "volatilityShift"], in: path, place: "scenario \(index + 1)")
      scenarios.append(
        Scenario(
          name: try fields.text("name") ?? "scenario \(index + 1)", spot: try fields.required("spot"),
          volatility: try shift(fields.required("volatility"), fields.text("volatilityShift") ?? kind, fields)))
    }
    guard !scenarios.isEmpty, scenarios.count <= limit else {
      throw file.problem(scenarios.isEmpty ? "the file has no scenario" : "the file has more than \(limit) scenarios")
    }
    guard scenarios.allSatisfy({ $0.spot > -1 && $0.spot.isFinite }) else {
      throw file.problem("a spot move is -1 or less: no price would be left")
    }
    return scenarios
  }

  private static func shift(
    _ value: Double, _ kind: String?, _ fields: FileFields
  ) throws(AssayError) -> Scenario.VolatilityShift {
    switch kind ?? "absolute" {
    case "absolute": return .absolute(value)
    case "relative": return .relative(value)
    case let other: throw fields.problem("volatilityShift is absolute or relative, not \(other.prefix(40))")
    }
  }
}
