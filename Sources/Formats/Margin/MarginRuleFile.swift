public import Assay

/// A margin rule as a file states it; `examples/margin/margin-rule.schema.json` is its JSON Schema.
///
/// Numbers are kept as they are written and become binary64 or fixed point when the rule is made.
public struct MarginRuleFile: Sendable {
  /// What a rule computes with.
  public enum Arithmetic: String, Sendable, CaseIterable {
    /// Binary64.
    case binary64
    /// 18-decimal fixed point, to the wei.
    case evm18
  }

  /// An asset that counts as collateral.
  public struct Collateral<Number: MarginNumber>: Sendable {
    /// The asset's name; the price is that of the underlying of the same name.
    public let asset: String
    /// The share of its value that maintenance margin does not count.
    public let maintenanceHaircut: Number
    /// The further share that initial margin does not count.
    public let initialHaircut: Number
  }

  /// The rule's name.
  public let name: String
  /// What decides.
  public let arithmetic: Arithmetic
  /// Each scenario's name.
  public let scenarioNames: [String]
  private let fields: RuleFields

  private static let names = [
    "$schema", "name", "sources", "notes", "arithmetic", "initialFactor", "maintenanceFactor", "scenarios", "grid",
    "volatilityShock", "skewShock", "discounts", "basis", "contingencies", "requirement", "isolated",
    "collateral",
  ]

  /// Reads a rule; `path` is what messages call it.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the file and what is wrong.
  public init(_ text: [UInt8], path: String) throws(AssayError) {
    fields = try RuleFields(DecimalJSON(text, name: path), known: Self.names, path: path)
    guard let name = try fields.text("name") else { throw fields.failure("name is missing") }
    self.name = name
    guard let arithmetic = Arithmetic(rawValue: try fields.text("arithmetic") ?? "binary64") else {
      throw fields.failure("arithmetic is binary64 or evm18")
    }
    self.arithmetic = arithmetic
    scenarioNames = try Self.scenarios(fields, Binary64.self).map(\.name)
    // Everything is read once, so that a wrong file is refused before any work.
    _ = try rule(Binary64.self)
    _ = try collateral(Binary64.self)
  }

  /// The rule in `Number`.
  public func rule<Number: MarginNumber>(_: Number.Type) throws(AssayError) -> PortfolioRule<Number> {
    PortfolioRule(
      initialFactor: try fields.number("initialFactor", .one),
      maintenanceFactor: try fields.number("maintenanceFactor", .one),
      scenarios: try Self.scenarios(fields, Number.self).map(\.scenario), volatilityShock: try volatilityShock(),
      skewShock: try skewShock(), positiveDiscount: try discount("positive"),
      negativeDiscount: try discount("negative"),
      basis: try basis(), contingencies: try contingencies(), requirement: try requirement(), isolated: try isolated())
  }

  /// The assets that count as collateral.
  public func collateral<Number: MarginNumber>(_: Number.Type) throws(AssayError) -> [Collateral<Number>] {
    var assets: [Collateral<Number>] = []
    for (index, value) in try fields.list("collateral").enumerated() {
      let asset = try RuleFields(
        value, known: ["asset", "initialHaircut", "maintenanceHaircut"],
        path: "\(fields.path): collateral[\(index)]")
      guard let name = try asset.text("asset") else { throw asset.failure("asset is missing") }
      guard !assets.contains(where: { $0.asset == name }) else { throw asset.failure("\(name) is there twice") }
      assets.append(
        Collateral(
          asset: name, maintenanceHaircut: try asset.number("maintenanceHaircut", .zero),
          initialHaircut: try asset.number("initialHaircut", .zero)))
    }
    return assets
  }

  /// More scenarios than this are taken for a mistake.
  private static let mostScenarios = 1000

