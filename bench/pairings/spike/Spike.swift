// The Swift side of the spike: generic towers over a `LazyField`, the algorithms of kernels/field and kernels/curve/pairing.

/// A prime field whose products can be added before they are reduced.
protocol LazyField: Equatable {
  associatedtype Wide
  static var one: Self { get }
  static var zero: Self { get }
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  var halved: Self { get }
  /// a + b without reduction.
  static func plainSum(_ a: Self, _ b: Self) -> Self
  static func wide(_ a: Self, _ b: Self) -> Wide
  /// a - b for a >= b.
  static func difference(_ a: Wide, _ b: Wide) -> Wide
  /// a - b, plus the modulus times 2^256 when that is negative.
  static func modularDifference(_ a: Wide, _ b: Wide) -> Wide
  static func reduced(_ wide: Wide) -> Self
}

@inline(__always) func mac(_ t: UInt64, _ a: UInt64, _ b: UInt64, _ carry: inout UInt64) -> UInt64 {
  let sum = UInt128(a) &* UInt128(b) &+ UInt128(t) &+ UInt128(carry)
  carry = UInt64(truncatingIfNeeded: sum >> 64)
  return UInt64(truncatingIfNeeded: sum)
}

@inline(__always) func add(_ a: UInt64, _ b: UInt64, _ carry: inout UInt64) -> UInt64 {
  let sum = UInt128(a) &+ UInt128(b) &+ UInt128(carry)
  carry = UInt64(truncatingIfNeeded: sum >> 64)
  return UInt64(truncatingIfNeeded: sum)
}

@inline(__always) func sub(_ a: UInt64, _ b: UInt64, _ borrow: inout UInt64) -> UInt64 {
  let (s0, c0) = a.subtractingReportingOverflow(b)
  let (s1, c1) = s0.subtractingReportingOverflow(borrow)
  borrow = (c0 ? 1 : 0) &+ (c1 ? 1 : 0)
  return s1
}

/// BN254's base field in Montgomery form, four limbs.
struct BN254Fp: LazyField {
  var a, b, c, d: UInt64

  struct Wide {
    var a, b, c, d, e, f, g, h: UInt64
  }

  static let m0: UInt64 = 0x3c20_8c16_d87c_fd47, m1: UInt64 = 0x9781_6a91_6871_ca8d
  static let m2: UInt64 = 0xb850_45b6_8181_585d, m3: UInt64 = 0x3064_4e72_e131_a029
  static let k: UInt64 = 0x87d2_0782_e486_6389
  static let one = BN254Fp(
    a: 0xd35d_438d_c58f_0d9d, b: 0x0a78_eb28_f5c7_0b3d, c: 0x666e_a36f_7879_462c, d: 0x0e0a_77c1_9a07_df2f)
  static let zero = BN254Fp(a: 0, b: 0, c: 0, d: 0)

