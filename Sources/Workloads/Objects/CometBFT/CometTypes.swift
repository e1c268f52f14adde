/// A time of CometBFT: seconds since 1970 and nanoseconds.
public struct CometTime: Sendable, Hashable {
  /// Seconds since the start of 1970, negative before.
  public var seconds: Int64
  /// 0 to 999,999,999.
  public var nanoseconds: Int32

  /// A time from its parts.
  public init(seconds: Int64, nanoseconds: Int32) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// A time as RFC 3339 writes it, such as `2023-09-06T14:17:14.918487025Z`: UTC, years 1 to 9999, at most nine decimals. Nil for
  /// any other text.
  public init?(_ text: String) {
    var text = text
    let time = text.withUTF8 { CometTime(utf8: UnsafeRawBufferPointer($0)) }
    guard let time else { return nil }
    self = time
  }

  /// A time as RFC 3339 writes it, from the text's bytes.
  package init?(utf8 bytes: UnsafeRawBufferPointer) {
    func number(_ start: Int, _ count: Int) -> Int64? {
      guard start + count <= bytes.count else { return nil }
      var value: Int64 = 0
      for index in start..<start + count {
        guard (0x30...0x39).contains(bytes[index]) else { return nil }
        value = value * 10 + Int64(bytes[index] - 0x30)
      }
      return value
    }
    guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"), bytes[4] == UInt8(ascii: "-"),
      bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
      bytes[16] == UInt8(ascii: ":"), let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
      let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2), year >= 1,
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
    else { return nil }
    var nanoseconds: Int64 = 0
    if bytes.count > 20 {
      let digits = bytes.count - 21
      guard bytes[19] == UInt8(ascii: "."), (1...9).contains(digits), let fraction = number(20, digits) else {
        return nil
      }
      nanoseconds = (digits..<9).reduce(fraction) { value, _ in value * 10 }
    }
    // Days since 1970 of a Gregorian date, years counted from March (H. Hinnant, chrono-compatible date algorithms).
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let yearOfEra = shifted - era * 400
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    self.init(seconds: ((days * 24 + hour) * 60 + minute) * 60 + second, nanoseconds: Int32(nanoseconds))
  }

  var encoding: [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return bytes
  }

  /// How many bytes ``encoding`` has.
  var encodedBytes: Int {
    Self.fieldBytes(UInt64(bitPattern: seconds)) + Self.fieldBytes(UInt64(bitPattern: Int64(nanoseconds)))
  }

  /// Adds ``encoding`` to `bytes`.
  func append(to bytes: inout [UInt8]) {
    Self.append(1, UInt64(bitPattern: seconds), to: &bytes)
    Self.append(2, UInt64(bitPattern: Int64(nanoseconds)), to: &bytes)
  }

  private static func fieldBytes(_ value: UInt64) -> Int { value == 0 ? 0 : 1 + ProtobufWriter.varintBytes(value) }

  private static func append(_ field: UInt8, _ value: UInt64, to bytes: inout [UInt8]) {
    guard value != 0 else { return }
    bytes.append(field << 3)
    ProtobufWriter.append(varint: value, to: &bytes)
  }
}

/// Which block, by its hash and the root of its parts.
public struct CometBlockID: Sendable, Hashable {
  /// The header's hash: 32 bytes, or none.
  public var hash: [UInt8]
  /// How many parts the block was cut into.
  public var partsTotal: UInt32
  /// The root of the parts: 32 bytes, or none.
  public var partsHash: [UInt8]

  /// An identifier from its parts; without arguments that of no block.
  public init(hash: [UInt8] = [], partsTotal: UInt32 = 0, partsHash: [UInt8] = []) {
    self.hash = hash
    self.partsTotal = partsTotal
    self.partsHash = partsHash
  }

  /// The message; the set of parts is written even when it is empty.
  var encoding: [UInt8] {
    var parts = ProtobufWriter()
    parts.integer(1, Int64(partsTotal))
    parts.bytes(2, partsHash)
    var writer = ProtobufWriter()
    writer.bytes(1, hash)
    writer.message(2, parts.bytes)
    return writer.bytes
  }
}

/// A block's header (CometBFT 0.34 to 1.0).
public struct CometHeader: Sendable, Hashable {
  /// The block protocol's version.
  public var blockVersion: UInt64
  /// The application's version.
  public var appVersion: UInt64
  /// The chain's name.
  public var chainId: String
  /// The height, from 1.
  public var height: Int64
  /// When the block was made.
  public var time: CometTime
  /// The block before.
  public var lastBlockId: CometBlockID
  /// `last_commit_hash`, `data_hash`, `validators_hash`, `next_validators_hash`, `consensus_hash`, `app_hash`, `last_results_hash`,
  /// `evidence_hash` and `proposer_address`, in this order; any may be empty.
  public var hashes: [[UInt8]]

