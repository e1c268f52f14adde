import Assay
import CAssayFPGA
import Testing

@testable import BackendFPGA

/// The host's own bookkeeping, which must hold whatever a board says. Needs no board.
@Suite struct AccountingTests {
  private func completion(
    _ cookie: UInt64, count: Int, generation: UInt32 = 1, status: Int32 = ASSAY_FPGA_OK
  ) -> assay_fpga_completion {
    var completion = assay_fpga_completion()
    completion.cookie = cookie
    completion.count = UInt32(count)
    completion.generation = generation
    completion.status = status
    return completion
  }

  /// A million completions of a board that says anything: no row lands twice, and none lands that was not launched.
  @Test func noRowLandsTwiceWhateverABoardSays() {
    var random = SplitMix64(state: 4)
    var table = InFlightTable(slots: 4)
    var landed = Set<Int>()
    var next = 0
    var cookies: [(cookie: UInt64, count: Int)] = [(0, 1)]
    for _ in 0..<1_000_000 {
      if let slot = table.freeSlot, random.next() % 4 == 0 {
        let rows = next..<next + 1 + Int(random.next() % 3)
        cookies.append((table.launch(rows, in: slot), rows.count))
        next = rows.upperBound
        if cookies.count > 12 { cookies.removeFirst() }
      }
      let said = cookies[Int(random.next() % UInt64(cookies.count))]
      let answer = table.land(
        completion(
          random.next() % 8 == 0 ? random.next() : said.cookie, count: said.count + (random.next() % 8 == 0 ? 1 : 0),
          generation: random.next() % 8 == 0 ? 0 : table.generation,
          status: random.next() % 8 == 0 ? ASSAY_FPGA_E_LINK : ASSAY_FPGA_OK))
      switch answer {
      case .landed(_, let rows):
        for row in rows {
          let isNew = landed.insert(row).inserted
          if !isNew { Issue.record("row \(row) landed twice") }
        }
      case .damaged, .unaccountable: break
      }
      if random.next() % 10_000 == 0 { table.clear(generation: table.generation &+ 1) }
    }
    #expect(landed.count > 100_000)
    #expect(landed.allSatisfy { $0 < next })
  }

  @Test func whatIsNotAccountedForKeepsItsSlot() {
    var table = InFlightTable(slots: 2)
    let cookie = table.launch(10..<20, in: 0)
    for wrong in [
      completion(cookie &+ 1, count: 10), completion(cookie, count: 9), completion(cookie, count: 10, generation: 0),
      completion(cookie, count: 10, status: ASSAY_FPGA_E_HUNG), completion(.max, count: -1 & 0xFFFF, generation: .max),
    ] {
      guard case .unaccountable = table.land(wrong) else {
        Issue.record("\(wrong) was accepted")
        continue
      }
    }
    #expect(table.rows == [10..<20])
    guard case .landed(0, 10..<20) = table.land(completion(cookie, count: 10)) else {
      Issue.record("the right completion was not accepted")
      return
    }
    #expect(table.count == 0)
  }

  @Test func rowsOfSeveralColumnsPackAndUnpack() {
    let layout = RowLayout(inputs: [1, 8, 3], outputs: [2, 16], verdicts: [false, false])
    #expect(layout.inputStride == 12 && layout.outputStride == 18)
    let columns: [[UInt8]] = [
      Array(0..<5), Array(100..<140), Array(200..<215),
    ]
    var staging = [UInt8](repeating: 0, count: 36)
    columns[0].withUnsafeBytes { a in
      columns[1].withUnsafeBytes { b in
        columns[2].withUnsafeBytes { c in
          staging.withUnsafeMutableBytes { staging in
            guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress, let to = staging.baseAddress
            else { return }
            layout.pack([a, b, c], rows: 1..<4, into: to)
          }
        }
      }
    }
    var packed: [UInt8] = []
    for row in 1..<4 {
      packed.append(columns[0][row])
      packed += columns[1][8 * row..<8 * row + 8]
      packed += columns[2][3 * row..<3 * row + 3]
    }
    #expect(staging == packed)

    let results = (0..<54).map(UInt8.init)
    var first = [UInt8](repeating: 0xEE, count: 10)
    var second = [UInt8](repeating: 0xEE, count: 80)
    results.withUnsafeBytes { results in
      first.withUnsafeMutableBytes { first in
        second.withUnsafeMutableBytes { second in
          guard let from = results.baseAddress, let a = first.baseAddress, let b = second.baseAddress else { return }
          layout.unpack(from, to: [a, b], rows: 1..<4)
        }
      }
    }
    #expect(first == [0xEE, 0xEE, 0, 1, 18, 19, 36, 37, 0xEE, 0xEE])
    let written: [UInt8] = Array(2..<18) + Array(20..<36) + Array(38..<54)
    #expect(Array(second[16..<64]) == written)
    #expect(second[..<16].allSatisfy { $0 == 0xEE } && second[64...].allSatisfy { $0 == 0xEE })
  }

  @Test func memoryThatNobodyWroteAndADeadLinkAreNoResults() {
    let digest = RowLayout(inputs: [64], outputs: [32], verdicts: [false])
    var bytes = [UInt8](repeating: 7, count: 96)
    #expect(finding(digest, bytes) == .sound)
    bytes.replaceSubrange(32..<64, with: repeatElement(0, count: 32))
    #expect(finding(digest, bytes) == .unwritten(row: 1))
    bytes.replaceSubrange(32..<64, with: repeatElement(0xFF, count: 32))
    #expect(finding(digest, bytes) == .unwritten(row: 1))
    bytes[63] = 0xFE
    #expect(finding(digest, bytes) == .sound)
  }

  @Test func onlyTheThreeVerdictBytesAreVerdicts() {
    let verdict = RowLayout(inputs: [32], outputs: [1], verdicts: [true])
    #expect(finding(verdict, [0xA5, 0xA5]) == .sound)
    #expect(finding(verdict, [0xA5, 0x5A, 0x3C]) == .rejected([1, 2]))
    for byte in UInt8.min...UInt8.max where ![0xA5, 0x5A, 0x3C].contains(byte) {
      #expect(finding(verdict, [0xA5, byte]) == .unwritten(row: 1))
    }
  }

  private func finding(_ layout: RowLayout, _ bytes: [UInt8]) -> RowLayout.Finding? {
    bytes.withUnsafeBytes { bytes in
      bytes.baseAddress.map { layout.inspect($0, count: bytes.count / layout.outputStride) }
    }
  }

  @Test func operationsThatTheInterfaceCannotCarryHaveNoLayout() throws {
    #expect(RowLayout(try #require(Operation.named("sha256_message"))) == nil)
    #expect(RowLayout(try #require(Operation.named("black_scholes"))) == nil)
    #expect(RowLayout(.sha256Pair)?.inputStride == 64)
  }
}
