import Assay

/// A backend from outside the repository: one device, and one kernel, written in Swift.
struct Abacus: Backend {
  let name = "abacus"
  let devices = [Device(id: "abacus:0", backend: "abacus", name: "A processor that counts beads")]
  let absence: String? = nil

  func kernels(for operation: Operation, on device: Device) -> [any Kernel] {
    operation == .sha256Pair ? [PairKernel()] : []
  }
}

/// SHA-256 of 64 bytes (FIPS 180-4): the message is one block, and a block of padding follows.
private struct PairKernel: Kernel {
  let operation = Operation.sha256Pair
  let id = "beads"

  func run(_ batch: Batch, rows: Range<Int>, into results: Results) throws {
    let done = results.withKernelColumns(of: batch) { columns in
      // The columns are those of operations.def: pair, 64 bytes per row, then digest, 32 bytes per row.
      guard let pairs = columns[0].data, let digests = columns[1].data else { return false }
      for row in rows {
        let pair = UnsafeRawBufferPointer(start: pairs + 64 * row, count: 64)
        (digests + 32 * row).copyMemory(from: Self.digest(of: pair), byteCount: 32)
      }
      return true
    }
    if !done { throw KernelFailure("a column has no memory") }
  }

  private static let padding: [UInt8] = [0x80] + [UInt8](repeating: 0, count: 61) + [0x02, 0x00]

  private static func digest(of pair: UnsafeRawBufferPointer) -> [UInt8] {
    var state: [UInt32] = [
      0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    compress(Array(pair), into: &state)
    compress(padding, into: &state)
    return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
  }

  private static func compress(_ block: [UInt8], into state: inout [UInt32]) {
    var schedule = (0..<16).map { word in block[4 * word..<4 * word + 4].reduce(0 as UInt32) { $0 << 8 | UInt32($1) } }
    for place in 16..<64 {
      let (early, late) = (schedule[place - 15], schedule[place - 2])
      let small = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3
      let large = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10
      schedule.append(schedule[place - 16] &+ small &+ schedule[place - 7] &+ large)
    }
    var v = state
    for (constant, word) in zip(constants, schedule) {
      let mixed = rotated(v[4], 6) ^ rotated(v[4], 11) ^ rotated(v[4], 25)
      let chosen = v[4] & v[5] ^ ~v[4] & v[6]
      let first = v[7] &+ mixed &+ chosen &+ constant &+ word
      let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]
      let second = (rotated(v[0], 2) ^ rotated(v[0], 13) ^ rotated(v[0], 22)) &+ majority
      v = [first &+ second, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
    }
    for place in 0..<8 { state[place] &+= v[place] }
  }

  private static func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 { word >> bits | word << (32 - bits) }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = (2...311).filter { number in !(2..<number).contains { number % $0 == 0 } }
    .map { prime in
      // The greatest root with root^3 <= prime * 2^96, by bisection; products stay below 2^105.
      var (low, high) = (0 as UInt128, 1 << 36 as UInt128)
      while high - low > 1 {
        let middle = (low + high) / 2
        if middle * middle * middle <= UInt128(prime) << 96 { low = middle } else { high = middle }
      }
      return UInt32(truncatingIfNeeded: low)
    }
}