  /// How many ``hashes`` there are.
  public static let hashCount = 9

  /// A header from its parts.
  public init(
    blockVersion: UInt64, appVersion: UInt64, chainId: String, height: Int64, time: CometTime,
    lastBlockId: CometBlockID, hashes: [[UInt8]]
  ) {
    self.blockVersion = blockVersion
    self.appVersion = appVersion
    self.chainId = chainId
    self.height = height
    self.time = time
    self.lastBlockId = lastBlockId
    self.hashes = hashes
  }

  var validatorsHash: [UInt8] { hashes.count > 2 ? hashes[2] : [] }

  /// The 14 leaves of the tree whose root is the block's hash.
  var leaves: [[UInt8]] {
    var version = ProtobufWriter()
    version.integer(1, Int64(bitPattern: blockVersion))
    version.integer(2, Int64(bitPattern: appVersion))
    var chain = ProtobufWriter()
    chain.bytes(1, chainId.utf8)
    var height = ProtobufWriter()
    height.integer(1, self.height)
    return [version.bytes, chain.bytes, height.bytes, time.encoding, lastBlockId.encoding]
      + hashes.map { hash in
        var writer = ProtobufWriter()
        writer.bytes(1, hash)
        return writer.bytes
      }
  }
}

/// One validator's part of a commit.
public struct CometVote: Sendable, Hashable {
  /// What the validator voted for (`block_id_flag`).
  public enum Flag: UInt64, Sendable {
    /// No vote was received.
    case absent = 1
    /// The block.
    case commit = 2
    /// No block.
    case none = 3
  }

  /// What was voted for.
  public var flag: Flag
  /// The validator's address: 20 bytes; empty when absent.
  public var address: [UInt8]
  /// When it voted.
  public var time: CometTime
  /// The signature; empty when absent.
  public var signature: [UInt8]

  /// A vote from its parts.
  public init(flag: Flag, address: [UInt8], time: CometTime, signature: [UInt8]) {
    self.flag = flag
    self.address = address
    self.time = time
    self.signature = signature
  }
}

/// A commit: the votes by which a block was decided.
public struct CometCommit: Sendable, Hashable {
  /// The height that was decided.
  public var height: Int64
  /// In which round, from 0.
  public var round: Int32
  /// The block that was decided.
  public var blockId: CometBlockID
  /// A vote for each validator, in the validator set's order.
  public var votes: [CometVote]

  /// A commit from its parts.
  public init(height: Int64, round: Int32, blockId: CometBlockID, votes: [CometVote]) {
    self.height = height
    self.round = round
    self.blockId = blockId
    self.votes = votes
  }
}

/// A validator's key and voting power.
public struct CometValidator: Sendable, Hashable {
  /// The key's scheme; the raw value is its field in CometBFT's `PublicKey` message.
  public enum Scheme: UInt8, Sendable {
    /// Ed25519, 32 bytes, verified as ZIP 215 says.
    case ed25519 = 1
    /// secp256k1, 33 bytes.
    case secp256k1 = 2
    /// BLS12-381 with keys in G1: 96 bytes, not compressed.
    case bls12381 = 3

    var keyBytes: Int {
      switch self {
      case .ed25519: 32
      case .secp256k1: 33
      case .bls12381: 96
      }
    }
  }

  /// The key's scheme.
  public var scheme: Scheme
  /// The key.
  public var publicKey: [UInt8]
  /// The voting power, at least 1 and all together at most 2^63 - 1.
  public var power: Int64

  /// A validator from its parts.
  public init(scheme: Scheme, publicKey: [UInt8], power: Int64) {
    self.scheme = scheme
    self.publicKey = publicKey
    self.power = power
  }

  /// Adds the leaf of the tree whose root is the validator set's hash: the key as a message, and the power. Keys are shorter than 126
  /// bytes, so each length is one byte.
  func appendLeaf(to bytes: inout [UInt8]) {
    let count = UInt8(publicKey.count)
    bytes += [1 << 3 | 2, count + 2, scheme.rawValue << 3 | 2, count]
    bytes += publicKey
    bytes.append(2 << 3)
    ProtobufWriter.append(varint: UInt64(bitPattern: power), to: &bytes)
  }
}
