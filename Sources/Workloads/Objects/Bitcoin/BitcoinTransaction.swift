import AssayCore

/// A Bitcoin transaction, with or without witnesses (BIP-144).
struct BitcoinTransaction {
  /// What an input spends, and how.
  struct Input {
    /// The spent output: transaction and position, 36 bytes.
    let outpoint: [UInt8]
    let script: [UInt8]
    let sequence: UInt32
    fileprivate(set) var witness: [[UInt8]] = []
  }

  /// An output: its amount in satoshi and its script.
  struct Output {
    let value: UInt64
    let script: [UInt8]

    var encoding: [UInt8] { value.littleEndianBytes + BitcoinScript.sized(script) }
  }

  let version: UInt32
  private(set) var inputs: [Input] = []
  private(set) var outputs: [Output] = []
  let lockTime: UInt32

  /// Reads a whole transaction.
  init(_ bytes: [UInt8]) throws(ObjectFault) {
    var cursor = ByteCursor(bytes, "the transaction")
    version = UInt32(try cursor.littleEndian(4))
    var count = try cursor.compactSize()
    // No inputs and a flag of 1: witnesses follow the outputs.
    let hasWitness = count == 0 && bytes.count > cursor.position && bytes[cursor.position] == 1
    if hasWitness {
      _ = try cursor.byte()
      count = try cursor.compactSize()
    }
    // An input takes 41 bytes and an output 9, so absurd counts end with the bytes.
    for _ in 0..<min(count, UInt64(bytes.count)) {
      inputs.append(
        Input(
          outpoint: try cursor.read(36), script: try cursor.sizedString(),
          sequence: UInt32(try cursor.littleEndian(4))))
    }
    for _ in 0..<min(try cursor.compactSize(), UInt64(bytes.count)) {
      outputs.append(Output(value: try cursor.littleEndian(8), script: try cursor.sizedString()))
    }
    if hasWitness {
      for index in inputs.indices {
        for _ in 0..<min(try cursor.compactSize(), UInt64(bytes.count)) {
          inputs[index].witness.append(try cursor.sizedString())
        }
      }
      guard inputs.contains(where: { !$0.witness.isEmpty }) else {
        throw ObjectFault(.nonCanonicalEncoding, "the transaction has the form with witnesses and none")
      }
    }
    lockTime = UInt32(try cursor.littleEndian(4))
    try cursor.expectEnd()
    guard !inputs.isEmpty else { throw .malformed("the transaction has no inputs") }
  }
}

/// Bitcoin's scripts as far as signatures need them.
enum BitcoinScript {
  /// Bytes behind their CompactSize.
  static func sized(_ bytes: [UInt8]) -> [UInt8] { compactSize(bytes.count) + bytes }

  /// Bitcoin's CompactSize.
  static func compactSize(_ count: Int) -> [UInt8] {
    switch count {
    case ..<0xfd: [UInt8(count)]
    case ..<0x1_0000: [0xfd] + UInt16(count).littleEndianBytes
    default: [0xfe] + UInt32(truncatingIfNeeded: count).littleEndianBytes
    }
  }

  /// The script that pays to a key's hash.
  static func payToKeyHash(_ hash: some Collection<UInt8>) -> [UInt8] { [0x76, 0xa9, 0x14] + hash + [0x88, 0xac] }

  /// The data that a script of pushes alone pushes; nil for any other script.
  static func pushes(_ script: [UInt8]) -> [[UInt8]]? {
    var cursor = ByteCursor(script, "the script")
    var pushes: [[UInt8]] = []
    do throws(ObjectFault) {
      while !cursor.isAtEnd {
        switch try cursor.byte() {
        case let count where count <= 0x4b: pushes.append(try cursor.read(Int(count)))
        case 0x4c: pushes.append(try cursor.read(Int(cursor.byte())))
        case 0x4d: pushes.append(try cursor.read(Int(cursor.littleEndian(2))))
        default: return nil
        }
      }
    } catch {
      return nil
    }
    return pushes
  }

  /// The script without OP_CODESEPARATOR, whose signatures before segregated witnesses do not cover it. What follows a push that is
  /// cut short is data and stays.
  static func withoutCodeSeparators(_ script: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    var position = 0
    while position < script.count {
      let opcode = script[position]
      var length = 1
      switch opcode {
      case 1...0x4b: length += Int(opcode)
      case 0x4c: length += position + 1 < script.count ? 1 + Int(script[position + 1]) : script.count
      case 0x4d, 0x4e:
        let width = opcode == 0x4d ? 2 : 4
        let size = script[(position + 1)...].prefix(width)
        length += size.count == width ? width + Int(Array(size.reversed()).bigEndian) : script.count
      default: break
      }
      let end = min(position + length, script.count)
      if opcode != 0xab { kept += script[position..<end] }
      position = end
    }
    return kept
  }
}
