import AssayFormats
import Testing

/// Names as the contract has them: spellings that are one name, and those that nearly are.
@Suite struct NameTests {
  private let table = NameTable(["id", "rate", "spot", "address", "semantics", "dividendYield", "publicKey"])

  @Test(arguments: [
    ("rate", "rate"), ("Rate", "rate"), ("RATE", "rate"), ("dividend_yield", "dividendYield"),
    ("Dividend-Yield", "dividendYield"), ("dividend yield", "dividendYield"), ("public_key", "publicKey"),
    ("_id_", "id"),
  ])
  func spellingsAreOneName(name: String, known: String) throws {
    #expect(table.names[try #require(table.position(of: name))] == known)
  }

  @Test(arguments: ["", "_", "rates", "dividendYields", "publicKe", "idd", "\u{430}ddress"])
  func otherNamesAreNot(name: String) { #expect(table.position(of: name) == nil) }

  @Test(arguments: [
    ("adress", "address"), ("addresss", "address"), ("semantic", "semantics"), ("dividendYeild", "dividendYield"),
    ("divident_yield", "dividendYield"), ("publikKey", "publicKey"),
  ])
  func nearMissesAreTold(name: String, known: String) { #expect(table.suggestion(for: name) == known) }

  /// Common columns beside ours, short names, and what is two edits from a name of fewer than nine letters.
  @Test(arguments: ["bid", "date", "mid", "ratio", "sport", "adres", "spots", "note", "addrss2"])
  func commonNamesAreNoMisspellings(name: String) { #expect(table.suggestion(for: name) == nil) }

  @Test func aNameThatIsThereIsNotMeantAgain() {
    #expect(table.suggestion(for: "adress") { table.names[$0] != "address" } == nil)
  }
}
