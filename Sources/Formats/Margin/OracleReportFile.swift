public import Assay
import AssayIO

/// A report as a file brings it, with what the file expects of it.
public struct OracleEntry: Sendable {
  /// The entry's name: the file's, and its place there.
  public let name: String
  /// The report, or why it is none.
  public let report: Result<OracleReport, OracleRefusal>
  /// Signers that the file names; nil where it names none.
  public let expectedSigners: [OracleAddress]?
  /// Prices that the file names, by feed, as integers; empty where it names none.
  public let expectedPrices: [String: String]

  /// An entry.
  init(
    _ name: String, expectedSigners: [OracleAddress]? = nil, expectedPrices: [String: String] = [:],
    _ report: () throws(OracleRefusal) -> OracleReport
  ) {
    self.name = name
    self.expectedSigners = expectedSigners
    self.expectedPrices = expectedPrices
    do throws(OracleRefusal) {
      self.report = .success(try report())
    } catch {
      self.report = .failure(error)
    }
  }
}

/// The reports of a file whose name begins with its format: `pyth_`, `chainlink_`, `redstone_` or `stork_`.
public enum OracleReportFile {
  /// The format that a file's name announces; nil for other files.
  public static func format(of name: String) -> OracleFormat? {
    let prefixes: [(String, OracleFormat)] = [
      ("pyth_", .pyth), ("chainlink_", .chainlinkDataStreams), ("redstone_", .redstone), ("stork_", .stork),
    ]
    return prefixes.first { name.hasPrefix($0.0) }?.1
  }

  /// The reports in `text`.
  ///
  /// - Throws: ``AssayError`` of kind `input` when the file is not of its format's shape.
  public static func entries(_ text: [UInt8], name: String) throws(AssayError) -> [OracleEntry] {
    switch format(of: name) {
    case .pyth: try list(text, name).map(pyth)
    case .chainlinkDataStreams: try list(text, name).map(chainlink)
    case .redstone: try redstone(text, name)
    case .stork: try list(text, name).flatMap(stork)
    case nil: throw AssayError(.input, "\(name): its name announces none of the oracles.")
    }
  }

  private static func list(_ text: [UInt8], _ name: String) throws(AssayError) -> [(name: String, value: DecimalJSON)] {
    let document = try DecimalJSON(text, name: name)
    let elements = document.elements ?? [document]
    return elements.enumerated().map { ("\(name)[\($0)]", $1) }
  }

  private static func pyth(_ entry: (name: String, value: DecimalJSON)) -> OracleEntry {
    let value = entry.value
    var prices: [String: String] = [:]
    for update in value["updates"]?.elements ?? [] {
      if let feed = update["feedId"]?.string, let price = update["price"]?.decimal { prices[feed] = price.text }
    }
    let set = value["guardianSetIndex"]?.decimal.flatMap { UInt32($0.text) }
    return OracleEntry(entry.name, expectedSigners: addresses(value["recovered"]), expectedPrices: prices) {
      () throws(OracleRefusal) in
      let report = try OracleReport.pyth(try bytes(value["update"], "update"))
      if let set, report.setIdentifier != (0..<4).map({ UInt8(truncatingIfNeeded: set >> UInt32(24 - 8 * $0)) }) {
        throw OracleRefusal(.valueMismatch, "the report names another guardian set than the file")
      }
      return report
    }
  }

  private static func chainlink(_ entry: (name: String, value: DecimalJSON)) -> OracleEntry {
    let value = entry.value
    return OracleEntry(entry.name, expectedSigners: addresses(value["signers"])) { () throws(OracleRefusal) in
      let report = try OracleReport.chainlink(try bytes(value["fullReport"], "fullReport"))
      if let digest = hexadecimal(value["configDigest"]), digest != report.setIdentifier {
        throw OracleRefusal(.valueMismatch, "the report names another configuration than the file")
      }
      if let feed = value["feedId"]?.string, feed != report.observations.first?.feed {
        throw OracleRefusal(.valueMismatch, "the report is of another feed than the file says")
      }
      return report
    }
  }

  private static func redstone(_ text: [UInt8], _ name: String) throws(AssayError) -> [OracleEntry] {
    guard name.hasSuffix(".json") else {
      let lines = text.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      return lines.enumerated().map { index, line in
        OracleEntry("\(name)[\(index)]") { () throws(OracleRefusal) in
          guard let payload = line.withUnsafeBytes(Hexadecimal.decode) else {
            throw OracleRefusal(.malformedRow, "the payload is not hexadecimal")
          }
          return try OracleReport.redstone(payload)
        }
      }
    }
    let document = try DecimalJSON(text, name: name)
    // Packages in a list, or lists of them by feed.
    let groups = document.members ?? [(name: "", value: document)]
    return groups.flatMap { group in
      (group.value.elements ?? []).enumerated().map { index, value in
        let place = group.name.isEmpty ? "\(name)[\(index)]" : "\(name)[\(group.name)][\(index)]"
        return OracleEntry(place, expectedSigners: address(value["signerAddress"]).map { [$0] }) {
          () throws(OracleRefusal) in try redstonePackage(value)
        }
      }
    }
  }

  /// A report as a row brings it: bytes in hexadecimal or base64; for RedStone also a package, for Stork an asset, as their APIs
  /// serve them.
  static func report(_ value: DecimalJSON, as format: OracleFormat) throws(OracleRefusal) -> OracleReport {
    switch format {
    case .pyth: try .pyth(try bytes(value, "report"))
    case .chainlinkDataStreams: try .chainlink(try bytes(value, "report"))
    case .redstone: value.members == nil ? try .redstone(try bytes(value, "report")) : try redstonePackage(value)
    case .stork: try storkPrice(value)
    }
  }