  @inline(__always) static func subtractOnce(_ x: BN254Fp) -> BN254Fp {
    var borrow: UInt64 = 0
    let a = sub(x.a, m0, &borrow), b = sub(x.b, m1, &borrow), c = sub(x.c, m2, &borrow), d = sub(x.d, m3, &borrow)
    return borrow != 0 ? x : BN254Fp(a: a, b: b, c: c, d: d)
  }
  @inline(__always) static func plainSum(_ x: BN254Fp, _ y: BN254Fp) -> BN254Fp {
    var carry: UInt64 = 0
    let a = add(x.a, y.a, &carry), b = add(x.b, y.b, &carry), c = add(x.c, y.c, &carry), d = add(x.d, y.d, &carry)
    return BN254Fp(a: a, b: b, c: c, d: d)
  }
  @inline(__always) static func + (x: BN254Fp, y: BN254Fp) -> BN254Fp { subtractOnce(plainSum(x, y)) }
  @inline(__always) static func - (x: BN254Fp, y: BN254Fp) -> BN254Fp {
    var borrow: UInt64 = 0, carry: UInt64 = 0
    let a = sub(x.a, y.a, &borrow), b = sub(x.b, y.b, &borrow), c = sub(x.c, y.c, &borrow), d = sub(x.d, y.d, &borrow)
    let mask = 0 &- borrow
    let e = add(a, m0 & mask, &carry), f = add(b, m1 & mask, &carry)
    let g = add(c, m2 & mask, &carry), h = add(d, m3 & mask, &carry)
    return BN254Fp(a: e, b: f, c: g, d: h)
  }
  @inline(__always) var halved: BN254Fp {
    let mask = 0 &- (a & 1)
    var carry: UInt64 = 0
    let e = add(a, Self.m0 & mask, &carry), f = add(b, Self.m1 & mask, &carry)
    let g = add(c, Self.m2 & mask, &carry), h = add(d, Self.m3 & mask, &carry)
    return BN254Fp(a: e >> 1 | f << 63, b: f >> 1 | g << 63, c: g >> 1 | h << 63, d: h >> 1 | carry << 63)
  }
  static func * (x: BN254Fp, y: BN254Fp) -> BN254Fp {
    var t0: UInt64 = 0, t1: UInt64 = 0, t2: UInt64 = 0, t3: UInt64 = 0
    @inline(__always) func row(_ xi: UInt64) {
      var carry: UInt64 = 0
      t0 = mac(t0, xi, y.a, &carry)
      t1 = mac(t1, xi, y.b, &carry)
      t2 = mac(t2, xi, y.c, &carry)
      t3 = mac(t3, xi, y.d, &carry)
      let factor = t0 &* k
      var reduction: UInt64 = 0
      _ = mac(t0, factor, m0, &reduction)
      t0 = mac(t1, factor, m1, &reduction)
      t1 = mac(t2, factor, m2, &reduction)
      t2 = mac(t3, factor, m3, &reduction)
      t3 = carry &+ reduction
    }
    row(x.a)
    row(x.b)
    row(x.c)
    row(x.d)
    return subtractOnce(BN254Fp(a: t0, b: t1, c: t2, d: t3))
  }
  @inline(__always) static func wide(_ x: BN254Fp, _ y: BN254Fp) -> Wide {
    var c: UInt64 = 0
    var w = Wide(a: 0, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0, h: 0)
    w.a = mac(0, x.a, y.a, &c)
    w.b = mac(0, x.a, y.b, &c)
    w.c = mac(0, x.a, y.c, &c)
    w.d = mac(0, x.a, y.d, &c)
    (w.e, c) = (c, 0)
    w.b = mac(w.b, x.b, y.a, &c)
    w.c = mac(w.c, x.b, y.b, &c)
    w.d = mac(w.d, x.b, y.c, &c)
    w.e = mac(w.e, x.b, y.d, &c)
    (w.f, c) = (c, 0)
    w.c = mac(w.c, x.c, y.a, &c)
    w.d = mac(w.d, x.c, y.b, &c)
    w.e = mac(w.e, x.c, y.c, &c)
    w.f = mac(w.f, x.c, y.d, &c)
    (w.g, c) = (c, 0)
    w.d = mac(w.d, x.d, y.a, &c)
    w.e = mac(w.e, x.d, y.b, &c)
    w.f = mac(w.f, x.d, y.c, &c)
    w.g = mac(w.g, x.d, y.d, &c)
    w.h = c
    return w
  }
  @inline(__always) static func subtract(_ u: Wide, _ v: Wide, _ borrow: inout UInt64) -> Wide {
    let a = sub(u.a, v.a, &borrow), b = sub(u.b, v.b, &borrow), c = sub(u.c, v.c, &borrow), d = sub(u.d, v.d, &borrow)
    let e = sub(u.e, v.e, &borrow), f = sub(u.f, v.f, &borrow), g = sub(u.g, v.g, &borrow), h = sub(u.h, v.h, &borrow)
    return Wide(a: a, b: b, c: c, d: d, e: e, f: f, g: g, h: h)
  }
  @inline(__always) static func difference(_ u: Wide, _ v: Wide) -> Wide {
    var borrow: UInt64 = 0
    return subtract(u, v, &borrow)
  }
  @inline(__always) static func modularDifference(_ u: Wide, _ v: Wide) -> Wide {
    var borrow: UInt64 = 0, carry: UInt64 = 0
    var w = subtract(u, v, &borrow)
    let mask = 0 &- borrow
    w.e = add(w.e, m0 & mask, &carry)
    w.f = add(w.f, m1 & mask, &carry)
    w.g = add(w.g, m2 & mask, &carry)
    w.h = add(w.h, m3 & mask, &carry)
    return w
  }
  @inline(__always) static func reduced(_ wide: Wide) -> BN254Fp {
    var t0 = wide.a, t1 = wide.b, t2 = wide.c, t3 = wide.d
    @inline(__always) func row() {
      let factor = t0 &* k
      var carry: UInt64 = 0
      _ = mac(t0, factor, m0, &carry)
      t0 = mac(t1, factor, m1, &carry)
      t1 = mac(t2, factor, m2, &carry)
      t2 = mac(t3, factor, m3, &carry)
      t3 = carry
    }
    row()
    row()
    row()
    row()
    var carry: UInt64 = 0
    let a = add(t0, wide.e, &carry), b = add(t1, wide.f, &carry)
    let c = add(t2, wide.g, &carry), d = add(t3, wide.h, &carry)
    return subtractOnce(BN254Fp(a: a, b: b, c: c, d: d))
  }
}