  private static func scenarios<Number: MarginNumber>(
    _ fields: RuleFields, _: Number.Type
  ) throws(AssayError) -> [(name: String, scenario: PortfolioRule<Number>.Scenario)] {
    var result: [(name: String, scenario: PortfolioRule<Number>.Scenario)] = []
    func move(_ word: String?, _ place: RuleFields) throws(AssayError) -> PortfolioRule<Number>.VolatilityMove {
      guard let move = PortfolioRule<Number>.VolatilityMove(rawValue: word ?? "none") else {
        throw place.failure("volatility is none, up, down, skewLinear or skewAbsolute, not \(word ?? "")")
      }
      return move
    }
    func add(_ name: String, _ scenario: PortfolioRule<Number>.Scenario, _ place: RuleFields) throws(AssayError) {
      guard .zero < scenario.spotFactor else { throw place.failure("a spot factor is not above 0") }
      guard !scenario.volatility.isSkew || scenario.spotFactor == .one else {
        throw place.failure("a skew scenario moves the spot")
      }
      guard result.count < mostScenarios else { throw place.failure("there are more than \(mostScenarios) scenarios") }
      result.append((name, scenario))
    }
    if let grid = try fields.object("grid", ["spotFactors", "volatility"]) {
      for spot in try grid.list("spotFactors") {
        guard let factor = spot.decimal else { throw grid.failure("a spot factor is \(spot.kind), not a number") }
        for volatility in try grid.list("volatility") {
          let move = try move(volatility.string ?? volatility.kind, grid)
          try add(
            "spot x \(factor.text), volatility \(move.rawValue)",
            .init(spotFactor: Number(factor), volatility: move, damping: .one), grid)
        }
      }
    }
    for (index, value) in try fields.list("scenarios").enumerated() {
      let entry = try RuleFields(
        value, known: ["name", "spotFactor", "volatility", "damping"], path: "\(fields.path): scenarios[\(index)]")
      let move = try move(entry.text("volatility"), entry)
      let scenario = PortfolioRule<Number>.Scenario(
        spotFactor: try entry.number("spotFactor", .one), volatility: move, damping: try entry.number("damping", .one))
      let spelt = entry["spotFactor"]?.decimal?.text ?? "1"
      try add(try entry.text("name") ?? "spot x \(spelt), volatility \(move.rawValue)", scenario, entry)
    }
    return result
  }

  private func volatilityShock<Number: MarginNumber>() throws(AssayError) -> PortfolioRule<Number>.VolatilityShock {
    let names = ["up", "down", "minimumUp", "shortPower", "longPower", "shortestSeconds"]
    guard let shock = try fields.object("volatilityShock", names) else {
      return .init(up: .zero, down: .zero, minimumUp: .zero, shortPower: .zero, longPower: .zero, shortestSeconds: 1)
    }
    return .init(
      up: try shock.number("up", .zero), down: try shock.number("down", .zero),
      minimumUp: try shock.number("minimumUp", .zero), shortPower: try shock.number("shortPower", .zero),
      longPower: try shock.number("longPower", .zero), shortestSeconds: max(1, try shock.whole("shortestSeconds") ?? 1))
  }

  private func skewShock<Number: MarginNumber>() throws(AssayError) -> PortfolioRule<Number>.SkewShock {
    let names = [
      "linearBase", "linearSlope", "absoluteBase", "absoluteSlope", "leastWidth", "width", "level", "tilt",
    ]
    guard let skew = try fields.object("skewShock", names) else {
      return .init(
        linearBase: .zero, linearSlope: .zero, absoluteBase: .zero, absoluteSlope: .zero, leastWidth: .one,
        width: .zero,
        level: .zero, tilt: .zero)
    }
    return .init(
      linearBase: try skew.number("linearBase"), linearSlope: try skew.number("linearSlope"),
      absoluteBase: try skew.number("absoluteBase"), absoluteSlope: try skew.number("absoluteSlope"),
      leastWidth: try skew.number("leastWidth"), width: try skew.number("width"), level: try skew.number("level"),
      tilt: try skew.number("tilt"))
  }

