public import AssayCore
import CAssayOperations

/// How an option is priced: one closed-form model, with the operations that compute it.
///
/// Models are found by name among the operations of this build, so a model is here the day its row of operations.def is.
public struct PricingModel: Sendable, Hashable {
  /// The name as the command line and files spell it, such as `black-scholes`.
  public let name: String
  /// Prices and Greeks.
  public let operation: Operation
  /// Implied volatility from a price; nil where the model has none.
  public let impliedVolatility: Operation?

  /// The model called `name`, or nil when this build has none of that name.
  public init?(named name: String) {
    let identifier = String(name.map { $0 == "-" ? "_" : $0 })
    guard Self.names.contains(name), let operation = Operation.named(identifier) else { return nil }
    self.init(name: name, operation: operation)
  }

  private init(name: String, operation: Operation) {
    self.name = name
    self.operation = operation
    impliedVolatility = Operation.named(operation.name + "_implied_volatility")
  }

  /// Black, Scholes and Merton with a continuous dividend yield.
  public static let blackScholes = PricingModel(
    name: "black-scholes", operation: Operation(ASSAY_OPERATION_black_scholes))

  private static let names = ["black-scholes", "black-76", "bachelier", "inverse"]

  /// Every model of this build.
  public static let all: [PricingModel] = names.compactMap(PricingModel.init(named:))

  /// What the model computes, in the order of operations.def: `price`, `delta`, ...
  public var measures: [Measure] {
    operation.outputs.filter { $0.role == .optional }.map { Measure($0.name) }
  }
}

/// A number that a model computes for an option, such as `gamma`. Units: annual, continuous, per 1.00; theta, charm, color and
/// veta as time passes; see docs/formats.md.
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
  public static let standard: [Measure] = ["price", "delta", "gamma", "vega", "theta", "rho"]
}