struct Fp2<F: LazyField>: Equatable {
  var c0, c1: F

  static func + (x: Self, y: Self) -> Self { Self(c0: x.c0 + y.c0, c1: x.c1 + y.c1) }
  static func - (x: Self, y: Self) -> Self { Self(c0: x.c0 - y.c0, c1: x.c1 - y.c1) }
  static func * (x: Self, y: Self) -> Self {
    let t0 = F.wide(x.c0, y.c0), t1 = F.wide(x.c1, y.c1)
    let t2 = F.wide(F.plainSum(x.c0, x.c1), F.plainSum(y.c0, y.c1))
    return Self(
      c0: F.reduced(F.modularDifference(t0, t1)), c1: F.reduced(F.difference(F.difference(t2, t0), t1)))
  }
  static func * (x: Self, y: F) -> Self { Self(c0: x.c0 * y, c1: x.c1 * y) }
  var squared: Self {
    Self(c0: F.plainSum(c0, c1) * (c0 - c1), c1: F.plainSum(c0, c0) * c1)
  }
  var doubled: Self { self + self }
  var halved: Self { Self(c0: c0.halved, c1: c1.halved) }
  var negated: Self { Self(c0: F.zero - c0, c1: F.zero - c1) }
  /// Times 9 + u.
  var timesXi: Self {
    let t = doubled.doubled.doubled + self
    return Self(c0: t.c0 - c1, c1: t.c1 + c0)
  }
  static var zero: Self { Self(c0: F.zero, c1: F.zero) }
  static var one: Self { Self(c0: F.one, c1: F.zero) }
}

struct Fp6<F: LazyField>: Equatable {
  var c0, c1, c2: Fp2<F>

