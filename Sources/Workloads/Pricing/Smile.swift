public import AssayCore

/// What the options of one expiry say about volatility.
///
/// ```swift
/// let smile = Smile(
///   years: 0.5,
///   points: [80.0, 90, 100, 110, 120].map { Smile.Point(strike: $0, spot: 100, carry: 0.02, volatility: 0.2 + 20 / $0 / $0) })
/// let fit = try engine.fit([smile])[0]
/// print(fit.slice.rho, fit.error, fit.butterfly)
/// ```
public struct Smile: Sendable {
  /// One option: spot and carry (rate less yield, annual, continuous) give the forward; a forward has carry 0.
  public struct Point: Sendable, Hashable {
    /// The strike, in the units of `spot`.
    public var strike: Double
    /// The spot, or the forward.
    public var spot: Double
    /// Rate less dividend yield; 0 where `spot` is a forward.
    public var carry: Double
    /// Annual, 0.2 for 20%.
    public var volatility: Double
    /// How much the point counts in the least squares.
    public var weight: Double

    /// A point.
    public init(strike: Double, spot: Double, carry: Double, volatility: Double, weight: Double = 1) {
      self.strike = strike
      self.spot = spot
      self.carry = carry
      self.volatility = volatility
      self.weight = weight
    }
  }

  /// To expiry, ACT/365.
  public var years: Double
  /// At least 3, at most 1,024; the fit depends on their order in its last bits.
  public var points: [Point]

  /// A smile.
  public init(years: Double, points: [Point]) {
    self.years = years
    self.points = points
  }
}

/// Total variance w = volatility^2 years as a function of k = ln(strike / forward), raw SVI: a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)).
///
/// Gatheral, "A parsimonious arbitrage-free implied volatility parameterization", 2004.
public struct SVISlice: Sendable, Hashable {
  /// The five parameters.
  public var a, b, rho, m, sigma: Double

  /// A slice.
  public init(a: Double, b: Double, rho: Double, m: Double, sigma: Double) {
    (self.a, self.b, self.rho, self.m, self.sigma) = (a, b, rho, m, sigma)
  }

  /// Total variance at log-moneyness `k`.
  public func variance(at k: Double) -> Double {
    let from = k - m
    return a + b * (rho * from + (from * from + sigma * sigma).squareRoot())
  }

  /// The steeper wing's slope, b (1 + |rho|): Lee's bound is 2 (Mathematical Finance 14, 2004).
  public var wing: Double { b * (1 + abs(rho)) }
}

/// A fitted smile and what it was checked for.
public struct SmileFit: Sendable {
  /// Whether there is a fit, or why not: every number is not-a-number then.
  public var verdict: Verdict
  /// The parameters.
  public var slice: SVISlice
  /// The root of the weighted mean square error of total variance.
  public var error: Double
  /// The forward of the first point.
  public var forward: Double
  /// The log-moneyness of the lowest and the highest strike.
  public var lowest, highest: Double
  /// The least of Gatheral and Jacquier's g over 400 places, from one range of strikes below the lowest to one above the highest: below 0
  /// the density is negative, which a butterfly spread would earn from.
  public var butterfly: Double
  /// The strike where that is.
  public var butterflyStrike: Double
}

/// Where the total variance of a later expiry is least above, or most below, that of an earlier one.
public struct CalendarGap: Sendable {
  /// The least difference: below 0 a calendar spread earns without risk.
  public var gap: Double
  /// Strike over forward where that is.
  public var moneyness: Double
}

extension Executor {
  /// Fits every smile to raw SVI by weighted least squares in total variance: deterministic, no start to choose.
  ///
  /// - Throws: ``AssayError`` when no device computes the operation. A smile that cannot be fitted has a reason.
  public func fit(_ smiles: [Smile]) throws(AssayError) -> [SmileFit] {
    let batch = try Batch(
      .sviSlice, [Column(smiles.map(\.years)), Column(messages: smiles.map(\.bytes))], rows: smiles.count)
    let results = try execute(batch, wanted: nil)
    func column(_ name: String) -> Numbers { results.f64(name) }
    let (a, b, rho, m, sigma) = (column("a"), column("b"), column("rho"), column("m"), column("sigma"))
    let (error, forward, lowest, highest) = (column("error"), column("forward"), column("lowest"), column("highest"))
    let fits = smiles.indices.map { row in
      SmileFit(
        verdict: results.verdict(row),
        slice: SVISlice(a: a[row], b: b[row], rho: rho[row], m: m[row], sigma: sigma[row]), error: error[row],
        forward: forward[row], lowest: lowest[row], highest: highest[row], butterfly: .nan, butterflyStrike: .nan)
    }
    return try checked(fits)
  }

  /// The fits with their least density, from one range of strikes below the lowest to one above the highest.
  func checked(_ fits: [SmileFit]) throws(AssayError) -> [SmileFit] {
    var builder = ColumnBuilder(.bytes(56), capacity: fits.count)
    for fit in fits {
      let range = fit.highest - fit.lowest
      builder.append((fit.slice.numbers + [fit.lowest - range, fit.highest + range]).flatMap(\.littleEndianBytes))
    }
    let results = try execute(Batch(.sviButterfly, [builder.made()], rows: fits.count), wanted: nil)
    let density = results.f64("density"), moneyness = results.f64("moneyness")
    var checked = fits
    for row in fits.indices {
      checked[row].butterfly = density[row]
      checked[row].butterflyStrike = fits[row].forward * moneyness[row]
    }
    return checked
  }

  /// Compares each fit with the one before it, over the strikes of both.
  ///
  /// - Throws: ``AssayError`` when no device computes the operation.
  public func calendarGaps(_ pairs: [(earlier: SmileFit, later: SmileFit)]) throws(AssayError) -> [CalendarGap] {
    var builder = ColumnBuilder(.bytes(96), capacity: pairs.count)
    for (earlier, later) in pairs {
      let span = [min(earlier.lowest, later.lowest), max(earlier.highest, later.highest)]
      builder.append((earlier.slice.numbers + later.slice.numbers + span).flatMap(\.littleEndianBytes))
    }
    let results = try execute(Batch(.sviCalendar, [builder.made()], rows: pairs.count), wanted: nil)
    let gap = results.f64("gap"), moneyness = results.f64("moneyness")
    return pairs.indices.map { CalendarGap(gap: gap[$0], moneyness: moneyness[$0]) }
  }

  /// The log-moneyness of every point of a smile; not-a-number where a number cannot be.
  func logMoneyness(of smile: Smile) throws(AssayError) -> [Double] {
    let columns = [
      smile.points.map(\.strike), smile.points.map(\.spot), smile.points.map(\.carry),
      smile.points.map { _ in smile.years },
    ]
    let batch = try Batch(.logMoneyness, columns.map { Column($0) }, rows: smile.points.count)
    return Array(try execute(batch, wanted: nil).f64("k"))
  }
}

extension Smile {
  /// The points as the kernel reads them.
  fileprivate var bytes: [UInt8] {
    points.flatMap { [$0.strike, $0.spot, $0.carry, $0.volatility, $0.weight].flatMap(\.littleEndianBytes) }
  }
}

extension SVISlice {
  fileprivate var numbers: [Double] { [a, b, rho, m, sigma] }
}

extension Double {
  fileprivate var littleEndianBytes: [UInt8] {
    withUnsafeBytes(of: bitPattern.littleEndian) { Array($0) }
  }
}
