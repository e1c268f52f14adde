/// A Stork price as its JSON or its contract's struct states it.
public struct StorkPrice: Sendable {
  /// A publisher's own signed price.
  public struct Publisher: Sendable {
    /// The publisher's key.
    public var address: OracleAddress
    /// The asset's name, as the publisher signs it.
    public var asset: String
    /// Seconds since 1970.
    public var seconds: UInt64
    /// The price, 32 bytes, 18 decimals.
    public var price: [UInt8]
    /// r, s, v.
    public var signature: [UInt8]

    /// A publisher's price.
    public init(address: OracleAddress, asset: String, seconds: UInt64, price: [UInt8], signature: [UInt8]) {
      self.address = address
      self.asset = asset
      self.seconds = seconds
      self.price = price
      self.signature = signature
    }
  }

  /// Stork's key.
  public var address: OracleAddress
  /// The asset's name; empty where only its hash is known.
  public var asset: String
  /// Keccak-256 of the asset's name.
  public var assetHash: [UInt8]
  /// When the price was made, nanoseconds since 1970.
  public var nanoseconds: UInt64
  /// The price, 32 bytes of two's complement, 18 decimals.
  public var price: [UInt8]
  /// The Merkle root of the publishers' message digests.
  public var publisherRoot: [UInt8]
  /// The digest of the algorithm that made one price of the publishers'.
  public var algorithm: [UInt8]
  /// r, s, v.
  public var signature: [UInt8]
  /// The publishers' prices, where they are given; their tree has to have the root.
  public var publishers: [Publisher]

  /// A Stork price.
  public init(
    address: OracleAddress, asset: String, assetHash: [UInt8], nanoseconds: UInt64, price: [UInt8],
    publisherRoot: [UInt8], algorithm: [UInt8], signature: [UInt8], publishers: [Publisher] = []
  ) {
    self.address = address
    self.asset = asset
    self.assetHash = assetHash
    self.nanoseconds = nanoseconds
    self.price = price
    self.publisherRoot = publisherRoot
    self.algorithm = algorithm
    self.signature = signature
    self.publishers = publishers
  }
}

extension OracleReport {
  /// A Stork price: EIP-191 over keccak(key | keccak(asset) | nanoseconds | price | publishers' root | algorithm)
  /// (stork-external, `StorkVerify.sol`).
  ///
  /// - Throws: ``OracleRefusal`` naming what is wrong.
  public static func stork(_ price: StorkPrice) throws(OracleRefusal) -> OracleReport {
    guard price.assetHash.count == 32, price.price.count == 32, price.publisherRoot.count == 32,
      price.algorithm.count == 32
    else { throw .malformed("a hash or the price is not 32 bytes long") }
    let prefix = Array("\u{19}Ethereum Signed Message:\n32".utf8)
    func word(_ value: UInt64) -> [UInt8] {
      [UInt8](repeating: 0, count: 24) + (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * UInt64($0))) }
    }
    func signed(_ body: [UInt8], _ signature: [UInt8], by address: OracleAddress) throws(OracleRefusal)
      -> SignedMessage
    {
      guard signature.count == 65, signature[64] == 27 || signature[64] == 28 else {
        throw OracleRefusal(.signatureEncodingInvalid, "a signature is not 65 bytes that end in 27 or 28")
      }
      return SignedMessage(body: body, envelope: (prefix, []), signatures: [signature], expected: address)
    }
    let body =
      price.address.bytes + price.assetHash + word(price.nanoseconds) + price.price + price.publisherRoot
      + price.algorithm
    var messages = [try signed(body, price.signature, by: price.address)]
    for publisher in price.publishers {
      guard publisher.price.count == 32 else { throw .malformed("a publisher's price is not 32 bytes long") }
      messages.append(
        try signed(
          publisher.address.bytes + Array(publisher.asset.utf8) + word(publisher.seconds) + publisher.price,
          publisher.signature, by: publisher.address))
    }
    let observation = OracleObservation(
      feed: price.asset.isEmpty ? price.assetHash.hexadecimal : price.asset, price: price.price, exponent: -18,
      confidence: nil, nanoseconds: price.nanoseconds, expiresNanoseconds: nil, message: 0)
    return OracleReport(
      .stork, observations: [observation], messages: messages,
      publishers: price.publishers.isEmpty ? nil : ([], price.publisherRoot))
  }
}