  static func + (x: Self, y: Self) -> Self { Self(c0: x.c0 + y.c0, c1: x.c1 + y.c1, c2: x.c2 + y.c2) }
  static func - (x: Self, y: Self) -> Self { Self(c0: x.c0 - y.c0, c1: x.c1 - y.c1, c2: x.c2 - y.c2) }
  static func * (x: Self, y: Self) -> Self {
    let v0 = x.c0 * y.c0, v1 = x.c1 * y.c1, v2 = x.c2 * y.c2
    return Self(
      c0: ((x.c1 + x.c2) * (y.c1 + y.c2) - v1 - v2).timesXi + v0,
      c1: (x.c0 + x.c1) * (y.c0 + y.c1) - v0 - v1 + v2.timesXi,
      c2: (x.c0 + x.c2) * (y.c0 + y.c2) - v0 - v2 + v1)
  }
  func times(_ b0: Fp2<F>, _ b1: Fp2<F>) -> Self {
    let v0 = c0 * b0, v1 = c1 * b1
    return Self(c0: (c2 * b1).timesXi + v0, c1: (c0 + c1) * (b0 + b1) - v0 - v1, c2: c2 * b0 + v1)
  }
  func times(_ b0: Fp2<F>) -> Self { Self(c0: c0 * b0, c1: c1 * b0, c2: c2 * b0) }
  var timesV: Self { Self(c0: c2.timesXi, c1: c0, c2: c1) }
}

struct Fp12<F: LazyField>: Equatable {
  var c0, c1: Fp6<F>

  static func * (x: Self, y: Self) -> Self {
    let v0 = x.c0 * y.c0, v1 = x.c1 * y.c1
    return Self(c0: v0 + v1.timesV, c1: (x.c0 + x.c1) * (y.c0 + y.c1) - v0 - v1)
  }
  var squared: Self {
    let t = c0 * c1
    return Self(c0: (c0 + c1) * (c1.timesV + c0) - t - t.timesV, c1: t + t)
  }
  func times(_ line: Line<F>) -> Self {
    let a = c0.times(line.ofY), b = c1.times(line.ofX, line.constant)
    let s = (c0 + c1).times(line.ofY + line.ofX, line.constant)
    return Self(c0: a + b.timesV, c1: s - a - b)
  }
  static var one: Self {
    let zero = Fp6<F>(c0: .zero, c1: .zero, c2: .zero)
    return Self(c0: Fp6(c0: .one, c1: .zero, c2: .zero), c1: zero)
  }
}

struct Line<F: LazyField> {
  var constant, ofX, ofY: Fp2<F>

  func at(_ x: F, _ y: F) -> Line { Line(constant: constant, ofX: ofX * x, ofY: ofY * y) }
}

/// The running multiple of Q in homogeneous coordinates.
struct Running<F: LazyField> {
  var x, y, z: Fp2<F>

  mutating func double(_ twistB: Fp2<F>) -> Line<F> {
    let a = (x * y).halved, b = y.squared, c = z.squared
    let e = (c.doubled + c) * twistB
    let f = e.doubled + e
    let g = (b + f).halved
    let h = (y + z).squared - b - c
    let j = x.squared
    let line = Line(constant: e - b, ofX: j.doubled + j, ofY: h.negated)
    let ee = e.squared
    x = (b - f) * a
    y = g.squared - (ee.doubled + ee)
    z = b * h
    return line
  }

  mutating func add(_ qx: Fp2<F>, _ qy: Fp2<F>) -> Line<F> {
    let theta = y - qy * z, lambda = x - qx * z
    let c = theta.squared, d = lambda.squared
    let e = lambda * d, f = z * c
    let g = x * d
    let h = e + f - g - g
    x = lambda * h
    y = (g - h) * theta - e * y
    z = z * e
    return Line(constant: theta * qx - lambda * qy, ofX: theta.negated, ofY: lambda)
  }
}

func millerLoop<F: LazyField>(
  _ px: F, _ py: F, _ qx: Fp2<F>, _ qy: Fp2<F>, twistB: Fp2<F>, digits: [Int8]
) -> Fp12<F> {
  var f = Fp12<F>.one
  var t = Running(x: qx, y: qy, z: .one)
  for (index, digit) in digits.enumerated() {
    if index > 0 { f = f.squared }
    f = f.times(t.double(twistB).at(px, py))
    if digit != 0 { f = f.times(t.add(qx, digit < 0 ? qy.negated : qy).at(px, py)) }
  }
  return f
}