  private func discount<Number: MarginNumber>(
    _ sign: String
  ) throws(AssayError) -> PortfolioRule<Number>.StaticDiscount? {
    let discounts = try fields.object("discounts", ["positive", "negative"])
    guard let discount = try discounts?.object(sign, ["base", "rateMultiple", "rateAddition"]) else { return nil }
    return .init(
      base: try discount.number("base"), rateMultiple: try discount.number("rateMultiple", .zero),
      rateAddition: try discount.number("rateAddition", .zero))
  }

  private func basis<Number: MarginNumber>() throws(AssayError) -> PortfolioRule<Number>.Basis {
    guard let basis = try fields.object("basis", ["up", "down", "addition", "multiple"]) else {
      return .init(up: .one, down: .one, addition: .zero, multiple: .zero)
    }
    return .init(
      up: try basis.number("up"), down: try basis.number("down"), addition: try basis.number("addition", .zero),
      multiple: try basis.number("multiple", .zero))
  }

  private func contingencies<Number: MarginNumber>() throws(AssayError) -> PortfolioRule<Number>.Contingencies {
    let parts = try fields.object(
      "contingencies",
      [
        "perpetualMaintenance", "perpetualInitial", "optionMaintenance", "optionInitial", "confidenceThreshold",
        "confidenceFactor", "pegThreshold", "pegFactor",
      ])
    func part(_ name: String) throws(AssayError) -> Number { try parts?.number(name, .zero) ?? .zero }
    return .init(
      perpetualMaintenance: try part("perpetualMaintenance"), perpetualInitial: try part("perpetualInitial"),
      optionMaintenance: try part("optionMaintenance"), optionInitial: try part("optionInitial"),
      confidenceThreshold: try part("confidenceThreshold"), confidenceFactor: try part("confidenceFactor"),
      pegThreshold: try part("pegThreshold"), pegFactor: try part("pegFactor"))
  }

  private func isolated<Number: MarginNumber>() throws(AssayError) -> IsolatedRule<Number>? {
    let names = ["initial", "maintenance", "initialOfMaintenance", "bounded", "unpairedInitial", "unpairedMaintenance"]
    guard let part = try fields.object("isolated", names) else { return nil }
    func charge(_ name: String) throws(AssayError) -> IsolatedRule<Number>.Charge {
      let names = ["largestShare", "leastShare", "leastStrikeShare", "markShare"]
      guard let charge = try part.object(name, names) else { throw part.failure("\(name) is missing") }
      return .init(
        largestShare: try charge.number("largestShare"), leastShare: try charge.number("leastShare", .zero),
        leastStrikeShare: try charge.number("leastStrikeShare", .zero),
        markShare: try charge.number("markShare", .zero))
    }
    return IsolatedRule(
      initial: try charge("initial"), maintenance: try charge("maintenance"),
      initialOfMaintenance: try part.number("initialOfMaintenance", .zero), isBounded: try part.flag("bounded"),
      unpairedInitial: try part.number("unpairedInitial", .zero),
      unpairedMaintenance: try part.number("unpairedMaintenance", .zero))
  }

  private func requirement<Number: MarginNumber>() throws(AssayError) -> PortfolioRule<Number>.Requirement {
    let names = [
      "gainFactor", "shortMinimum", "rollMinimum", "rollPerYear", "places", "inverse", "maintenanceShare",
    ]
    guard let part = try fields.object("requirement", names) else { return .none }
    return .init(
      gainFactor: try part.number("gainFactor", .one), shortMinimum: try part.number("shortMinimum", .zero),
      rollMinimum: try part.number("rollMinimum", .zero), rollPerYear: try part.number("rollPerYear", .zero),
      places: try part.whole("places"), isInverse: try part.flag("inverse"),
      maintenanceShare: part["maintenanceShare"] == nil ? nil : try part.number("maintenanceShare"))
  }
}
