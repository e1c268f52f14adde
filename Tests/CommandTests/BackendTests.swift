import Foundation
import Testing

/// `--backend`, `--device` and `--strict`: what a named backend lacks is computed elsewhere and said, or ends the command with 4.
@Suite struct BackendTests {
  private static let book =
    "type,spot,strike,years,volatility,underlying\ncall,100,100,1,0.2,SPX\nput,90,100,1,0.2,SPX\n"
  private static let scenarios = #"{"spot":[-0.1,0.1],"volatility":[0,0.05]}"#
  /// RFC 8032, 7.1, test 2, and an inclusion proof of two leaves.
  private static let rows =
    #"{"type":"ed25519","publicKey":"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c","message":"0x72","#
    + #""signature":"92A009A9F0D4CAB8720E820B5F642540A2B27B5416503F8FB3762223EBDB69DA085AC1E43E15996E458F3613D0F11D8C387B2EAEB4302AEEB00D291612BB0C00"}"#
    + "\n"
    + #"{"type":"merkle-rfc6962-inclusion","leaf":"","index":0,"treeSize":2,"#
    + #""path":["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"],"#
    + #""root":"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}"# + "\n"

  private func folder() throws -> Folder {
    try Folder(["book.csv": Self.book, "scenarios.json": Self.scenarios, "rows.jsonl": Self.rows])
  }

  /// Without boards, whatever the environment names.
  private func run(_ arguments: [String], in folder: Folder) throws -> Run {
    try Run(arguments, environment: ["ASSAY_FPGA_PLUGIN": ""], in: folder)
  }

  @Test(arguments: [
    // Not there.
    (["verify", "rows.jsonl", "--backend", "fpga"], "no plugin is named"),
    (["price", "book.csv", "--backend", "fpga"], "no plugin is named"),
    (["risk", "book.csv", "--device", "opencl:99"], "opencl:99"),
    (["plan", "book.csv", "--backend", "fpga"], "no plugin is named"),
    (["merkle", "root", "book.csv", "--text", "--backend", "fpga"], "no plugin is named"),
    (["profile", "--backend", "fpga", "--quick"], "no plugin is named"),
    (["selftest", "--backend", "fpga"], "no plugin is named"),
    // There, and of no use to the job.
    (["verify", "rows.jsonl", "--backend", "openblas"], "openblas supports nothing of this job"),
    (["price", "book.csv", "--backend", "openblas"], "openblas supports nothing of this job"),
    (["price", "book.csv", "--backend", "openblas", "--strict"], "openblas supports nothing of this job"),
    // There, and without something that the job needs.
    (
      ["risk", "book.csv", "--scenarios", "scenarios.json", "--backend", "openblas", "--strict"],
      "openblas does not compute"
    ),
    (["risk", "book.csv", "--backend", "simd", "--strict"], "simd does not compute exact_sum"),
    (["plan", "rows.jsonl", "--backend", "openblas", "--strict"], "openblas does not compute"),
  ])
  func isFour(arguments: [String], words: String) throws {
    let run = try run(arguments, in: folder())
    #expect(run.status == 4 && run.errors.contains(words), "\(run.status): \(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test(arguments: [
    ["implied-volatility", "book.csv", "--backend", "abacus"], ["profile", "--backend", "abacus", "--quick"],
    ["replay", "book.csv", "--backend", "abacus"],
  ])
  func whatIsNotABackendIsWrongUsage(arguments: [String]) throws {
    let run = try run(arguments, in: folder())
    #expect(run.status == 2 && run.errors.contains("There is no backend 'abacus'"), "\(run.status): \(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test(arguments: [
    (["risk", "book.csv", "--scenarios", "scenarios.json"], "openblas", "exact_product", "exact_sum"),
    (["risk", "book.csv"], "simd", "black_scholes", "exact_sum"),
  ])
  func whatIsLackingRunsOnTheHostAndIsNamed(job: [String], backend: String, computed: String, lacking: String) throws {
    let folder = try folder()
    let reference = try run(job + ["--backend", "portable", "--strict", "--quiet"], in: folder)
    let run = try run(job + ["--backend", backend, "--receipt", "r.json"], in: folder)
    #expect(run.status == 0 && reference.status == 0 && run.output == reference.output, "\(run.errors)")
    #expect(run.errors.contains("\(lacking): ") && run.errors.contains("not on \(backend)"))
    let ranges = try #require(folder.json("r.json")["ranges"] as? [[String: Any]])
    let devices = Dictionary(
      grouping: ranges.compactMap { range in
        (range["operation"] as? String).flatMap { name in (range["device"] as? String).map { (name, $0) } }
      }, by: \.0)
    #expect(devices[computed]?.allSatisfy { $0.1.contains(backend) } == true, "\(devices)")
    #expect(devices[lacking]?.allSatisfy { $0.1.hasPrefix("cpu:") } == true, "\(devices)")
    let fallbacks = ranges.filter { $0["operation"] as? String == lacking }
      .flatMap { $0["fallbacks"] as? [[String: Any]] ?? [] }
    #expect(fallbacks.contains { ($0["device"] as? String)?.contains(backend) == true }, "\(fallbacks)")
  }

  /// A scenario that no price survives: out of its total, counted, and said.
  @Test func aScenarioSaysWhatItLeavesOut() throws {
    let folder = try Folder([
      "book.csv": Self.book + "call,1e308,100,1,0.2,SPX\n", "rest.csv": Self.book,
      "scenarios.json": #"{"spot":[0,1],"volatility":[0]}"#,
    ])
    let options = ["--scenarios", "scenarios.json", "--json", "--by", "underlying"]
    let run = try Run(["risk", "book.csv"] + options, in: folder)
    let rest = try Run(["risk", "rest.csv"] + options, in: folder)
    #expect(run.status == 1 && rest.status == 0)
    #expect(run.errors.contains("1 position of spot +100% volatility +0.0: invalid-spot"), "\(run.errors)")
    func lines(_ run: Run) throws -> [[String: Any]] {
      let document = try #require(
        JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      return try #require((document["total"] as? [String: Any])?["scenarios"] as? [[String: Any]])
    }
    let (with, without) = (try lines(run), try lines(rest))
    #expect(with[1]["leftOut"] as? [String: Int] == ["invalid-spot": 1] && with[0]["leftOut"] as? [String: Int] == [:])
    #expect(with[1]["profitAndLoss"] as? Double == without[1]["profitAndLoss"] as? Double)
    #expect(!run.output.contains("nan"))
    let table = try Run(["risk", "book.csv", "--scenarios", "scenarios.json"], in: folder)
    #expect(table.output.contains("leftOut") && table.output.contains("1 invalid-spot"), "\(table.output)")
    #expect(try !Run(["risk", "rest.csv", "--scenarios", "scenarios.json"], in: folder).output.contains("leftOut"))
  }
}
