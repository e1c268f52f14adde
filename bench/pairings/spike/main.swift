// Generic Swift against the C of kernels/ on BN254: an Fp12 multiplication and a Miller loop. See run.sh.

let twistB = Fp2(
  c0: BN254Fp(a: 0x3bf9_38e3_77b8_02a8, b: 0x020b_1b27_3633_535d, c: 0x26b7_edf0_4975_5260, d: 0x2514_c632_4384_a86d),
  c1: BN254Fp(a: 0x38e7_eccc_d1dc_ff67, b: 0x65f0_b37d_93ce_0d3e, c: 0xd749_d0dd_22ac_00aa, d: 0x0141_b9ce_4a68_8d4d))
let digits: [Int8] = [
  0, -1, 0, 1, 0, 0, 0, -1, 0, -1, 0, 0, 0, -1, 0, 1, 0, -1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 0, -1, 0, 1, 0, 0, -1, 0, 0,
  0,
  0, -1, 0, 1, 0, 0, 0, -1, 0, -1, 0, 0, 1, 0, 0, 0, -1, 0, 0, -1, 0, 1, 0, 1, 0, 0, 0,
]

/// Any field elements will do: neither side checks that a point is on its curve.
var state: UInt64 = 1
func element() -> BN254Fp {
  func limb() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
  return BN254Fp(a: limb(), b: limb(), c: limb(), d: limb() >> 3)
}
func element2() -> Fp2<BN254Fp> { Fp2(c0: element(), c1: element()) }
func element12() -> Fp12<BN254Fp> {
  func six() -> Fp6<BN254Fp> { Fp6(c0: element2(), c1: element2(), c2: element2()) }
  return Fp12(c0: six(), c1: six())
}
func limbs<T>(_ value: T) -> [UInt64] { withUnsafeBytes(of: value) { Array($0.bindMemory(to: UInt64.self)) } }

/// The shortest of 30 runs, in nanoseconds a call.
func time(_ calls: Int, _ body: () -> Void) -> Double {
  var best = Duration.seconds(1000)
  for _ in 0..<30 { best = min(best, ContinuousClock().measure(body)) }
  return Double(best.components.attoseconds) / 1e9 / Double(calls)
}

let (a, b, p, q) = (element12(), element12(), (element(), element()), (element2(), element2()))
let (al, bl, pl, ql) = (limbs(a), limbs(b), limbs(p.0) + limbs(p.1), limbs(q.0) + limbs(q.1))
var result = [UInt64](repeating: 0, count: 48)
let calls: Int64 = 2000
var swift = a
func multiply() {
  var x = a
  for _ in 0..<calls { x = x * b }
  swift = x
}
var miller = a
func loop() { miller = millerLoop(p.0, p.1, q.0, q.1, twistB: twistB, digits: digits) }

let multiplication = time(Int(calls), multiply)
let portable = time(Int(calls)) { c_fp12_multiply(&result, al, bl, calls) }
precondition(result == limbs(swift), "C and Swift multiply differently")
let adx = time(Int(calls)) { adx_fp12_multiply(&result, al, bl, calls) }
precondition(result == limbs(swift), "ADX and Swift multiply differently")
let swiftLoop = time(1, loop)
let portableLoop = time(1) { c_miller(&result, pl, ql) }
precondition(result == limbs(miller), "C and Swift have different Miller loops")
let adxLoop = time(1) { adx_miller(&result, pl, ql) }
precondition(result == limbs(miller), "ADX and Swift have different Miller loops")

func row(_ what: String, _ swift: Double, _ c: Double, _ adx: Double) {
  func two(_ x: Double) -> String { "\((x * 100).rounded() / 100)" }
  print("\(what): Swift \(Int(swift)) ns, C \(Int(c)) ns: \(two(swift / c))x")
  print("\(what), MULX and ADX: C \(Int(adx)) ns: \(two(swift / adx))x")
}
row("Fp12 multiplication", multiplication, portable, adx)
row("Miller loop", swiftLoop, portableLoop, adxLoop)
