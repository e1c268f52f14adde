import Testing

@testable import AssayRisk

/// States kept short come out as they went in.
@Suite struct ExactStatesTests {
  /// A state whose words from `low` up to `high` are random, with `above` over them.
  private static func state(low: Int, high: Int, above: UInt64, flags: UInt64 = 0) -> [UInt8] {
    let words = (0..<34).map { limb in
      limb < low ? 0 : limb < high ? UInt64.random(in: 0 ... .max) : above
    }
    return (words + [flags]).flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
  }

  private static func read(_ states: ExactStates, _ index: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    states.append(index, to: &bytes)
    return bytes
  }

  @Test func statesComeOutAsTheyWentIn() {
    var states = ExactStates()
    states.grow(to: 64)
    let nothing = [UInt8](repeating: 0, count: ExactStates.bytes)
    #expect(states.isEmpty(63) && Self.read(states, 63) == nothing)
    var expected = [[UInt8]](repeating: nothing, count: 64)
    // Again and again over one another, longer and shorter: entries move, and are moved together.
    for round in 0..<4000 {
      let index = round * 7 % 64
      let low = Int.random(in: 0...34)
      let state = Self.state(
        low: low, high: Int.random(in: low...34), above: Bool.random() ? 0 : .max, flags: UInt64(round % 8))
      state.withUnsafeBytes { states.set(index, to: $0) }
      expected[index] = state
    }
    for index in expected.indices { #expect(Self.read(states, index) == expected[index], "\(index)") }
    var copy = ExactStates()
    copy.grow(to: 64)
    for index in expected.indices { copy.copy(63 - index, from: index, of: states) }
    for index in expected.indices { #expect(Self.read(copy, 63 - index) == expected[index], "\(index)") }
  }

  /// The bound of docs/formats.md: what ordinary numbers add up to takes a few words, however many totals there are.
  @Test func ordinaryTotalsAreShort() {
    var states = ExactStates()
    states.grow(to: 10_000)
    for index in 0..<10_000 {
      Self.state(low: 15, high: 19, above: index % 2 == 0 ? 0 : .max).withUnsafeBytes { states.set(index, to: $0) }
    }
    #expect(states.storedBytes <= 10_000 * 50)
  }
}
