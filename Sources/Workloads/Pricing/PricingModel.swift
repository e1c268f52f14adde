public import AssayCore
import CAssayOperations

/// How an option is priced: one closed-form model, with the operations that compute it.
///
/// ```swift
/// let model = PricingModel.bachelier
/// print(model.measures.map(\.name))  // price, delta, gamma, ...
/// print(PricingModel(named: "black-76")?.impliedVolatility != nil)
/// ```
/// The models of the command line are found by name among the operations of this build.
public struct PricingModel: Sendable, Hashable {
  /// The name as the command line and files spell it, such as `black-scholes`.
  public let name: String
  /// Prices and Greeks.
  public let operation: Operation
  /// Implied volatility from a price; nil where the model has none.
  public let impliedVolatility: Operation?

  /// The model called `name`, or nil when there is none of that name.
  public init?(named name: String) {
    guard let model = Self.all.first(where: { $0.name == name }) else { return nil }
    self = model
  }

  private init(name: String, operation: Operation) {
    self.name = name
    self.operation = operation
    impliedVolatility = Operation.named(operation.name + "_implied_volatility")
  }

  /// Black, Scholes and Merton with a continuous dividend yield; reads `spot`.
  public static let blackScholes = PricingModel(
    name: "black-scholes", operation: Operation(ASSAY_OPERATION_black_scholes))
  /// Black 1976, lognormal in the forward; reads `forward`.
  public static let black76 = PricingModel(name: "black-76", operation: Operation(ASSAY_OPERATION_black_76))
  /// Bachelier, normal in the forward: forward and strike may be negative, and volatility is in units of the forward.
  public static let bachelier = PricingModel(name: "bachelier", operation: Operation(ASSAY_OPERATION_bachelier))
  /// Settled in the coin that it is written on, as Deribit's options: Black-76 at rate 0, divided by the forward.
  public static let inverse = PricingModel(name: "inverse", operation: Operation(ASSAY_OPERATION_inverse))

  /// Every model of this build.
  public static let all: [PricingModel] = [blackScholes, black76, bachelier, inverse]

  /// What the model computes, in the order of operations.def: `price`, `delta`, ...
  public var measures: [Measure] {
    operation.outputs.filter { $0.role == .optional }.map { Measure($0.name) }
  }
}
