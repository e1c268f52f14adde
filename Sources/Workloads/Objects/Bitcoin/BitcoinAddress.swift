import AssayCore

/// An address that a message can be signed for: to a key's hash, in base58 (P2PKH, P2SH) or bech32 (P2WPKH; BIP-173).
struct BitcoinAddress {
  /// What the address is made of.
  enum Kind {
    /// A key's hash.
    case keyHash
    /// A script's hash.
    case scriptHash
    /// A key's hash in a version 0 witness.
    case witnessKeyHash
    /// A script's hash in a version 0 witness.
    case witnessScriptHash
    /// A key in a version 1 witness (BIP-350).
    case taproot
  }

  let kind: Kind
  /// 20 bytes; 32 of a witness script or a Taproot key.
  let hash: [UInt8]

  /// The script of outputs to the address.
  var script: [UInt8] {
    switch kind {
    case .keyHash: BitcoinScript.payToKeyHash(hash)
    case .scriptHash: [0xa9, 0x14] + hash + [0x87]
    case .witnessKeyHash: [0x00, 0x14] + hash
    case .witnessScriptHash: [0x00, 0x20] + hash
    case .taproot: [0x51, 0x20] + hash
    }
  }

  private static let base58 = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)
  private static let bech32 = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
  private static let generator: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]

  /// An address of Bitcoin's main or test network.
  init?(_ text: String) {
    if let (version, program) = Self.witness(text) {
      switch (version, program.count) {
      case (0, 20): kind = .witnessKeyHash
      case (0, 32): kind = .witnessScriptHash
      case (1, 32): kind = .taproot
      default: return nil
      }
      hash = program
      return
    }
    guard let payload = Self.checkedBase58(text), payload.count == 21 else { return nil }
    switch payload[0] {
    case 0x00, 0x6f: kind = .keyHash
    case 0x05, 0xc4: kind = .scriptHash
    default: return nil
    }
    hash = Array(payload[1...])
  }

  /// The bytes of base58 text, a 1 at the start for each zero byte; nil for other text, or more than 128 characters.
  static func base58Bytes(_ text: String) -> [UInt8]? {
    let characters = Array(text.utf8)
    guard characters.count <= 128 else { return nil }
    var bytes: [UInt8] = []
    for character in characters {
      guard let digit = base58.firstIndex(of: character) else { return nil }
      var carry = digit
      for index in bytes.indices.reversed() {
        carry += Int(bytes[index]) * 58
        bytes[index] = UInt8(truncatingIfNeeded: carry)
        carry >>= 8
      }
      while carry > 0 {
        bytes.insert(UInt8(truncatingIfNeeded: carry), at: 0)
        carry >>= 8
      }
    }
    return [UInt8](repeating: 0, count: characters.prefix { $0 == base58[0] }.count) + bytes
  }

  private static func checkedBase58(_ text: String) -> [UInt8]? {
    guard let bytes = base58Bytes(text), bytes.count > 4 else { return nil }
    let payload = Array(bytes.dropLast(4))
    let digest = payload.withUnsafeBytes { SHA256.digest($0) }.withUnsafeBytes { SHA256.digest($0) }
    return digest.starts(with: bytes.suffix(4)) ? payload : nil
  }

  /// A witness program and its version: version 0 in bech32, others in bech32m (BIP-350).
  private static func witness(_ text: String) -> (version: UInt8, program: [UInt8])? {
    guard text.utf8.count == 42 || text.utf8.count == 62, text == text.lowercased() || text == text.uppercased() else {
      return nil
    }
    let lower = Array(text.lowercased().utf8)
    guard lower.starts(with: Array("bc1".utf8)) || lower.starts(with: Array("tb1".utf8)) else { return nil }
    var values: [UInt8] = []
    for character in lower.dropFirst(3) {
      guard let value = bech32.firstIndex(of: character) else { return nil }
      values.append(UInt8(value))
    }
    let prefix = lower.prefix(2)
    var check: UInt32 = 1
    for value in prefix.map({ $0 >> 5 }) + [0] + prefix.map({ $0 & 31 }) + values {
      let top = check >> 25
      check = (check & 0x1ff_ffff) << 5 ^ UInt32(value)
      for bit in 0..<5 where top >> UInt32(bit) & 1 == 1 { check ^= generator[bit] }
    }
    guard let version = values.first, check == (version == 0 ? 1 : 0x2bc8_30a3) else { return nil }
    var (bits, count): (UInt32, Int) = (0, 0)
    var bytes: [UInt8] = []
    for value in values.dropFirst().dropLast(6) {
      bits = bits << 5 | UInt32(value)
      count += 5
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return count < 5 && bits & (1 << UInt32(count) - 1) == 0 ? (version, bytes) : nil
  }
}
