import Assay
import AssayFormats
import Testing

/// Files that people write beside a book: what is in them is applied, or refused.
@Suite struct ScenarioFileTests {
  private func read(_ text: String) throws -> [Scenario] {
    try ScenarioFile.read(Array(text.utf8), path: "scenarios.json")
  }

  @Test func gridsAndListsAreRead() throws {
    let grid = try read(#"{"spot":[-0.1,0.1],"volatility":[0.5],"volatilityShift":"relative"}"#)
    #expect(grid.map(\.spot) == [-0.1, 0.1] && grid.allSatisfy { $0.volatility == .relative(0.5) })
    let list = try read(#"{"scenarios":[{"name":"crash","spot":-0.3,"volatility":0.5},{"spot":0,"volatility":-1}]}"#)
    #expect(list.map(\.name) == ["crash", "scenario 2"] && list[1].volatility == .absolute(-1))
    #expect(try read(#"{"Spot":[0],"volatility_shift":"relative","volatility":[1]}"#)[0].volatility == .relative(1))
  }

  @Test(arguments: [
    (#"{"spot":[0],"volatilityShfit":"relative"}"#, "did you mean volatilityShift?"),
    (#"{"spot":[0],"note":1}"#, "'note' is not known"),
    (#"{"spot":[0],"Spot":[1]}"#, "spot is there twice"),
    (#"{"scenarios":[{"spot":0,"volatility":0,"note":1}]}"#, "scenario 1: 'note' is not known"),
    (#"{"scenarios":[{"spot":0,"days":-1}]}"#, "time does not run backwards"),
    (#"{"scenarios":[{"spot":0,"underlyings":[]}]}"#, "underlyings is a list of names"),
    (#"{"spot":[0],"spotShift":"upwards"}"#, "not upwards"), (#"{"volatility":[0.1]}"#, "no spot moves"),
    (#"{"spot":["0"]}"#, "spot holds something else than numbers"), (#"{"spot":0}"#, "spot is not a list"),
    (#"{"spot":[0],"volatilityShift":"both"}"#, "not both"), (#"{"spot":[-1]}"#, "no price would be left"),
    (#"{"spot":[1e999]}"#, "no price would be left"), ("[]", "not a JSON object"), ("{}", "no scenario"),
    ("{", "not JSON"),
  ])
  func whatIsNotUnderstoodIsRefused(text: String, message: String) {
    let error = #expect(throws: AssayError.self) { try read(text) }
    #expect(error?.kind == .input && error.map { "\($0)".contains(message) } == true, "\(String(describing: error))")
  }
}

/// Groups are the same when their cells have the same bytes.
@Suite struct GroupKeyTests {
  @Test(
    arguments: [
      [[]], [[1, 2]], [[], []], [[0], [0, 0]], [[0, 0], [0]], [[1], [], [2]], [[0, 1], [1, 0]], [[0x1F], [0xFF, 0]],
    ] as [[[UInt8]]])
  func keysComeApartAsTheyWereMade(cells: [[UInt8]]) {
    #expect(GroupKey.cells(of: GroupKey.joined(cells), count: cells.count) == cells)
  }

  @Test func keysOfOtherCellsDiffer() {
    let cells: [[[UInt8]]] = [
      [[1], [2]], [[1, 2], []], [[], [1, 2]], [[1, 0, 0], [2]], [[1], [0, 0, 2]], [[1, 0], [0, 2]],
    ]
    #expect(Set(cells.map(GroupKey.joined)).count == cells.count)
  }

  @Test func notesOfOneSpellingAreNotMerged() throws {
    let engine = try Engine()
    var portfolio = Portfolio(measures: [.price])
    let book = try OptionBook(
      .blackScholes, types: [.call, .put],
      columns: ["spot": [100, 100], "strike": [100, 100], "years": [1, 1], "volatility": [0.2, -1]])
    let keys: [[UInt8]] = [Array("\u{E9}".utf8), Array("e\u{301}".utf8)]
    _ = try portfolio.add(book, weights: [1, 1], keys: keys, on: engine)
    portfolio.reject(.malformedRow, key: [0xE9])
    let report = try portfolio.report(on: engine)
    #expect(report.groups.map(\.keyBytes) == [keys[1], keys[0], [0xE9]])
    #expect(report.groups.map(\.positions) == [0, 1, 0] && report.groups.map(\.measured) == [[0], [1], [0]])
    #expect(report.total.rejected.map(\.reason) == [.malformedRow, .invalidVolatility])
  }
}
