// Adds a backend of one's own to an engine, checks it against the portable kernel, and computes on it.
import Assay
import ConformanceKit

let backend = Abacus()
var configuration = Dispatcher.Configuration()
configuration.policy = .require("abacus", strict: true)
let engine = try Engine(backends: Backends.all() + [backend], configuration)

// What every backend of this repository passes: the portable kernel's bytes, for many sizes and hostile rows.
let portable = engine.dispatcher.backends.first { $0.name == "portable" }
guard let host = portable?.devices.first,
  let reference = portable?.kernels(for: .sha256Pair, on: host).first,
  let mine = backend.kernels(for: .sha256Pair, on: backend.devices[0]).first
else { fatalError("A kernel is missing.") }
try Conformance.check(mine, against: reference)

let pairs = try Column(packed: [UInt8](repeating: 7, count: 64 * 1_000), width: 64)
let results = try engine.execute(Batch(.sha256Pair, [pairs]))
for receipt in results.receipts { print("\(receipt.rows) rows on \(receipt.device), kernel \(receipt.kernel)") }
print(results.digests[999].map { String($0, radix: 16) }.joined(separator: " "))
