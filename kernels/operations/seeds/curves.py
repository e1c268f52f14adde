"""Elliptic curves and signature rules in plain integers: slow, short, and written from the standards.

An oracle for generated rows and tests, independent of the C kernels and the libraries behind them. Sources: SEC 1 v2 (ECDSA and
recovery), BIP-340, RFC 8032, "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko 2020) and ZIP 215 for Ed25519's rules.
"""
import hashlib

ACCEPTED = "accepted"


class Curve:
    """y^2 = x^3 + a x + b over the integers modulo p, with a base point of prime order n. None is the point at infinity."""

    def __init__(self, p, a, b, n, x, y):
        self.p, self.a, self.b, self.n, self.base = p, a, b, n, (x, y)

    def add(self, left, right):
        if left is None or right is None:
            return left or right
        (x1, y1), (x2, y2) = left, right
        if x1 == x2 and (y1 + y2) % self.p == 0:
            return None
        if left == right:
            slope = (3 * x1 * x1 + self.a) * pow(2 * y1, -1, self.p)
        else:
            slope = (y2 - y1) * pow(x2 - x1, -1, self.p)
        x = (slope * slope - x1 - x2) % self.p
        return x, (slope * (x1 - x) - y1) % self.p

    def multiply(self, scalar, point):
        total = None
        for bit in bin(scalar % self.n)[2:]:
            total = self.add(total, total)
            if bit == "1":
                total = self.add(total, point)
        return total

    def negate(self, point):
        return point and (point[0], -point[1] % self.p)

    def lift(self, x, odd):
        """The point with this x and this parity of y, or None. p is 3 modulo 4."""
        square = (x * x * x + self.a * x + self.b) % self.p
        y = pow(square, (self.p + 1) // 4, self.p)
        if x >= self.p or y * y % self.p != square:
            return None
        return x, y if y % 2 == odd else self.p - y

    def encode(self, point, compressed):
        x, y = (value.to_bytes(32, "big") for value in point)
        return bytes([2 + point[1] % 2]) + x if compressed else b"\4" + x + y

    def decode(self, key):
        if len(key) == 33 and key[0] in (2, 3):
            return self.lift(int.from_bytes(key[1:], "big"), key[0] & 1)
        if len(key) == 65 and key[0] == 4:
            x, y = int.from_bytes(key[1:33], "big"), int.from_bytes(key[33:], "big")
            if max(x, y) < self.p and (y * y - x * x * x - self.a * x - self.b) % self.p == 0:
                return x, y
        return None


SECP256K1 = Curve(
    2**256 - 2**32 - 977, 0, 7, 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141,
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8)
P256 = Curve(
    2**256 - 2**224 + 2**192 + 2**96 - 1, -3, 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)


def ecdsa_verdict(curve, digest, key, signature, low_s):
    point = curve.decode(key)
    if point is None:
        return "public-key-invalid"
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < curve.n and 0 < s < curve.n):
        return "scalar-out-of-range"
    if low_s and s > curve.n // 2:
        return "high-s"
    inverse = pow(s, -1, curve.n)
    total = curve.add(
        curve.multiply(int.from_bytes(digest, "big") * inverse, curve.base), curve.multiply(r * inverse, point))
    return ACCEPTED if total and total[0] % curve.n == r else "signature-mismatch"


def ecdsa_recover(curve, digest, r, s, odd):
    """The key for which (r, s) signs the digest with a nonce point of x = r and this parity, or None."""
    nonce = curve.lift(r, odd)
    inverse = pow(r, -1, curve.n)
    return nonce and curve.add(
        curve.multiply(s * inverse, nonce), curve.multiply(-int.from_bytes(digest, "big") * inverse, curve.base))


def tagged(tag, *parts):
    prefix = hashlib.sha256(tag.encode()).digest()
    return hashlib.sha256(prefix * 2 + b"".join(parts)).digest()


def schnorr_verdict(key, message, signature):
    curve = SECP256K1
    point = curve.lift(int.from_bytes(key, "big"), 0)
    if point is None:
        return "public-key-invalid"
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if r >= curve.p:
        return "non-canonical-encoding"
    if s >= curve.n:
        return "scalar-out-of-range"
    challenge = int.from_bytes(tagged("BIP0340/challenge", signature[:32], key, message), "big")
    nonce = curve.add(curve.multiply(s, curve.base), curve.multiply(-challenge, point))
    return ACCEPTED if nonce and nonce[1] % 2 == 0 and nonce[0] == r else "signature-mismatch"


# Ed25519: affine points of -x^2 + y^2 = 1 + d x^2 y^2 modulo 2^255 - 19.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def ed_decode(encoding):
    """ref10's decoding: y modulo p, and a sign of x that is ignored when x is 0. None when there is no such point."""
    number = int.from_bytes(encoding, "little")
    sign, y = number >> 255, number % 2**255 % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT % P
    if x * x % P != square:
        return None
    return (x if x % 2 == sign else -x % P), y


def ed_encode(point):
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def ed_add(left, right):
    (x1, y1), (x2, y2) = left, right
    t = D * x1 * x2 * y1 * y2
    return (x1 * y2 + y1 * x2) * pow(1 + t, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - t, -1, P) % P


def ed_multiply(scalar, point):
    total = (0, 1)
    for bit in bin(scalar)[2:]:
        total = ed_add(total, total)
        if bit == "1":
            total = ed_add(total, point)
    return total


def ed_negate(point):
    return -point[0] % P, point[1]


ED_BASE = ed_decode((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
ED_IDENTITY = (0, 1)


def ed_torsion():
    """The eight points whose order divides 8, as multiples of one of order 8."""
    y = 2
    while True:
        point = ed_decode(y.to_bytes(32, "little"))
        generator = point and ed_multiply(L, point)
        if generator and ed_multiply(4, generator) != ED_IDENTITY:
            return [ed_multiply(i, generator) for i in range(8)]
        y += 1


def ed_challenge(nonce, key, message):
    return int.from_bytes(hashlib.sha512(nonce + key + message).digest(), "little") % L


def ed25519_verdict(semantics, key, message, signature):
    small = lambda point: ed_multiply(8, point) == ED_IDENTITY
    point = ed_decode(key)
    if point is None:
        return "public-key-invalid"
    if semantics == "dalek-strict" and small(point):
        return "small-order-point"
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return "scalar-out-of-range"
    nonce = ed_decode(signature[:32])
    if semantics == "dalek-strict" and nonce and small(nonce):
        return "small-order-point"
    k = ed_challenge(signature[:32], key, message)
    expected = ed_add(ed_multiply(s, ED_BASE), ed_negate(ed_multiply(k, point)))
    if semantics == "zip215":
        matches = nonce is not None and small(ed_add(expected, ed_negate(nonce)))
    else:
        matches = ed_encode(expected) == signature[:32]
    return ACCEPTED if matches else "signature-mismatch"
