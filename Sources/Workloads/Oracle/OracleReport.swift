public import AssayCore

/// The oracles whose signed reports are read.
public enum OracleFormat: String, Sendable, CaseIterable {
  /// Pyth's accumulator updates, as Hermes serves them: Wormhole guardians sign the root of a Merkle tree of prices.
  case pyth
  /// Chainlink Data Streams: a full report, ABI-encoded, with the signatures of f + 1 nodes.
  case chainlinkDataStreams = "chainlink-data-streams"
  /// RedStone: packages of data points, each with its signature, as payloads or one by one.
  case redstone
  /// Stork: a price that Stork signs over the Merkle root of its publishers' signed prices.
  case stork
}

/// A 20-byte Ethereum address.
public struct OracleAddress: Sendable, Hashable, Comparable {
  private let high, middle: UInt64
  private let low: UInt32

  /// An address; nil when `bytes` are not 20.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 20 else { return nil }
    func number(_ range: Range<Int>) -> UInt64 {
      bytes.dropFirst(range.lowerBound).prefix(range.count).reduce(0) { $0 << 8 | UInt64($1) }
    }
    high = number(0..<8)
    middle = number(8..<16)
    low = UInt32(truncatingIfNeeded: number(16..<20))
  }

  /// An address from 20 bytes in memory.
  init(loading memory: UnsafeMutableRawBufferPointer, at offset: Int) {
    high = UInt64(bigEndian: memory.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    middle = UInt64(bigEndian: memory.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
    low = UInt32(bigEndian: memory.loadUnaligned(fromByteOffset: offset + 16, as: UInt32.self))
  }

  /// The bytes.
  public var bytes: [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * $0)) }
      + (0..<8).map { UInt8(truncatingIfNeeded: middle >> UInt64(56 - 8 * $0)) }
      + (0..<4).map { UInt8(truncatingIfNeeded: low >> UInt32(24 - 8 * $0)) }
  }

  /// Order by bytes.
  public static func < (a: OracleAddress, b: OracleAddress) -> Bool {
    (a.high, a.middle, a.low) < (b.high, b.middle, b.low)
  }
}

/// What a signed message says of one feed. Prices stay integers with an exponent.
public struct OracleObservation: Sendable, Hashable {
  /// The feed as its oracle names it: hexadecimal for identifiers, text for names.
  public let feed: String
  /// The price as an integer, big-endian two's complement of 32 bytes; nil where the report's schema is not known.
  public let price: [UInt8]?
  /// The power of ten that the integer is multiplied by.
  public let exponent: Int
  /// The price's uncertainty in the same unit; nil where the oracle states none.
  public let confidence: UInt64?
  /// When it was observed or published, nanoseconds since 1970.
  public let nanoseconds: UInt64
  /// After this time the report is no longer valid; nil where it does not say.
  public let expiresNanoseconds: UInt64?
  /// The place of the signed message that carries it.
  public let message: Int
}

/// A report taken apart: what it says, and what has to be hashed and recovered before it is believed.
public struct OracleReport: Sendable {
  /// A message and its signatures. The digest is Keccak-256 of `body`; with an `envelope` Keccak-256 of its prefix, that digest
  /// and its suffix.
  struct SignedMessage: Sendable {
    var body: [UInt8]
    var envelope: (prefix: [UInt8], suffix: [UInt8])?
    /// r, s, v of 65 bytes each.
    var signatures: [[UInt8]]
    /// For every signature its signer's place in the set, where the format says it; empty where it does not.
    var places: [Int] = []
    /// What the signer has to be, where the report names it.
    var expected: OracleAddress?
  }

  /// A leaf that has to lead to a root: hashed with Keccak-256 cut to `width`, inner nodes of sorted pairs behind a byte 1.
  struct Branch: Sendable {
    var leaf: [UInt8]
    var siblings: [[UInt8]]
    var root: [UInt8]
  }

  /// The oracle.
  public let format: OracleFormat
  /// What names the signers' set: a guardian set's index or a configuration's digest; empty where there is none.
  public let setIdentifier: [UInt8]
  /// What it says, in its order.
  public let observations: [OracleObservation]
  let messages: [SignedMessage]
  /// Pyth: each observation's proof under the signed root.
  let branches: [Branch]
  /// Stork: the publishers' message digests as the JSON states them, whose tree has this root.
  let publishers: (leaves: [[UInt8]], root: [UInt8])?

  init(
    _ format: OracleFormat, setIdentifier: [UInt8] = [], observations: [OracleObservation], messages: [SignedMessage],
    branches: [Branch] = [], publishers: (leaves: [[UInt8]], root: [UInt8])? = nil
  ) {
    self.format = format
    self.setIdentifier = setIdentifier
    self.observations = observations
    self.messages = messages
    self.branches = branches
    self.publishers = publishers
  }

  /// How many signatures it carries.
  public var signatures: Int { messages.reduce(0) { $0 + $1.signatures.count } }
}

/// Why bytes are not a report: the reason of the row, and what is wrong in words.
public struct OracleRefusal: Error, Sendable, Hashable {
  /// The reason.
  public let verdict: Verdict
  /// What is wrong.
  public let detail: String

  /// A refusal.
  public init(_ verdict: Verdict, _ detail: String) {
    self.verdict = verdict
    self.detail = detail
  }

  static func malformed(_ detail: String) -> OracleRefusal { OracleRefusal(.malformedRow, detail) }
}

/// Reads big-endian fields from the front of bytes.
struct ReportReader {
  private let bytes: ArraySlice<UInt8>
  private(set) var at: Int
  private let what: String

  init(_ bytes: some Collection<UInt8>, _ what: String) {
    self.bytes = Array(bytes)[...]
    self.what = what
    at = 0
  }

  var rest: Int { bytes.count - at }

  mutating func take(_ count: Int) throws(OracleRefusal) -> [UInt8] {
    guard count >= 0, count <= rest else { throw .malformed("\(what) ends early") }
    defer { at += count }
    return Array(bytes[at..<at + count])
  }

  mutating func unsigned(_ count: Int) throws(OracleRefusal) -> UInt64 {
    try take(count).reduce(0) { $0 << 8 | UInt64($1) }
  }

  mutating func byte() throws(OracleRefusal) -> UInt8 { try take(1)[0] }

  /// Nothing may follow.
  func end() throws(OracleRefusal) {
    if rest > 0 { throw .malformed("\(what) is followed by \(rest) bytes") }
  }
}

extension [UInt8] {
  /// The two's complement of `count` bytes, sign-extended to 32.
  static func word(signed bytes: some Collection<UInt8>) -> [UInt8] {
    let fill: UInt8 = (bytes.first ?? 0) >= 0x80 ? 0xFF : 0
    return [UInt8](repeating: fill, count: 32 - bytes.count) + bytes
  }
}

/// Seconds as nanoseconds, at most what fits.
func nanoseconds(seconds: UInt64) -> UInt64 {
  let (value, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
  return overflow ? .max : value
}
