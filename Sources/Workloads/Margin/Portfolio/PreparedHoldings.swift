/// An account's holdings in one market, sorted and summed as far as no price is needed: prepared once, revalued often.
public struct PreparedHoldings<Number: MarginNumber>: Sendable {
  /// The holdings.
  public let holdings: MarginHoldings<Number>
  /// The options of each expiry.
  let runs: [Run]

  /// The options of one expiry, side by side in the holdings.
  struct Run: Sendable {
    /// The expiry's place in the market.
    let expiry: Int
    /// The options' places in the holdings.
    let options: Range<Int>
    /// The sum of the amounts' magnitudes.
    let size: Number
    /// Short options that nothing of the same strike covers.
    let naked: Number
    /// The sum of short amounts' magnitudes.
    let short: Number
  }

  /// Prepares `holdings`, whose options are those of `market`'s instruments, an expiry's side by side.
  public init(_ holdings: MarginHoldings<Number>, in market: MarginMarket<Number>) {
    self.holdings = holdings
    let options = holdings.options
    var runs: [Run] = [], start = 0
    for index in options.indices {
      let expiry = market.instruments[options[index].instrument].expiry
      let isLast = index + 1 == options.count || market.instruments[options[index + 1].instrument].expiry != expiry
      guard isLast else { continue }
      let own = options[start...index]
      runs.append(
        Run(
          expiry: expiry, options: start..<index + 1, size: own.reduce(.zero) { $0 + $1.amount.magnitude },
          naked: Self.nakedShorts(in: own, market),
          short: own.reduce(.zero) { $1.amount < .zero ? $0 - $1.amount : $0 }))
      start = index + 1
    }
    self.runs = runs
  }

  /// A call and a put of one strike net, as Derive's contracts pair them: the first holding of a strike with each other one.
  private static func nakedShorts(
    in options: ArraySlice<MarginHoldings<Number>.Option>, _ market: MarginMarket<Number>
  ) -> Number {
    var naked = Number.zero
    var strikes: [Number: [Number]] = [:], order: [Number] = []
    for option in options {
      let strike = market.instruments[option.instrument].strike
      if strikes[strike] == nil { order.append(strike) }
      strikes[strike, default: []].append(option.amount)
    }
    for strike in order {
      guard let amounts = strikes[strike], let first = amounts.first else { continue }
      if amounts.count == 1, first < .zero { naked = naked - first }
      for other in amounts.dropFirst() {
        if first < .zero, .zero < other {
          naked = naked + (-first - .smaller(-first, other))
        } else if .zero < first, other < .zero {
          naked = naked + (-other - .smaller(first, -other))
        } else if first < .zero {
          naked = naked + first.magnitude + other.magnitude
        }
      }
    }
    return naked
  }
}
