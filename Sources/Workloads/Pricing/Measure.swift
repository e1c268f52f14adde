/// A number that a model computes for an option. Everything is annual, continuous and per 1.00, not per 1% or per day.
///
/// ```swift
/// let measures: [Measure] = [.price, .delta, "vanna"]
/// print(measures.map(\.name))
/// ```
public struct Measure: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The name in operations.def and in files.
  public let name: String

  /// The measure called `name`; whether a model computes it is the model's to say.
  public init(_ name: String) { self.name = name }

  /// The measure called `value`.
  public init(stringLiteral value: String) { self.init(value) }

  /// The name.
  public var description: String { name }

  /// Price and the five first-order Greeks: what is computed when nothing else is asked for.
  public static let standard: [Measure] = [.price, .delta, .gamma, .vega, .theta, .rho]
}
