import Foundation
import Testing

/// One book, one digest of its risk: over OpenBLAS' core types and threads, on every backend, for any order of the rows.
@Suite struct RiskDigestTests {
  /// OpenBLAS' kernels by the name that OPENBLAS_CORETYPE takes, with what a processor must have to run them.
  private static let coreTypes: [(name: String, flags: Set<Substring>)] = [
    ("Prescott", ["pni"]), ("Nehalem", ["sse4_2"]), ("Sandybridge", ["avx"]), ("Haswell", ["avx2", "fma"]),
    ("SkylakeX", ["avx512f", "avx512dq", "avx512bw", "avx512vl"]),
  ]

  /// Those that this processor runs; others would end in an illegal instruction.
  private static let runnable: [String] = {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
    let flags = Set(line.split(separator: " "))
    return coreTypes.filter { $0.flags.isSubset(of: flags) }.map(\.name)
  }()

  /// 701 positions of every kind, some unusable.
  private static let rows: [String] = (0..<701).map { row in
    let spot = [64_000.0, 3_100.5, 1.0875][row % 3] * (0.9 + Double(row % 37) / 180)
    return [
      row % 2 == 0 ? "call" : "put", "\(spot)", "\(spot * (0.5 + Double(row % 101) / 100))", "\(Double(row % 53) / 20)",
      row % 97 == 0 ? "-1" : "\(0.05 + Double(row % 29) / 25)", ["BTC", "ETH", "EURUSD"][row % 3],
      "\((row * 7919) % 2_003 - 1_000)", row % 5 == 0 ? "0.1" : "100",
    ].joined(separator: ",")
  }

  private static let header = "type,spot,strike,years,volatility,underlying,quantity,multiplier\n"
  private static let scenarios =
    #"{"spot":[-0.3,-0.16,-0.05,0,0.05,0.16,0.3],"volatility":[-0.25,-0.01,0,0.1,0.5],"volatilityShift":"relative"}"#

  @Test func isOne() throws {
    var random = SystemRandomNumberGenerator()
    let folder = try Folder(["scenarios.json": Self.scenarios])
    for (name, rows) in [("book.csv", Self.rows), ("shuffled.csv", Self.rows.shuffled(using: &random))] {
      try folder.write(name, Data((Self.header + rows.joined(separator: "\n") + "\n").utf8))
    }
    func report(_ options: [String], book: String = "book.csv", _ environment: [String: String] = [:]) throws -> String
    {
      let run = try Run(
        ["risk", book, "--by", "underlying", "--scenarios", "scenarios.json", "--json", "--quiet"] + options,
        environment: environment, in: folder)
      // The unusable rows.
      #expect(run.status == 1, "\(options) \(environment): \(run.errors)")
      return run.output
    }

    let expected = try report(["--backend", "portable", "--threads", "1"])
    #expect(expected.contains("deltaGammaVega") && expected.contains("\"positions\":693"))
    #expect(try report([], book: "shuffled.csv") == expected)
    #expect(try report(["--threads", "1"]) == expected)
    #expect(try report(["--backend", "simd", "--threads", "2"], book: "shuffled.csv") == expected)
    if try Run(["devices"], in: folder).output.contains("opencl:0") {
      #expect(try report(["--backend", "opencl"], book: "shuffled.csv") == expected)
    }
    guard try Run(["devices"], in: folder).output.contains("openblas:0") else { return }
    for core in Self.runnable {
      let environment = ["OPENBLAS_CORETYPE": core]
      let devices = try Run(["devices"], environment: environment, in: folder).output
      #expect(devices.contains("OpenBLAS, core type \(core)"), "\(core)")
      for threads in ["1", "2"] {
        let options = ["--backend", "openblas", "--threads", threads]
        let book = threads == "1" ? "book.csv" : "shuffled.csv"
        #expect(try report(options, book: book, environment) == expected, "\(core), \(threads) threads")
      }
    }
  }

  @Test func coreTypesAreFoundOnX86() {
    #if arch(x86_64) && os(Linux)
      #expect(Self.runnable.first == "Prescott")
    #endif
  }
}
