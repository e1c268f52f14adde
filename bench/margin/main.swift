import Assay
import AssayFormats
import AssayIO

/// usage: bench-margin RULE.json [PYTH.json]: an update of one price for 10,000 accounts, prices to the wei, and 10,000 Pyth updates
/// beside plain recovery. Prints best and median.
let paths = CommandLine.arguments.dropFirst()
guard let rulePath = paths.first else { fatalError("usage: bench-margin RULE.json [PYTH.json]") }
let engine = try Engine()
let clock = ContinuousClock()

func measure(_ what: String, _ times: Int, _ work: () throws -> Void) rethrows {
  var seconds: [Double] = []
  for _ in 0..<times { seconds.append(try clock.measure(work) / .seconds(1)) }
  seconds.sort()
  print("\(what): best \(seconds[0]) s, median \(seconds[times / 2]) s")
}

let rule = try MarginRuleFile(InputFile(rulePath).readAll(), path: rulePath).rule(Binary64.self)
var random = SystemRandomNumberGenerator()
var positions: [MarginPosition<Binary64>] = []
for account in 0..<10_000 {
  for _ in 0..<10 {
    let strike = Double(40_000 + 1_000 * Int.random(in: 0..<100, using: &random))
    positions.append(
      MarginPosition(
        account: "account-\(account)", underlying: "BTC", kind: .option(isCall: Bool.random(using: &random)),
        spot: Binary64(97_000), strike: Binary64(strike),
        seconds: [604_800, 2_592_000, 7_776_000].randomElement(using: &random) ?? 604_800, rate: Binary64(0.03),
        volatility: Binary64(0.6), amount: Binary64(Double(Int.random(in: -500..<500, using: &random)) / 100)))
  }
}
var margins = try MarginEngine(rule, positions, on: engine)
var spot = 97_000.0
try measure("update of one price, 10,000 accounts, 100,000 positions", 21) {
  spot += 1
  try margins.update(spotOf: "BTC", to: Binary64(spot), on: engine)
}

let options = (0..<200_000).map { index in
  PricedOption<Fixed18>(
    isCall: index % 2 == 0, seconds: UInt64(86_400 + index), discount: .one, volatility: .ratio(60, 100),
    forward: Fixed18(whole: 97_000), strike: Fixed18(whole: 50_000 + index % 90_000))
}
try measure("200,000 prices to the wei", 5) { _ = try Fixed18.prices(options, on: engine) }

if let path = paths.dropFirst().first {
  let name = path.split(separator: "/").last.map(String.init) ?? path
  let reports = try OracleReportFile.entries(InputFile(path).readAll(), name: name).map { try $0.report.get() }
  let many = (0..<10_000).map { reports[$0 % reports.count] }
  let count = many.reduce(0) { $0 + $1.signatures }
  var digests = ColumnBuilder(.bytes(32)), signatures = ColumnBuilder(.bytes(65))
  for row in 0..<count {
    digests.append((0..<32).map { UInt8(truncatingIfNeeded: row >> ($0 % 4 * 8) + $0) })
    signatures.append((0..<64).map { UInt8(truncatingIfNeeded: row &* 31 + $0 * 7 + 1) & 0x7F } + [UInt8(row & 1)])
  }
  let plain = try Batch(.ecdsaSecp256k1Recover, [digests.finish(), signatures.finish()])
  try measure("\(count) plain recoveries", 3) { _ = try engine.execute(plain) }
  try measure("10,000 Pyth updates of \(count) signatures", 3) { _ = try engine.verify(many) }
}
