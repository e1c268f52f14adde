public import AssayCore

/// A surface over expiries of one underlying: w(k, theta) = theta/2 (1 + rho phi k + sqrt((phi k + rho)^2 + 1 - rho^2)) with
/// phi = eta / sqrt(theta (1 + theta)), theta the total variance at the money.
///
/// Gatheral and Jacquier, "Arbitrage-free SVI volatility surfaces", Quantitative Finance 14 (2014): with eta (1 + |rho|) <= 2 there is no
/// butterfly arbitrage, and with theta growing with time no calendar arbitrage.
public struct SurfaceSVI: Sendable {
  /// The skew of every slice.
  public var rho: Double
  /// How the smile's width follows from theta.
  public var eta: Double
  /// The total variance at the money of every expiry, never falling.
  public var theta: [Double]

  /// Expiry `index` as raw SVI.
  public func slice(_ index: Int) -> SVISlice {
    let theta = theta[index], phi = eta / (theta * (1 + theta)).squareRoot(), rest = 1 - rho * rho
    return SVISlice(
      a: 0.5 * theta * rest, b: 0.5 * theta * phi, rho: rho, m: -rho / phi, sigma: rest.squareRoot() / phi)
  }

  private static let places = (rho: 16, eta: 16), zooms = 14, closer = (rho: 6, eta: 6)

  /// The surface nearest to smiles in the order of time, whose log-moneyness is `k`, by weighted least squares in rho and eta: a grid, then
  /// grids closer and closer about the best place. Theta is that of the slices' own fits, raised where it would fall.
  init(_ smiles: [Smile], k: [[Double]], fits: [SmileFit]) {
    var theta: [Double] = []
    for fit in fits { theta.append(max(fit.slice.variance(at: 0), theta.last ?? 0x1p-100)) }
    var best = (error: Double.infinity, rho: 0.0, eta: 1.0)
    func attempt(_ rho: Double, _ eta: Double) {
      guard abs(rho) < 1, eta > 0, eta * (1 + abs(rho)) <= 2 else { return }
      let surface = SurfaceSVI(rho: rho, eta: eta, theta: theta)
      var error = 0.0
      for (index, smile) in smiles.enumerated() {
        let slice = surface.slice(index)
        for (point, k) in zip(smile.points, k[index]) {
          let rest = slice.variance(at: k) - point.volatility * point.volatility * smile.years
          error += point.weight * (rest * rest)
        }
      }
      if error < best.error { best = (error, rho, eta) }
    }
    var reach = (rho: 2.0 / Double(Self.places.rho), eta: 2.0 / Double(Self.places.eta))
    for i in 0..<Self.places.rho {
      for j in 0..<Self.places.eta { attempt(-1 + reach.rho * (Double(i) + 0.5), reach.eta * (Double(j) + 0.5)) }
    }
    for _ in 0..<Self.zooms {
      let centre = best
      for i in 0..<Self.closer.rho {
        for j in 0..<Self.closer.eta {
          let across = 2 * Double(i) / Double(Self.closer.rho - 1) - 1,
            along = 2 * Double(j) / Double(Self.closer.eta - 1) - 1
          attempt(centre.rho + reach.rho * across, centre.eta + reach.eta * along)
        }
      }
      reach = (0.5 * reach.rho, 0.5 * reach.eta)
    }
    (rho, eta, self.theta) = (best.rho, best.eta, theta)
  }

  private init(rho: Double, eta: Double, theta: [Double]) {
    (self.rho, self.eta, self.theta) = (rho, eta, theta)
  }
}

extension Executor {
  /// Fits smiles of one underlying, in the order of time, to one surface.
  ///
  /// Returns the surface and, per smile, the fit with the surface's slice, its error and its checks. Smiles that cannot be fitted keep their
  /// reason and are left out of the surface.
  ///
  /// - Throws: ``AssayError`` when no device computes the operations.
  public func fitSurface(_ smiles: [Smile]) throws(AssayError) -> (surface: SurfaceSVI, fits: [SmileFit]) {
    var fits = try fit(smiles)
    let usable = smiles.indices.filter { fits[$0].verdict.isAccepted }
    var k: [[Double]] = []
    for index in usable { k.append(try logMoneyness(of: smiles[index])) }
    let surface = SurfaceSVI(usable.map { smiles[$0] }, k: k, fits: usable.map { fits[$0] })
    for (place, index) in usable.enumerated() {
      let slice = surface.slice(place)
      var square = 0.0, weight = 0.0
      for (point, k) in zip(smiles[index].points, k[place]) {
        let rest = slice.variance(at: k) - point.volatility * point.volatility * smiles[index].years
        square += point.weight * (rest * rest)
        weight += point.weight
      }
      fits[index].slice = slice
      fits[index].error = (square / weight).squareRoot()
    }
    return (surface, try checked(fits))
  }
}
