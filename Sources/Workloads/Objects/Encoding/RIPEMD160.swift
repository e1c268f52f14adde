/// RIPEMD-160 (Dobbertin, Bosselaers, Preneel, 1996) of short inputs: addresses of keys.
///
/// It is always taken of a SHA-256 digest, one block of work beside an elliptic-curve multiplication, so it is not a batch operation.
enum RIPEMD160 {
  /// The 20-byte digest.
  static func digest(_ message: [UInt8]) -> [UInt8] {
    var padded = message + [0x80]
    while padded.count % 64 != 56 { padded.append(0) }
    padded += (UInt64(message.count) &* 8).littleEndianBytes
    var state: [UInt32] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0]
    for start in stride(from: 0, to: padded.count, by: 64) {
      let words = (0..<16).map { word in
        (0..<4).reduce(UInt32(0)) { $0 | UInt32(padded[start + 4 * word + $1]) << UInt32(8 * $1) }
      }
      compress(&state, words)
    }
    return state.flatMap(\.littleEndianBytes)
  }

  private static func compress(_ state: inout [UInt32], _ words: [UInt32]) {
    var left = state
    var right = state
    for step in 0..<80 {
      let round = step / 16
      advance(&left, mix: function(round, left), words[leftWord[step]], leftConstant[round], leftShift[step])
      advance(&right, mix: function(4 - round, right), words[rightWord[step]], rightConstant[round], rightShift[step])
    }
    let sum = state[1] &+ left[2] &+ right[3]
    state[1] = state[2] &+ left[3] &+ right[4]
    state[2] = state[3] &+ left[4] &+ right[0]
    state[3] = state[4] &+ left[0] &+ right[1]
    state[4] = state[0] &+ left[1] &+ right[2]
    state[0] = sum
  }

  private static func advance(_ line: inout [UInt32], mix: UInt32, _ word: UInt32, _ constant: UInt32, _ shift: UInt32)
  {
    let sum = line[0] &+ mix &+ word &+ constant
    let next = (sum << shift | sum >> (32 - shift)) &+ line[4]
    line = [line[4], next, line[1], line[2] << 10 | line[2] >> 22, line[3]]
  }

  private static func function(_ round: Int, _ line: [UInt32]) -> UInt32 {
    let (x, y, z) = (line[1], line[2], line[3])
    return switch round {
    case 0: x ^ y ^ z
    case 1: x & y | ~x & z
    case 2: (x | ~y) ^ z
    case 3: x & z | y & ~z
    default: x ^ (y | ~z)
    }
  }

  private static let leftConstant: [UInt32] = [0, 0x5a82_7999, 0x6ed9_eba1, 0x8f1b_bcdc, 0xa953_fd4e]
  private static let rightConstant: [UInt32] = [0x50a2_8be6, 0x5c4d_d124, 0x6d70_3ef3, 0x7a6d_76e9, 0]
  private static let leftWord: [Int] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
    7, 4, 13, 1, 10, 6, 15, 3, 12, 0, 9, 5, 2, 14, 11, 8,
    3, 10, 14, 4, 9, 15, 8, 1, 2, 7, 0, 6, 13, 11, 5, 12,
    1, 9, 11, 10, 0, 8, 12, 4, 13, 3, 7, 15, 14, 5, 6, 2,
    4, 0, 5, 9, 7, 12, 2, 10, 14, 1, 3, 8, 11, 6, 15, 13,
  ]
  private static let rightWord: [Int] = [
    5, 14, 7, 0, 9, 2, 11, 4, 13, 6, 15, 8, 1, 10, 3, 12,
    6, 11, 3, 7, 0, 13, 5, 10, 14, 15, 8, 12, 4, 9, 1, 2,
    15, 5, 1, 3, 7, 14, 6, 9, 11, 8, 12, 2, 10, 0, 4, 13,
    8, 6, 4, 1, 3, 11, 15, 0, 5, 12, 2, 13, 9, 7, 10, 14,
    12, 15, 10, 4, 1, 5, 8, 7, 6, 2, 13, 14, 0, 3, 9, 11,
  ]
  private static let leftShift: [UInt32] = [
    11, 14, 15, 12, 5, 8, 7, 9, 11, 13, 14, 15, 6, 7, 9, 8,
    7, 6, 8, 13, 11, 9, 7, 15, 7, 12, 15, 9, 11, 7, 13, 12,
    11, 13, 6, 7, 14, 9, 13, 15, 14, 8, 13, 6, 5, 12, 7, 5,
    11, 12, 14, 15, 14, 15, 9, 8, 9, 14, 5, 6, 8, 6, 5, 12,
    9, 15, 5, 11, 6, 8, 13, 12, 5, 12, 13, 14, 11, 8, 5, 6,
  ]
  private static let rightShift: [UInt32] = [
    8, 9, 9, 11, 13, 15, 15, 5, 7, 7, 8, 11, 14, 14, 12, 6,
    9, 13, 15, 7, 12, 8, 9, 11, 7, 7, 12, 7, 6, 15, 13, 11,
    9, 7, 15, 11, 8, 6, 6, 14, 12, 13, 5, 14, 13, 13, 7, 5,
    15, 5, 8, 11, 14, 14, 6, 14, 6, 9, 12, 9, 12, 5, 15, 8,
    8, 5, 12, 9, 12, 5, 14, 6, 8, 13, 6, 5, 15, 13, 11, 11,
  ]
}
