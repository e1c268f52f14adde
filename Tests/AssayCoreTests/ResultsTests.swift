import AssayCore
import BackendCPU
import Testing

/// Results own their memory, check their subscripts and say what was not asked for.
@Suite struct ResultsTests {
  /// The SHA-256 of `rows` pairs of zeros, row i's first byte i.
  static func digests(rows: Int) throws -> Results {
    var bytes = [UInt8](repeating: 0, count: rows * 64)
    for row in 0..<rows { bytes[row * 64] = UInt8(truncatingIfNeeded: row) }
    return try results("sha256_pair", [Column(packed: bytes, width: 64)])
  }

  static func results(_ name: String, _ columns: [Column], wanted: Set<String>? = nil) throws -> Results {
    let operation = try #require(AssayCore.Operation.named(name))
    let backend = CPUBackend(.portable, pool: ThreadPool(threads: 1))
    let device = try #require(backend.devices.first)
    let kernel = try #require(backend.kernels(for: operation, on: device).first)
    let batch = try Batch(operation, columns)
    let results = Results(operation, rows: batch.rows, wanted: wanted)
    try kernel.run(batch, rows: 0..<batch.rows, into: results)
    return results
  }

  static func prices(wanted: Set<String>) throws -> Results {
    try results(
      "black_scholes",
      [
        Column(bytes: [0]), Column([100]), Column([100]), Column([1]), Column([0]), Column([0]), Column([0.2]),
      ], wanted: wanted)
  }

  /// The line that read freed memory: a column taken from results that nobody keeps.
  @Test func aColumnOutlivesItsResults() throws {
    let digests = try Self.digests(rows: 300).digests
    let values = digests.map { Array($0) }
    let row = try Self.digests(rows: 300).digests[299]
    // Memory of the same size, over and over, lands where freed results would have been.
    for round in 0..<50 { _ = [UInt8](repeating: UInt8(round), count: 300 * 32) }
    let again = try Self.digests(rows: 300)
    #expect(values.count == 300 && Set(values).count == 256)
    #expect(Array(row) == values[299] && again.digests[299] == row && row == values[299])
    let four = try #require(try Self.digests(rows: 4)["digest"])
    #expect(four.prefix(4).map { Array($0) } == Array(values.prefix(4)))
    #expect(row.hexadecimal.count == 64 && row.withUnsafeBytes { $0.count } == 32)
  }

  @Test func numbersAndVerdictsOutliveTheirResults() throws {
    let price = try #require(try Self.prices(wanted: ["price"]).numbers("price"))
    let verdicts = try Self.prices(wanted: ["price"]).verdicts
    for round in 0..<50 { _ = [Double](repeating: Double(round), count: 8) }
    #expect(abs(price[0] - 7.965567455405798) < 1e-13 && price.count == 1)
    #expect(Array(verdicts) == [.accepted])
  }

  @Test func whatWasNotAskedForIsNil() throws {
    let results = try Self.prices(wanted: ["price"])
    #expect(results.numbers("delta") == nil && results["delta"] == nil && results["nonsense"] == nil)
    #expect(results.numbers("verdict") == nil && results["verdict"]?.count == 1)
    #expect(results.wanted == ["price"])
  }

  @Test func anOperationWithoutVerdictsAcceptsItsRows() throws {
    let results = try Self.digests(rows: 3)
    #expect(Array(results.verdicts) == [.accepted, .accepted, .accepted] && results.verdict(2).isAccepted)
  }

  @Test func rowsThatAreNotThereEndTheProgramWithASentence() async {
    func isSaid(_ result: ExitTest.Result?, _ words: String) {
      let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(said.contains(words))
    }
    isSaid(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = try ResultsTests.digests(rows: 2).digests[900]
      }, "Row 900 was asked for where there are 2 rows")
    isSaid(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = try ResultsTests.digests(rows: 2).verdict(-3)
      }, "Row -3 was asked for where there are 2 rows")
    isSaid(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = try ResultsTests.prices(wanted: ["price"]).numbers("price")?[900]
      }, "Row 900 was asked for where there are 1 rows")
    isSaid(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = try ResultsTests.digests(rows: 2).digests[1][32]
      }, "Byte 32 of a value of 32 bytes")
    isSaid(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = try ResultsTests.prices(wanted: []).digests
      }, "computes no digests")
    isSaid(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Column(messages: [[1], [2, 3]])[2]
      }, "Row 2 was asked for where there are 2 rows")
  }
}
