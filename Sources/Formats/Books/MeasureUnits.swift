import Assay

/// The units in which measures are written.
package enum MeasureUnits: String, Sendable, CaseIterable {
  /// Per year and per 1.00, as models compute.
  case annual
  /// As desks read them: theta, charm, color and veta per calendar day, vega, rho, volga and vanna per 1%.
  case market

  /// What a measure is divided by, once, after everything else.
  func divisor(_ measure: Measure) -> Double {
    guard self == .market else { return 1 }
    switch measure {
    case .theta, .charm, .color, .veta: return 365
    case .vega, .rho, .volga, .vanna: return 100
    default: return 1
    }
  }
}
