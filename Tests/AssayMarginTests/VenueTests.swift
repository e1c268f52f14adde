import Assay
import AssayFormats
import Testing

@Suite(.enabled(if: Suites.areThere, "the published suites are not there: set ASSAY_VECTORS"))
struct VenueTests {
  @Test("every book of Derive's portfolio margin: equal in wei, and within 1e-12 of its scale in binary64")
  func derive() throws {
    let folder = "margin/derive-v2-core/PMRM_2"
    let expected = try Suites.json("margin/derive-v2-core/derive_pmrm2_integer_expected.json")
    var compared = 0
    for file in try Suites.files(folder) {
      let name = String(file.dropLast(5))
      let result = try DeriveSuiteResult(
        try Suites.json("\(folder)/\(file)"), name: name, expected: expected[name], on: portable)
      #expect(result.agrees, "\(name): \(result.difference ?? -1) \(result.mismatches)")
      if expected[name] != nil {
        compared += 1
        #expect(!result.isRefusedOnChain)
      }
    }
    #expect(compared == expected.members?.count)
  }

  @Test("dYdX's requirements, exactly")
  func dydx() throws {
    let cases = try #require(try Suites.json("margin/dydx_v4_margin_requirements.json").elements)
    #expect(cases.count == 13)
    for entry in cases {
      func integer(_ name: String) throws -> Int256 { try #require(entry[name]?.decimal).integer(places: 0) }
      func int(_ name: String) throws -> Int { try #require(Int(integer(name).description)) }
      let price = try integer("price"), exponent = try int("exponent")
      let resolution = try int("baseCurrencyAtomicResolution")
      func notional(_ quantums: Int256) -> Int256 {
        LinearRequirement.notional(quantums: quantums, price: price, exponent: exponent, resolution: resolution)
      }
      let hasCaps = entry["openInterestLowerCap"] != nil
      let rule = LinearRequirement(
        initialMillionths: try int("initialMarginPpm"), maintenanceMillionths: try int("maintenanceFractionPpm"),
        openInterestCaps: hasCaps
          ? .init(lower: try integer("openInterestLowerCap"), upper: try integer("openInterestUpperCap")) : nil)
      let requirement = rule.requirement(
        notional: notional(try integer("bigBaseQuantums")),
        openInterest: hasCaps ? notional(try integer("openInterest")) : .zero)
      let name = entry["name"]?.string ?? ""
      #expect(try requirement.initial == integer("bigExpectedInitialMargin"), "\(name)")
      #expect(try requirement.maintenance == integer("bigExpectedMaintenanceMargin"), "\(name)")
    }
  }
}
