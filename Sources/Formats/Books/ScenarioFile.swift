import Assay
import AssayIO
import FoundationEssentials

/// The file that `--scenarios` names: a grid or a list.
package struct ScenarioFile: Decodable {
  private struct Entry: Decodable {
    let name: String?
    let spot: Double
    let volatility: Double
    let volatilityShift: String?
  }

  private let spot: [Double]?
  private let volatility: [Double]?
  private let volatilityShift: String?
  private let scenarios: [Entry]?

  /// More scenarios than this are taken for a mistake.
  private static let limit = 10_000

  /// The scenarios in `bytes`, those of the file at `path`.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the file and what is wrong.
  package static func read(_ bytes: [UInt8], path: String) throws(AssayError) -> [Scenario] {
    let file: ScenarioFile
    do {
      file = try JSONDecoder().decode(ScenarioFile.self, from: Data(bytes))
    } catch {
      throw AssayError(.input, "\(path):1:1: is no file of scenarios: \(error).", advice: "See `assay risk --help`.")
    }
    var result: [Scenario] = []
    if let spots = file.spot {
      let volatilities = file.volatility ?? [0]
      guard spots.count <= limit, volatilities.count <= limit, spots.count * volatilities.count <= limit else {
        throw AssayError(.input, "\(path):1:1: has more than \(limit) scenarios.")
      }
      var shifts: [Scenario.VolatilityShift] = []
      for value in volatilities { shifts.append(try shift(value, file.volatilityShift, path)) }
      result = Scenario.grid(spots: spots, volatilities: shifts)
    }
    for (index, entry) in (file.scenarios ?? []).enumerated() {
      result.append(
        Scenario(
          name: entry.name ?? "scenario \(index + 1)", spot: entry.spot,
          volatility: try shift(entry.volatility, entry.volatilityShift ?? file.volatilityShift, path)))
    }
    guard !result.isEmpty, result.count <= limit else {
      throw AssayError(.input, "\(path):1:1: has \(result.isEmpty ? "no scenario" : "more than \(limit) scenarios").")
    }
    guard result.allSatisfy({ $0.spot > -1 && $0.spot.isFinite }) else {
      throw AssayError(.input, "\(path):1:1: a spot move is -1 or less: no price would be left.")
    }
    return result
  }

  private static func shift(_ value: Double, _ kind: String?, _ path: String) throws(AssayError)
    -> Scenario.VolatilityShift
  {
    switch kind ?? "absolute" {
    case "absolute": return .absolute(value)
    case "relative": return .relative(value)
    case let other:
      throw AssayError(.input, "\(path):1:1: volatilityShift is absolute or relative, not \(other).")
    }
  }
}
