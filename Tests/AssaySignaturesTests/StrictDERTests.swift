import AssayCore
import Testing

@testable import AssaySignatures

/// BIP-66's strict DER, byte by byte.
@Suite struct StrictDERTests {
  /// 30 length, then the integers with their headers.
  private func der(_ r: [UInt8], _ s: [UInt8]) -> [UInt8] {
    let body = [0x02, UInt8(r.count)] + r + [0x02, UInt8(s.count)] + s
    return [0x30, UInt8(body.count)] + body
  }

  private func scalar(_ low: UInt8...) -> [UInt8] { [UInt8](repeating: 0, count: 32 - low.count) + low }

  @Test func readsNumbersOfEveryLength() {
    #expect(StrictDER.compact(der([1], [2])) == scalar(1) + scalar(2))
    #expect(StrictDER.compact(der([0], [0x7F])) == scalar(0) + scalar(0x7F))
    #expect(StrictDER.compact(der([0, 0x80], [1, 0])) == scalar(0x80) + scalar(1, 0))
    let full = [UInt8](repeating: 0xEE, count: 32)
    #expect(StrictDER.compact(der([0] + full, [0] + full)) == full + full)
  }

  @Test func numbersBeyond32BytesAreOutOfRangeNotMalformed() {
    let large = [UInt8](repeating: 1, count: 33)
    #expect(StrictDER.compact(der(large, [1])) == [UInt8](repeating: 0xFF, count: 32) + scalar(1))
    #expect(
      StrictDER.compact(der([1], large + [5])) == scalar(1) + [UInt8](repeating: 0xFF, count: 32))
  }

  @Test func rejectsEverythingElse() {
    let good = der([1], [2])
    let bad: [[UInt8]] = [
      [], [0x30], [0x30, 0], [0x30, 6, 2, 1, 1, 2, 1],  // too short
      der([], [2, 3]), der([1, 2], []), der([0x80], [1]), der([1], [0xFF]),  // empty, negative
      der([0, 1], [1]), der([1], [0, 0x7F]), der([0, 0], [1]),  // a superfluous zero
      [0x31] + good[1...], [0x30, 7] + good[2...], [0x30, 5] + good[2...], good + [0],  // tag, lengths, trailing byte
      [0x30, 6, 3, 1, 1, 2, 1, 2], [0x30, 6, 2, 1, 1, 3, 1, 2],  // not integers
      [0x30, 6, 2, 2, 1, 2, 1, 2], [0x30, 6, 2, 1, 1, 2, 2, 2], [0x30, 6, 2, 0x7F, 1, 2, 1, 2],  // past the end
      [0x30, 0x81, 6, 2, 1, 1, 2, 1, 2], [0x30, 0x80, 2, 1, 1, 2, 1, 2, 0, 0],  // long and indefinite forms
      der([UInt8](repeating: 1, count: 60), [1, 2, 3, 4, 5, 6, 7]),  // longer than two scalars can be
    ]
    for signature in bad { #expect(StrictDER.compact(signature) == nil, "\(signature)") }
  }

  /// Whatever the bytes, nothing traps; and what is accepted is the one encoding of its numbers.
  @Test func everyDamageIsRejectedOrCanonical() {
    let signature = der([0x00, 0x91] + [UInt8](repeating: 7, count: 31), [UInt8](repeating: 0x13, count: 32))
    var accepted = 0
    for length in 0...signature.count {
      #expect(length == signature.count || StrictDER.compact(Array(signature[..<length])) == nil)
    }
    for position in signature.indices {
      for byte in UInt8.min...UInt8.max {
        var damaged = signature
        damaged[position] = byte
        guard let compact = StrictDER.compact(damaged), compact[..<32] != [UInt8](repeating: 0xFF, count: 32)[...]
        else {
          continue
        }
        accepted += 1
        #expect(der(minimal(compact[..<32]), minimal(compact[32...])) == damaged)
      }
    }
    // Any byte of the two numbers but their signs and r's leading zero may change.
    #expect(accepted > 62 * 256)
  }

  private func minimal(_ scalar: ArraySlice<UInt8>) -> [UInt8] {
    let digits = Array(scalar.drop { $0 == 0 })
    return digits.first.map { $0 < 0x80 } ?? false ? digits : [0] + digits
  }
}
