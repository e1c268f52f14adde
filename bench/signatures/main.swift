import Assay
import COpenSSL

/// Signature verification against the libraries' own loops: the same rows on the same thread, rounds interleaved, in one run.
///
/// Rows are the accepted seed rows of each operation, repeated; there is no cache that would profit from that.

struct Contender {
  let name: String
  /// Runs all rows and returns how many were accepted.
  let run: () throws -> Int
}

let rowCount = 512
let rounds = 5

/// The accepted seed rows of an operation, repeated to `rowCount` rows of column bytes.
func rows(of operation: Operation, on engine: Engine) throws -> [[[UInt8]]] {
  var rest = operation.seeds[...]
  var rows: [[[UInt8]]] = []
  while !rest.isEmpty {
    rows.append(
      operation.inputs.map { input in
        var width = input.width
        if case .message = input.kind {
          width = Int(rest.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) })
          rest = rest.dropFirst(4)
        }
        defer { rest = rest.dropFirst(width) }
        return Array(rest.prefix(width))
      })
  }
  let results = try engine.execute(batch(operation, rows))
  let accepted = rows.indices.filter { results.verdict($0).isAccepted }.map { rows[$0] }
  return (0..<rowCount).map { accepted[$0 % accepted.count] }
}

func batch(_ operation: Operation, _ rows: [[[UInt8]]]) throws -> Batch {
  var builders = operation.inputs.map { ColumnBuilder($0.kind, capacity: rows.count) }
  for row in rows {
    for (index, value) in row.enumerated() { builders[index].append(value) }
  }
  return try Batch(operation, builders.map { try $0.finish() })
}

/// Every kernel of the host for `operation`, then the typed path through the engine, which plans, dispatches and groups.
func assay(_ operation: Operation, _ rows: [[[UInt8]]], engine: Engine, check: @escaping ([[UInt8]]) -> SignatureCheck)
  throws -> [Contender]
{
  let batch = try batch(operation, rows)
  var contenders: [Contender] = []
  for backend in Backends.all(threads: 1) {
    for device in backend.devices where device.isHost {
      for kernel in backend.kernels(for: operation, on: device) {
        contenders.append(
          Contender(name: "assay kernel \(kernel.id)") {
            let results = Results(operation, rows: batch.rows)
            try kernel.run(batch, rows: 0..<batch.rows, into: results)
            return (0..<batch.rows).filter { results.verdict($0).isAccepted }.count
          })
      }
    }
  }
  let checks = rows.map(check)
  contenders.append(
    Contender(name: "assay typed rows") {
      try SignatureVerifier.verify(checks, on: engine).filter(\.verdict.isAccepted).count
    })
  return contenders
}

/// Interleaves rounds of all contenders and prints the best of each with its ratio to the first.
func race(_ title: String, _ contenders: [Contender]) throws {
  var best = [Duration](repeating: .seconds(1_000), count: contenders.count)
  for _ in 0..<rounds {
    for (index, contender) in contenders.enumerated() {
      let start = ContinuousClock.now
      let accepted = try contender.run()
      best[index] = min(best[index], ContinuousClock.now - start)
      guard accepted == rowCount else {
        print("\(title): \(contender.name) accepted \(accepted) of \(rowCount) rows")
        return
      }
    }
  }
  print(title)
  for (contender, time) in zip(contenders, best) {
    let microseconds = time / .microseconds(1) / Double(rowCount)
    let ratio = best[0] / time
    print(
      "  \(contender.name.padded(to: 32)) \(microseconds.rounded(to: 10)) us/row  \((1_000_000 / microseconds).rounded(to: 1)) rows/s"
        + "  \(ratio.rounded(to: 100))x")
  }
}

extension String {
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

extension Double {
  /// The nearest multiple of one part of `parts`.
  func rounded(to parts: Double) -> Double { (self * parts).rounded() / parts }
}

/// r | s as DER, for the peer that takes nothing else.
func der(_ signature: [UInt8]) -> [UInt8] {
  let integers = [signature[..<32], signature[32...]].flatMap { half -> [UInt8] in
    let digits = Array(half.drop { $0 == 0 })
    let value = (digits.first ?? 0x80) < 0x80 ? digits : [0] + digits
    return [2, UInt8(value.count)] + value
  }
  return [0x30, UInt8(integers.count)] + integers
}

let engine = try Engine(threads: 1)
print(
  "OpenSSL \(String(cString: OpenSSL_version(OPENSSL_VERSION_STRING))); \(rowCount) rows, one thread, best of \(rounds)"
)

let ecdsa = try rows(of: .ecdsaSecp256k1LowS, on: engine)
try race(
  "ECDSA secp256k1, low-s",
  [Contender(name: "libsecp256k1 loop") { Peers.ecdsa(ecdsa) }]
    + assay(.ecdsaSecp256k1LowS, ecdsa, engine: engine) {
      .ecdsa(ECDSACheck(.secp256k1, subject: .digest($0[0]), publicKey: $0[1], signature: .compact($0[2])))
    })
let recovery = try rows(of: .ecdsaSecp256k1Recover, on: engine)
try race(
  "ECDSA secp256k1, recovery with address",
  [Contender(name: "libsecp256k1 loop, no address") { Peers.recover(recovery) }]
    + assay(.ecdsaSecp256k1Recover, recovery, engine: engine) {
      .recovery(RecoveryCheck(digest: $0[0], signature: $0[1]))
    })
let schnorr = try rows(of: .schnorrSecp256k1, on: engine)
try race(
  "Schnorr secp256k1 (BIP-340)",
  [Contender(name: "libsecp256k1 loop") { Peers.schnorr(schnorr) }]
    + assay(.schnorrSecp256k1, schnorr, engine: engine) {
      .schnorr(SchnorrCheck(publicKey: $0[0], message: $0[1], signature: $0[2]))
    })
let p256 = try rows(of: .ecdsaP256AnyS, on: engine)
let p256DER = p256.map { der($0[2]) }
try race(
  "ECDSA P-256, any-s",
  [Contender(name: "OpenSSL EVP loop") { Peers.p256(p256, der: p256DER) }]
    + assay(.ecdsaP256AnyS, p256, engine: engine) {
      .ecdsa(ECDSACheck(.p256, subject: .digest($0[0]), publicKey: $0[1], signature: .compact($0[2])))
    })
let ed25519 = try rows(of: .ed25519RFC8032, on: engine)
try race(
  "Ed25519, rfc8032",
  [Contender(name: "OpenSSL EVP loop") { Peers.ed25519(ed25519) }]
    + assay(.ed25519RFC8032, ed25519, engine: engine) {
      .ed25519(Ed25519Check(publicKey: $0[0], message: $0[1], signature: $0[2]))
    })
