import Assay
import AssayFormats
@testable import AssayMargin
import Testing

@Suite struct FixedPointTests {
  @Test("integers: sums, products and quotients at the edges of int256")
  func edges() {
    let most = Int256(magnitude: (UInt128.max >> 1, UInt128.max)), least = -most - Int256(1)
    #expect(!most.isUndefined && !least.isUndefined)
    #expect((most + Int256(1)).isUndefined)
    #expect((least - Int256(1)).isUndefined)
    #expect((-least).isUndefined)
    #expect(most - most == .zero && least - least == .zero)
    #expect(most + least == Int256(-1))
    #expect(least / Int256(1) == least)
    #expect((least / Int256(-1)).isUndefined)
    #expect((most * Int256(2)).isUndefined)
    #expect((Int256(1) / .zero).isUndefined)
    #expect(Int256(-7) / Int256(2) == Int256(-3))
    #expect(Int256(-7).dividedRoundingUp(by: Int256(2)) == Int256(-4))
    #expect(Int256(7).dividedRoundingUp(by: Int256(2)) == Int256(4))
    #expect(Int256(8).dividedRoundingUp(by: Int256(2)) == Int256(4))
    #expect(Int256(bytes: most.bytes) == most && Int256(bytes: least.bytes) == least)
    #expect(Int256(least.description) == least && Int256(most.description) == most)
    #expect(most / most == Int256(1) && least / most == Int256(-1) && most / least == .zero)
    #expect(Int256("12x") == nil && Int256("") == nil && Int256("-") == nil)
  }

  @Test("integers: a = q b + r, the text reads back, for numbers of every size")
  func division() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      func number() -> Int256 {
        let bits = UInt128.random(in: 0...255, using: &random)
        let low = UInt128.random(in: 0...UInt128.max, using: &random)
        let high = UInt128.random(in: 0...UInt128.max >> 1, using: &random)
        let magnitude = bits < 128 ? (0, low >> bits) : (high >> (bits - 128), low)
        return Int256(magnitude: magnitude, isNegative: Bool.random(using: &random))
      }
      let a = number(), b = number()
      #expect(Int256(a.description) == a)
      guard b != .zero else { continue }
      let quotient = a / b
      let rest = a - quotient * b
      #expect((rest.isNegative ? -rest : rest) < (b.isNegative ? -b : b))
      #expect(rest == .zero || rest.isNegative == a.isNegative)
    }
  }

  @Test("decimals are truncated at 18 places, never rounded")
  func decimals() throws {
    func wei(_ text: String) -> String { (DecimalText(text)?.integer(places: 18).description) ?? "nil" }
    #expect(wei("1") == "1000000000000000000")
    #expect(wei("-0.3399999999999999999") == "-339999999999999999")
    #expect(wei("6e-12") == "6000000")
    #expect(wei("1.5E3") == "1500000000000000000000")
    #expect(wei("1e-19") == "0" && wei("0.0") == "0" && wei("-0") == "0")
    #expect(wei("1e90") == "undefined")
    for text in ["", "-", ".", "1e", "1.2.3", "0x10", "1e99999", "nan", "1 "] { #expect(DecimalText(text) == nil) }
  }

  @Test(
    "the 33 function values that lyra-utils states, to the last digit",
    .enabled(if: Suites.areThere, "the published suites are not there: set ASSAY_VECTORS"))
  func functionValues() throws {
    let cases = try #require(try Suites.json("margin/lyra_utils_fixed_point_exact.json").elements)
    #expect(cases.count >= 33)
    for entry in cases {
      let function = try #require(entry["fn"]?.string)
      let argument = try value(#require(entry["arg"]?.string)), result = try value(#require(entry["result"]?.string))
      let precise = Int256(1_000_000_000)
      let computed: Fixed18
      switch function {
      case "lnPrecise": computed = Fixed18(wei: try apply(.evm18Logarithm, argument / precise).wei * precise)
      case "expPrecise": computed = Fixed18(wei: try apply(.evm18Exponential, argument / precise).wei * precise)
      case "ln": computed = try apply(.evm18Logarithm, argument)
      case "exp": computed = try apply(.evm18Exponential, argument)
      case "sqrt": computed = try apply(.evm18SquareRoot, argument)
      case "stdNormalCDF": computed = try apply(.evm18NormalCDF, argument)
      case "stdNormal": computed = try apply(.evm18NormalDensity, argument)
      default:
        Issue.record("no function is called \(function)")
        continue
      }
      #expect(computed.wei == result, "\(function)(\(argument))")
    }
  }

  private func apply(_ operation: Operation, _ argument: Int256) throws -> Fixed18 {
    try #require(try Fixed18.apply(operation, [[Fixed18(wei: argument)]], "result", on: portable).first)
  }

  /// `0.5e18`, `1000 * 1e27` and `1e18 - 1`, as the suite writes integers.
  private func value(_ text: String) throws -> Int256 {
    let parts = text.split(separator: " ")
    let first = try #require(DecimalText(String(parts[0]))).integer(places: 0)
    guard parts.count == 3 else { return first }
    let second = try #require(DecimalText(String(parts[2]))).integer(places: 0)
    return parts[1] == "*" ? first * second : first - second
  }

  @Test("where the contracts revert, a row is refused; undefined numbers stay so")
  func reverts() throws {
    #expect(try apply(.evm18Logarithm, .zero).isUndefined)
    #expect(try apply(.evm18Logarithm, Int256(-1)).isUndefined)
    #expect(try apply(.evm18Exponential, Int256("135305999368893231589")!).isUndefined)
    #expect(try !apply(.evm18Exponential, Int256("135305999368893231588")!).isUndefined)
    #expect(try apply(.evm18Exponential, .undefined).isUndefined)
    let option = PricedOption<Fixed18>(
      isCall: true, seconds: 86_400, discount: .one, volatility: .undefined, forward: .one, strike: .one)
    #expect(try Fixed18.prices([option], on: portable)[0].isUndefined)
  }

  @Test("binary64 and integers agree on Black-76 to a few units of 1e-15")
  func bothModes() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let forward = Int.random(in: 10...100_000, using: &random)
      let strike = max(1, forward * Int.random(in: 50...200, using: &random) / 100)
      let seconds = UInt64.random(in: 3600...60_000_000, using: &random)
      let percent = Int.random(in: 10...200, using: &random)
      func price<Number: MarginNumber>(_: Number.Type) throws -> Double {
        let option = PricedOption<Number>(
          isCall: percent % 2 == 0, seconds: seconds, discount: .one, volatility: .ratio(percent, 100),
          forward: Number(whole: forward), strike: Number(whole: strike))
        return try Number.prices([option], on: portable)[0].approximate
      }
      #expect(abs(try price(Fixed18.self) - price(Binary64.self)) <= 1e-13 * Double(forward))
    }
  }
}

extension Int256 {
  init(magnitude: (UInt128, UInt128)) { self.init(magnitude: (high: magnitude.0, low: magnitude.1), isNegative: false) }
}
