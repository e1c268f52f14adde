import AssayCore
import AssaySignatures
import Testing

/// BIP-340's own vectors: every verdict, and the reason of those that are not verified.
@Suite(.enabled(if: Vectors.arePresent, "\(Vectors.absence)")) struct SchnorrSuiteTests {
  @Test func everyVerdict() throws {
    let table = String(decoding: try Vectors.data("bip340-test-vectors.csv"), as: UTF8.self)
    let lines = table.split(whereSeparator: \.isNewline).dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(lines.count == 19)
    let checks = try lines.map {
      SignatureCheck.schnorr(
        SchnorrCheck(publicKey: try bytes($0[2]), message: try bytes($0[4]), signature: try bytes($0[5])))
    }
    let verdicts = try SignatureVerifier.verify(checks, on: PortableExecutor()).map(\.verdict)
    for (line, verdict) in zip(lines, verdicts) {
      #expect(verdict.isAccepted == (line[6] == "TRUE"), "\(line[0]): \(verdict.reason ?? "accepted"), \(line[7])")
    }
    // Public key not on the curve; r of the field's size; s of the curve's order; public key above the field's size.
    #expect(verdicts[5] == .publicKeyInvalid)
    #expect(verdicts[12] == .nonCanonicalEncoding)
    #expect(verdicts[13] == .scalarOutOfRange)
    #expect(verdicts[14] == .publicKeyInvalid)
  }
}
