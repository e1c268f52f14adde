public import Assay

/// One of Derive's test files, computed in both arithmetics and compared with what is stated.
public struct DeriveSuiteResult: Sendable {
  /// The file's name without its extension.
  public let name: String
  /// The integer mode's margin.
  public let decided: PortfolioMargin<Fixed18>
  /// The binary64 mode's margin.
  public let screened: PortfolioMargin<Binary64>
  /// What the binary64 differences are relative to: the gross size of the book, or the largest stated result.
  public let scale: Double
  /// The worst difference of binary64 IM, MM and scenarios to those that the file states, relative to the scale; nil when the
  /// file states none.
  public let difference: Double?
  /// What of the integer mode differs from the expected integers, one sentence each.
  public let mismatches: [String]

  /// Whether a skew scenario moves the spot. `PMRM_2.setScenarios` refuses such a rule, so what the file states of it is not what
  /// a contract would decide, and is not compared.
  public let isRefusedOnChain: Bool

  /// Whether everything that is stated agrees: binary64 within 1e-12 of the scale, integers to the wei.
  public var agrees: Bool {
    mismatches.isEmpty && !decided.initial.isUndefined && !decided.maintenance.isUndefined
      && (isRefusedOnChain || (difference ?? 0) <= 1e-12)
  }

  /// The line of the report: `NAME IM MM difference`.
  public var line: String {
    "\(name) \(decided.initial.reported) \(decided.maintenance.reported) \(difference.map { "\($0)" } ?? "-")"
  }

  /// Computes the file `document` called `name`; `expected` is its entry of derive_pmrm2_integer_expected.json, where there is one.
  public init(
    _ document: DecimalJSON, name: String, expected: DecimalJSON?, on executor: any Executor
  ) throws(AssayError) {
    self.name = name
    let exact = try DeriveCase<Fixed18>(document, name: name, on: executor)
    decided = try ScenarioPrices(exact.rule, exact.market, on: executor).margin(of: exact.holdings)
    let screening = try DeriveCase<Binary64>(document, name: name, on: executor)
    let prices = try ScenarioPrices(screening.rule, screening.market, on: executor)
    screened = prices.margin(of: screening.holdings)
    isRefusedOnChain = exact.rule.scenarios.contains { $0.volatility.isSkew && $0.spotFactor != .one }
    scale = Self.scale(screening, marks: prices.marks)
    difference = Self.difference(screened, screening.stated, scale: scale)
    mismatches = Self.mismatches(decided, expected)
  }

  /// The gross value of what is held, the spot for every option.
  private static func scale(_ file: DeriveCase<Binary64>, marks: [Binary64]) -> Double {
    let spot = file.market.spot.price.value
    let options = file.holdings.options.reduce(0) { $0 + abs($1.amount.value) * max(spot, marks[$1.instrument].value) }
    let collateral = file.holdings.collateral.reduce(0) { $0 + abs($1.amount.value * $1.quote.price.value) }
    let perpetuals = abs(file.holdings.perpetuals.value * file.market.perpetual.price.value)
    return max(1, options + collateral + perpetuals + abs(file.holdings.cash.value))
  }

  private static func difference(
    _ margin: PortfolioMargin<Binary64>, _ stated: DeriveCase<Binary64>.Stated, scale: Double
  ) -> Double? {
    var pairs: [(Double, Double)] = []
    if let initial = stated.initial { pairs.append((margin.initial.value, initial)) }
    if let maintenance = stated.maintenance { pairs.append((margin.maintenance.value, maintenance)) }
    if stated.profitAndLoss.count == margin.profitAndLoss.count {
      pairs += zip(margin.profitAndLoss.map(\.value), stated.profitAndLoss)
    }
    // A difference that is not a number is the worst there is.
    return pairs.map { abs($0 - $1) / scale }.map { $0.isNaN ? .infinity : $0 }.max()
  }

  private static func mismatches(_ margin: PortfolioMargin<Fixed18>, _ expected: DecimalJSON?) -> [String] {
    guard let expected else { return [] }
    var problems: [String] = []
    func compare(_ what: String, _ computed: String, _ stated: DecimalJSON?) {
      guard let text = stated?.decimal?.text, text != computed else { return }
      problems.append("\(what) is \(computed) where \(text) is expected")
    }
    compare("IM", margin.initial.reported, expected["IM"])
    compare("MM", margin.maintenance.reported, expected["MM"])
    compare("worstScenario", "\(margin.worstScenario)", expected["worstScenario"])
    guard let losses = expected["scenarioPnL"]?.elements else { return problems }
    guard losses.count == margin.profitAndLoss.count else {
      return problems + ["\(margin.profitAndLoss.count) scenarios where \(losses.count) are expected"]
    }
    for (index, loss) in losses.enumerated() {
      compare("scenario \(index)", margin.profitAndLoss[index].reported, loss)
    }
    return problems
  }
}
