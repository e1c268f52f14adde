import AssayCore
import AssayRuntime
import BackendOpenCL
import Testing

/// A million option rows of the kind that breaks pricers: every bit of every price and Greek agrees.
@Suite(.enabled(if: Support.hasDevice, "no OpenCL device here")) struct HostileOptionsTests {
  @Test func aMillionRows() throws {
    let batch = try Self.options(rows: 1_000_000)
    let results = Results(batch.operation, rows: batch.rows)
    try Support.kernel(batch.operation).run(batch, rows: 0..<batch.rows, into: results)
    #expect(results.agrees(with: try Support.expected(batch), in: 0..<batch.rows))
  }

  /// Ordinary options, and in one row of four something awkward in one or two columns.
  private static func options(rows: Int) throws -> Batch {
    let awkward: [UInt64] = [
      0, 1 << 63, 1, 1 << 63 | 1, 0x000F_FFFF_FFFF_FFFF, 0x0010_0000_0000_0000, 0x7FEF_FFFF_FFFF_FFFF,
      0x7FF0_0000_0000_0000, 0xFFF0_0000_0000_0000, 0x7FF0_0000_0000_0001, 0x7FF8_0000_0000_0000, 0xFFF8_1234_5678_9ABC,
      (1e-300).bitPattern, (1e300).bitPattern, (1e-8).bitPattern, (1e8).bitPattern, 1.0.bitPattern, (-1.0).bitPattern,
    ]
    var random = SplitMix64(state: 2_026)
    var types = [UInt8](repeating: 0, count: rows)
    var columns = [[Double]](repeating: [Double](repeating: 0, count: rows), count: 6)
    let scales: [Double] = [200, 200, 4, 0.2, 0.1, 1.5]
    for row in 0..<rows {
      let dice = random.next()
      types[row] = dice % 64 == 63 ? UInt8(truncatingIfNeeded: dice >> 8) : UInt8(dice % 2)
      for column in 0..<6 {
        let bits = random.next()
        columns[column][row] = Double(bits >> 11) * 0x1p-53 * scales[column]
        // Random bits half of the time, else a number that is known to be awkward.
        guard dice >> 32 & 3 == 0, Int(dice >> 40 & 7) == column || Int(dice >> 44 & 7) == column else { continue }
        let value = bits & 1 == 0 ? bits : awkward[Int(bits >> 1) % awkward.count]
        columns[column][row] = Double(bitPattern: value)
      }
    }
    return try Batch(
      Support.operation("black_scholes"), [Column(bytes: types)] + columns.map { Column($0) }, rows: rows)
  }
}
