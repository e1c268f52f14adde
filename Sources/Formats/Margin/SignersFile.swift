import Assay

/// The file that `--signers` names: by format a list of sets, each with its signers' addresses, and where they differ from the
/// oracle's own its quorum and its times of validity, in seconds since 1970.
enum SignersFile {
  /// The sets in `text`.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the set and what is wrong.
  static func read(_ text: [UInt8], name: String) throws(AssayError) -> [SignerSet] {
    try sets(DecimalJSON(text, name: name), name: name)
  }

  /// The sets of a document.
  static func sets(_ document: DecimalJSON, name: String) throws(AssayError) -> [SignerSet] {
    let file = try RuleFields(document, known: OracleFormat.allCases.map(\.rawValue), path: name)
    var sets: [SignerSet] = []
    for format in OracleFormat.allCases {
      for (index, value) in try file.list(format.rawValue).enumerated() {
        sets.append(try set(value, format, path: "\(name): \(format.rawValue)[\(index)]"))
      }
    }
    return sets
  }

  private static func set(_ value: DecimalJSON, _ format: OracleFormat, path: String) throws(AssayError) -> SignerSet {
    let fields = try RuleFields(
      value, known: ["identifier", "signers", "quorum", "validFrom", "validUntil"], path: path)
    var signers: [OracleAddress] = []
    for signer in try fields.list("signers") {
      guard let address = OracleReportFile.address(signer) else {
        throw fields.failure("a signer is not 20 bytes of hexadecimal")
      }
      signers.append(address)
    }
    var identifier: [UInt8]?
    if let value = fields["identifier"] {
      // Wormhole numbers its guardian sets.
      if case .number(let number) = value, let index = UInt32(number.text) {
        identifier = (0..<4).map { UInt8(truncatingIfNeeded: index >> UInt32(24 - 8 * $0)) }
      } else if let bytes = try? OracleReportFile.bytes(value, "identifier") {
        identifier = bytes
      } else {
        throw fields.failure("identifier is neither a number nor hexadecimal")
      }
    }
    func time(_ name: String) throws(AssayError) -> UInt64? { try fields.whole(name).map { UInt64($0) } }
    do throws(AssayError) {
      return try SignerSet(
        format, identifier: identifier, signers: signers, quorum: try fields.whole("quorum"),
        validFrom: try time("validFrom"), validUntil: try time("validUntil"))
    } catch {
      throw AssayError(.input, "\(path): \(error.message)")
    }
  }
}
