import Foundation
import Testing

/// The public vectors of objects: `ASSAY_VECTORS`, or `../shared/vectors` beside the package.
private enum Vectors {
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
  static let folder =
    ProcessInfo.processInfo.environment["ASSAY_VECTORS"].map { URL(fileURLWithPath: $0) }
    ?? package.appending(path: "../shared/vectors").standardized
  static let arePresent = FileManager.default.fileExists(atPath: folder.appending(path: "objects").path)
  static let absence = "the public vectors of objects are not at \(folder.path); set ASSAY_VECTORS"
  /// The command, which is built beside the tests.
  static let binary = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "assay")
}

/// Every verdict that the shared files state, through the command.
struct SuiteTests {
  @Test(
    .enabled(if: Vectors.arePresent, Comment(rawValue: Vectors.absence)),
    arguments: [
      "beacon-update", "bitcoin-sighash", "bls12381-min-sig", "cometbft-commit", "eip712-eip191", "eth-transaction",
      "evm-precompile", "ics23-chain", "op-output-root", "starknet", "transparency-log", "webauthn", "wormhole-vaa",
    ])
  func everyVerdictIsTheStatedOne(kind: String) throws {
    try expectAllRight("objects-suite", under: "objects", [kind])
  }

  @Test(
    "an accepted object with one bit flipped is rejected, but where the script says why it need not be",
    .enabled(if: Vectors.arePresent, Comment(rawValue: Vectors.absence)))
  func everyDamagedObjectIsRejected() throws {
    try expectAllRight("objects-flips", under: "objects", ["--per-kind", "2", "--most", "8", "--places", "12"])
  }

  @Test(.enabled(if: Vectors.arePresent, Comment(rawValue: Vectors.absence)))
  func wrappedProofsAreRight() throws { try expectAllRight("objects-suite", under: "zk", ["wrappers"]) }

  private func expectAllRight(_ script: String, under folder: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      [
        "python3", Vectors.package.appending(path: "scripts/\(script)").path, "--assay", Vectors.binary.path,
        Vectors.folder.appending(path: folder).path,
      ] + arguments
    let output = FileManager.default.temporaryDirectory.appending(path: "objects-\(UUID().uuidString)")
    try Data().write(to: output)
    defer { try? FileManager.default.removeItem(at: output) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    try process.run()
    process.waitUntilExit()
    let lines = String(decoding: try Data(contentsOf: output), as: UTF8.self)
    #expect(process.terminationStatus == 0, Comment(rawValue: lines))
  }
}