  /// A package as RedStone's gateways serve it.
  static func redstonePackage(_ value: DecimalJSON) throws(OracleRefusal) -> OracleReport {
    guard let points = value["dataPoints"]?.elements, let time = value["timestampMilliseconds"]?.decimal,
      let milliseconds = UInt64(time.text)
    else { throw OracleRefusal(.malformedRow, "the package lacks dataPoints or timestampMilliseconds") }
    var decimals: Set<Int> = []
    var values: [(feed: String, value: [UInt8])] = []
    for point in points {
      let places = point["decimals"]?.decimal.flatMap { Int($0.text) } ?? 8
      guard let feed = point["dataFeedId"]?.string, let number = point["value"]?.decimal,
        let value = OracleReport.redstoneValue(number.double, decimals: places)
      else { throw OracleRefusal(.malformedRow, "a data point lacks a feed or a value that can be signed") }
      decimals.insert(places)
      values.append((feed, value))
    }
    guard decimals.count == 1, let places = decimals.first else {
      throw OracleRefusal(.malformedRow, "the package's points do not have one number of decimals")
    }
    return try OracleReport.redstone(
      packages: [
        (
          body: try OracleReport.redstonePackage(points: values, milliseconds: milliseconds),
          signature: try bytes(value["signature"], "signature")
        )
      ], signer: address(value["signerAddress"]), decimals: places)
  }

  private static func stork(_ entry: (name: String, value: DecimalJSON)) -> [OracleEntry] {
    // One message of the socket holds several assets; a price may stand alone too.
    let assets = entry.value["data"]?.members ?? [(name: "", value: entry.value)]
    return assets.map { asset in
      let name = asset.name.isEmpty ? entry.name : "\(entry.name)[\(asset.name)]"
      return OracleEntry(
        name, expectedSigners: address(asset.value["stork_signed_price"]?["public_key"]).map { [$0] }
      ) { () throws(OracleRefusal) in try storkPrice(asset.value) }
    }
  }

  /// A price as Stork's API serves it.
  static func storkPrice(_ value: DecimalJSON) throws(OracleRefusal) -> OracleReport {
    guard let signed = value["stork_signed_price"], let key = address(signed["public_key"]),
      let price = word(signed["price"]), let root = hexadecimal(signed["publisher_merkle_root"]),
      let algorithm = hexadecimal(signed["calculation_alg"]?["checksum"]),
      let hash = hexadecimal(signed["encoded_asset_id"]),
      let time = signed["timestamped_signature"]?["timestamp"]?.decimal.flatMap({ UInt64($0.text) })
    else { throw OracleRefusal(.malformedRow, "stork_signed_price lacks a field or has one of another kind") }
    var publishers: [StorkPrice.Publisher] = []
    for publisher in value["signed_prices"]?.elements ?? [] {
      guard let address = address(publisher["publisher_key"]), let asset = publisher["external_asset_id"]?.string,
        let price = word(publisher["price"]),
        let time = publisher["timestamped_signature"]?["timestamp"]?.decimal.flatMap({ UInt64($0.text) })
      else { throw OracleRefusal(.malformedRow, "a publisher's price lacks a field or has one of another kind") }
      publishers.append(
        .init(
          address: address, asset: asset, seconds: time / 1_000_000_000, price: price,
          signature: try signature(publisher["timestamped_signature"]?["signature"])))
    }
    return try OracleReport.stork(
      StorkPrice(
        address: key, asset: value["asset_id"]?.string ?? "", assetHash: hash, nanoseconds: time, price: price,
        publisherRoot: root, algorithm: algorithm,
        signature: try signature(signed["timestamped_signature"]?["signature"]), publishers: publishers))
  }

  private static func signature(_ value: DecimalJSON?) throws(OracleRefusal) -> [UInt8] {
    guard let r = hexadecimal(value?["r"]), let s = hexadecimal(value?["s"]), let v = hexadecimal(value?["v"]),
      r.count == 32, s.count == 32, v.count == 1
    else { throw OracleRefusal(.signatureEncodingInvalid, "a signature is not r and s of 32 bytes and v of one") }
    return r + s + v
  }

  /// An integer of a decimal string as 32 bytes.
  private static func word(_ value: DecimalJSON?) -> [UInt8]? {
    guard let text = value?.decimal?.text, let number = Int256(text), !number.isUndefined else { return nil }
    return number.bytes
  }

  /// Hexadecimal with or without `0x`, or base64, as bytes.
  static func bytes(_ value: DecimalJSON?, _ field: String) throws(OracleRefusal) -> [UInt8] {
    guard let text = value?.string else { throw OracleRefusal(.malformedRow, "\(field) is missing or not a string") }
    if let bytes = hexadecimal(value) { return bytes }
    let base64 = text.hasPrefix("base64:") ? String(text.dropFirst(7)) : text
    if let bytes = Array(base64.utf8).withUnsafeBytes(Base64.decode) { return bytes }
    throw OracleRefusal(.malformedRow, "\(field) is neither hexadecimal nor base64")
  }

  private static func hexadecimal(_ value: DecimalJSON?) -> [UInt8]? {
    (value?.string).flatMap { Array($0.utf8).withUnsafeBytes(Hexadecimal.decode) }
  }

  static func address(_ value: DecimalJSON?) -> OracleAddress? { hexadecimal(value).flatMap { OracleAddress($0) } }

  private static func addresses(_ value: DecimalJSON?) -> [OracleAddress]? {
    value?.elements.map { $0.compactMap(address) }
  }
}

extension VerifiedReport.Price {
  /// The price as a decimal integer; nil where the schema is not known.
  public var integer: String? { price.map { Int256(bytes: $0).description } }
}
