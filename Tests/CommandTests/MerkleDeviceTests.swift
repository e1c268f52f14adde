import Foundation
import Testing

/// Merkle proofs on boards and OpenCL devices, and receipts that say what ran where.
@Suite struct MerkleDeviceTests {
  private static let hasBoard =
    ProcessInfo.processInfo.environment["ASSAY_FPGA_PLUGIN"].map(FileManager.default.fileExists(atPath:)) ?? false
  private static let hasOpenCL = (try? Run(["devices", "--json"], in: Folder()).output.contains("opencl:0")) ?? false

  /// Proofs of a log's entries by their data: messages, then nodes.
  private func log() throws -> Folder {
    let folder = try Folder(["entries": (0..<40).map { "entry \($0)\n" }.joined()])
    var rows = ""
    for index in [0, 7, 38, 39] {
      rows += try Run(["merkle", "prove", "entries", "--text", "--index", "\(index)", "--quiet"], in: folder).output
    }
    // A wrong leaf, to see that verdicts are not all the same.
    rows += rows.split(separator: "\n")[1].replacing("656e747279", with: "656e747278") + "\n"
    try folder.write("proofs.jsonl", Data(rows.utf8))
    return folder
  }

  /// Verifies the proofs on a backend; the devices that the receipt names for an operation.
  private func verify(on backend: String, in folder: Folder) throws -> (String) -> Set<String> {
    let portable = try Run(["verify", "proofs.jsonl", "--backend", "portable", "--quiet"], in: folder)
    let run = try Run(["verify", "proofs.jsonl", "--backend", backend, "--receipt", "r.json", "--quiet"], in: folder)
    #expect(run.status == 1 && run.output == portable.output && run.lines.count == 5, "\(run.errors)")
    #expect(run.lines.filter { $0.contains("root-mismatch") }.count == 1)
    let ranges = try #require(folder.json("r.json")["ranges"] as? [[String: Any]])
    return { operation in
      Set(ranges.filter { $0["operation"] as? String == operation }.compactMap { $0["device"] as? String })
    }
  }

  @Test(.enabled(if: hasBoard, "the simulated board is not built: make fpga"))
  func boardHashesNodesAndHostHashesLeaves() throws {
    let folder = try log()
    let devices = try verify(on: "fpga", in: folder)
    #expect(devices("sha256_rfc6962_node").contains("fpga:0"))
    // A board hashes nodes only: leaves of any length are the host's, and the receipt gives the reason.
    #expect(devices("sha256_message").allSatisfy { $0.hasPrefix("cpu:") } && !devices("sha256_message").isEmpty)
    #expect(try folder.read("r.json").contains("the board has no core for it"))
    let strict = try Run(["verify", "proofs.jsonl", "--backend", "fpga", "--strict", "--quiet"], in: folder)
    #expect(strict.status == 4)
  }

  @Test(.enabled(if: hasOpenCL, "there is no OpenCL device"))
  func openCLHashesAll() throws {
    let devices = try verify(on: "opencl", in: log())
    #expect(devices("sha256_rfc6962_node").contains("opencl:0") && devices("sha256_message").contains("opencl:0"))
  }
}
