import Assay
import Foundation
import Testing

/// An engine that has every batch of hashes computed by every kernel of every device too, and compares bytes: so each proof of every
/// suite goes over portable C, AVX2, AVX-512, OpenCL and the board, whatever is there.
struct AgreeingExecutor: Executor {
  private let engine: Engine
  private let kernels: [AssayCore.Operation: [(device: String, kernel: any Kernel)]]

  /// More rows than any vector has; larger batches are those of other tests.
  private static let mostRows = 5_000

  init() throws {
    engine = try Engine(threads: 1)
    let backends = Backends.all(threads: 1)
    // Hashes have large chunks; where a row is a pairing, conformance is enough.
    let hashes = AssayCore.Operation.all.filter { $0.chunk >= 256 && $0.outputs.map(\.name) == ["digest"] }
    kernels = Dictionary(
      uniqueKeysWithValues: hashes.map { operation in
        let all = backends.flatMap { backend in
          backend.devices.flatMap { device in backend.kernels(for: operation, on: device).map { (device.id, $0) } }
        }
        return (operation, all)
      })
  }

  /// The kernels that compute `operation`, as `device kernel`.
  func names(_ operation: AssayCore.Operation) -> [String] {
    (kernels[operation] ?? []).map { "\($0.device) \($0.kernel.id)" }
  }

  func execute(_ batch: Batch, wanted: Set<String>?) throws(AssayError) -> Results {
    let results = try engine.execute(batch, wanted: wanted)
    guard batch.rows > 0, batch.rows <= Self.mostRows else { return results }
    for (device, kernel) in kernels[batch.operation] ?? [] {
      let own = Results(batch.operation, rows: batch.rows)
      do {
        try kernel.run(batch, rows: 0..<batch.rows, into: own)
        if let row = results.firstDifference(from: own) {
          Issue.record("\(batch.operation) on \(device) \(kernel.id): row \(row) of \(batch.rows) differs")
        }
      } catch {
        Issue.record("\(batch.operation) on \(device) \(kernel.id): \(error)")
      }
    }
    return results
  }
}

@Suite struct AgreementTests {
  /// What the other tests of this module are compared on.
  @Test func everyKernelTakesPart() throws {
    let names = try AgreeingExecutor().names(.sha256RFC6962Node)
    #expect(names.contains("cpu:portable portable"))
    let environment = ProcessInfo.processInfo.environment
    if environment["ASSAY_REQUIRE_OPENCL"] == "1" { #expect(names.contains { $0.hasPrefix("opencl:0 ") }) }
    if environment["ASSAY_REQUIRE_FPGA"] == "1" { #expect(names.contains { $0.hasPrefix("fpga:0 ") }) }
    if (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.contains(" avx2 ") == true {
      #expect(names.contains("cpu:simd avx2"))
    }
  }
}
