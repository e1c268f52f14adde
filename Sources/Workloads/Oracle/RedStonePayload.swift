extension OracleReport {
  /// A RedStone payload, read from its end: packages of data points, each with the signature of one node over
  /// keccak(package) (redstone-oracles-monorepo, "protocol").
  ///
  /// - Throws: ``OracleRefusal`` naming what is wrong.
  public static func redstone(_ payload: [UInt8]) throws(OracleRefusal) -> OracleReport {
    var end = payload.count
    func take(_ count: Int) throws(OracleRefusal) -> ArraySlice<UInt8> {
      guard count <= end else { throw .malformed("the payload begins late") }
      end -= count
      return payload[end..<end + count]
    }
    func unsigned(_ count: Int) throws(OracleRefusal) -> Int { try take(count).reduce(0) { $0 << 8 | Int($1) } }
    guard Array(try take(9)) == [0x00, 0x00, 0x02, 0xED, 0x57, 0x01, 0x1E, 0x00, 0x00] else {
      throw .malformed("the payload does not end in RedStone's marker")
    }
    _ = try take(try unsigned(3))
    let count = try unsigned(2)
    guard count > 0 else { throw .malformed("the payload holds no package") }
    var packages: [(body: [UInt8], signature: [UInt8])] = []
    for _ in 0..<count {
      let signature = Array(try take(65))
      let last = end
      let points = try unsigned(3), size = try unsigned(4)
      _ = try take(6)
      guard points > 0, size <= 32, points <= end / (32 + size) else {
        throw .malformed("a package of \(points) points of \(size) bytes does not fit the payload")
      }
      _ = try take(points * (32 + size))
      packages.append((Array(payload[end..<last]), signature))
    }
    guard end == 0 else { throw .malformed("\(end) bytes stand before the payload's first package") }
    return try redstone(packages: packages.reversed())
  }

  /// RedStone packages one by one: `body` without its signature, 65 bytes of signature, the signer where it is named.
  public static func redstone(
    packages: [(body: [UInt8], signature: [UInt8])], signer: OracleAddress? = nil, decimals: Int = 8
  ) throws(OracleRefusal) -> OracleReport {
    var messages: [SignedMessage] = [], observations: [OracleObservation] = []
    for (index, package) in packages.enumerated() {
      guard package.signature.count == 65, package.signature[64] == 27 || package.signature[64] == 28 else {
        throw OracleRefusal(.signatureEncodingInvalid, "a package's signature is not 65 bytes that end in 27 or 28")
      }
      guard package.body.count >= 13 else { throw .malformed("a package ends early") }
      var tail = ReportReader(package.body.suffix(13), "a package")
      let milliseconds = try tail.unsigned(6), size = Int(try tail.unsigned(4)), points = Int(try tail.unsigned(3))
      var reader = ReportReader(package.body.dropLast(13), "a package")
      guard size >= 1, size <= 32, reader.rest == points * (32 + size) else {
        throw .malformed("a package does not hold \(points) points of \(size) bytes")
      }
      for _ in 0..<points {
        let feed = try reader.take(32).reversed().drop { $0 == 0 }.reversed()
        let value = [UInt8](repeating: 0, count: 32 - size) + (try reader.take(size))
        let isText = feed.allSatisfy { (0x20..<0x7F).contains($0) }
        observations.append(
          OracleObservation(
            feed: isText ? String(decoding: feed, as: UTF8.self) : Array(feed).hexadecimal, price: value,
            exponent: -decimals, confidence: nil,
            nanoseconds: nanoseconds(seconds: milliseconds / 1000)
              + milliseconds % 1000 * 1_000_000, expiresNanoseconds: nil, message: index))
      }
      messages.append(SignedMessage(body: package.body, signatures: [package.signature], expected: signer))
    }
    return OracleReport(.redstone, observations: observations, messages: messages)
  }

  /// The bytes of a package that a node signs: points by feed, the time, their size and count.
  public static func redstonePackage(
    points: [(feed: String, value: [UInt8])], milliseconds: UInt64
  ) throws(OracleRefusal) -> [UInt8] {
    var body: [UInt8] = []
    for point in points.sorted(by: { $0.feed.utf8.lexicographicallyPrecedes($1.feed.utf8) }) {
      let name = Array(point.feed.utf8)
      guard name.count <= 32, point.value.count == 32 else {
        throw .malformed("a feed's name is longer than 32 bytes, or its value is not 32 bytes")
      }
      body += name + [UInt8](repeating: 0, count: 32 - name.count) + point.value
    }
    func bytes(_ value: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - $0))) }
    }
    return body + bytes(milliseconds, 6) + bytes(32, 4) + bytes(UInt64(points.count), 3)
  }

  /// A binary64 times 10^`decimals`, rounded half up from its exact value as JavaScript's toFixed does, in 32 bytes; nil when it
  /// is negative, not finite or 10^21 and more.
  public static func redstoneValue(_ value: Double, decimals: Int) -> [UInt8]? {
    guard value >= 0, value < 1e21, (0...18).contains(decimals) else { return nil }
    let scale = (0..<decimals).reduce(1 as UInt128) { product, _ in product * 10 }
    var rounded: UInt128 = 0
    if value >= 0x1p-200 {
      // value = mantissa * 2^power exactly.
      let power = Int(value.exponent) - 52
      let mantissa = UInt128(value.significandBitPattern | 1 << 52)
      let product = mantissa * scale
      if power >= 0 {
        let (high, low) = product.multipliedFullWidth(by: 1 << UInt128(power))
        guard high == 0 else { return nil }
        rounded = UInt128(low)
      } else if power > -128 {
        let shift = UInt128(-power)
        rounded = (product >> shift) + ((product >> (shift - 1)) & 1)
      }
    }
    return [UInt8](repeating: 0, count: 16)
      + (0..<16).map { UInt8(truncatingIfNeeded: rounded >> UInt128(120 - 8 * $0)) }
  }
}
