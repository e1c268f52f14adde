#!/usr/bin/env python3
"""Writes the *.constants.h of this folder, every number from its definition; `--check` only compares.

Numbers stand in limbs of 52 bits, the lowest first, as lanes hold them. Sources: SEC 2 (secp256k1), FIPS 186-5 and SP 800-186 (P-256,
edwards25519), RFC 8032.
"""
import hashlib
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
R = 2**260


def limbs(value, count=5):
    return "{" + ", ".join(f"0x{value >> 52 * i & (2**52 - 1):x}" for i in range(count)) + "}"


def words(value):
    return "{" + ", ".join(f"0x{value >> 64 * i & (2**64 - 1):x}" for i in range(4)) + "}"


def constant(name, value, count=5):
    return f"static const uint64_t {name}[{count}] = {limbs(value, count)};"


def modulus(name, value):
    return f"static const uint64_t {name}_words[4] = {words(value)};"


def montgomery(name, m):
    return [
        constant(f"{name}_modulus", m),
        constant(f"{name}_r2", R * R % m),
        f"static const uint64_t {name}_k = 0x{-pow(m, -1, 2**52) % 2**52:x};",
    ]


def halves(bits, windows):
    """Half of a window's range in every window: see digit_row in vector.h."""
    return sum(1 << bits - 1 + bits * i for i in range(windows))


def sha256_after(block):
    """The state of SHA-256 (FIPS 180-4) behind one block of 64 bytes."""
    primes = [p for p in range(2, 312) if all(p % q for q in range(2, p))]
    root = lambda p, degree: integer_root(p << 32 * degree, degree) & 0xFFFFFFFF
    k, state = [root(p, 3) for p in primes[:64]], [root(p, 2) for p in primes[:8]]
    rotate = lambda x, n: (x >> n | x << 32 - n) & 0xFFFFFFFF
    w = [int.from_bytes(block[4 * i : 4 * i + 4], "big") for i in range(16)]
    for i in range(16, 64):
        x, y = w[i - 15], w[i - 2]
        s0 = rotate(x, 7) ^ rotate(x, 18) ^ x >> 3
        s1 = rotate(y, 17) ^ rotate(y, 19) ^ y >> 10
        w.append((w[i - 16] + s0 + w[i - 7] + s1) & 0xFFFFFFFF)
    a, b, c, d, e, f, g, h = state
    for i in range(64):
        t1 = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + (e & f ^ ~e & g) + k[i] + w[i]
        t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + (a & b ^ a & c ^ b & c)
        a, b, c, d, e, f, g, h = (t1 + t2) & 0xFFFFFFFF, a, b, c, (d + t1) & 0xFFFFFFFF, e, f, g
    return [(x + y) & 0xFFFFFFFF for x, y in zip(state, (a, b, c, d, e, f, g, h))]


def integer_root(value, degree):
    """The largest integer whose power does not exceed value."""
    low, high = 0, 1 << 64
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**degree <= value else (low, middle)
    return low


def secp256k1():
    p = 2**256 - 0x1000003D1
    n = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    g = (
        0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
        0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
    )
    assert (g[1] ** 2 - g[0] ** 3 - 7) % p == 0
    beta = 0x7AE96A2B657C07106E64479EAC3434E99CF0497512F58995C1396C28719501EE
    eigenvalue = 0x5363AD4CC05C30E0A5261C028812645A122E22EA20816678DF02967C1B23BD72
    assert pow(beta, 3, p) == 1 and pow(eigenvalue, 3, n) == 1
    # A short basis of the lattice of (x, y) with x + y eigenvalue = 0 modulo n, by Euclid's algorithm: (a1, -b1) and (a2, a1).
    a1, b1, a2 = 0x3086D221A7D46BCDE86C90E49284EB15, 0xE4437ED6010E88286F547FA90ABFE4C3, 0x114CA50F7A8E2F3F657C1108D9D44CFD8
    assert (a1 - b1 * eigenvalue) % n == 0 and (a2 + a1 * eigenvalue) % n == 0
    tag = hashlib.sha256(b"BIP0340/challenge").digest()
    return [
        "// p = 2^256 - 2^32 - 977, the order n of the group, and n / 2 rounded down.",
        modulus("k1_p", p),
        constant("k1_p_limbs", p),
        modulus("k1_n", n),
        *montgomery("k1n", n),
        constant("k1_half_n", n // 2),
        constant("k1_p_less_n", p - n),
        "// The generator; beta, a cube root of 1 modulo p, which takes (x, y) to (beta x, y), a multiple by a cube root of 1 modulo n.",
        constant("k1_gx", g[0]),
        constant("k1_gy", g[1]),
        constant("k1_beta", beta),
        "// The basis (a1, -b1), (a2, a1) of that multiple's lattice, and 2^384 a1 / n, 2^384 b1 / n rounded.",
        constant("k1_a1", a1, 3),
        constant("k1_b1", b1, 3),
        constant("k1_a2", a2, 3),
        constant("k1_round1", (2**384 * a1 + n // 2) // n),
        constant("k1_round2", (2**384 * b1 + n // 2) // n),
        "// Half of a window in every window: of the generator's 26 of ten bits, a key's 26 of five, a registered key's 22 of six.",
        constant("k1_g_halves", halves(10, 26)),
        constant("k1_key_halves", halves(5, 26), 3),
        constant("k1_comb_halves", halves(6, 22), 3),
        "// SHA-256 behind the tag of BIP-340's challenge, twice.",
        "static const uint32_t bip340_challenge_tag[8] = {" + ", ".join(f"0x{x:08x}" for x in sha256_after(tag + tag)) + "};",
    ]


def square_roots(a, p):
    """Both square roots of a modulo p = 5 mod 8; none when there are none."""
    for root in (pow(a, (p + 3) // 8, p), pow(a, (p + 3) // 8, p) * pow(2, (p - 1) // 4, p) % p):
        if root * root % p == a % p:
            return [root, p - root]
    return []


def edwards25519():
    p = 2**255 - 19
    order = 2**252 + 27742317777372353535851937790883648493
    d = -121665 * pow(121666, -1, p) % p
    by = 4 * pow(5, -1, p) % p
    bx = min(square_roots((by * by - 1) * pow(d * by * by + 1, -1, p), p), key=lambda x: x % 2)
    # A point of order 8 doubles to one with y = 0: x^2 = -y^2, so that d y^4 + 2 y^2 = 1.
    eighths = sorted(y for root in square_roots(1 + d, p) for y in square_roots((root - 1) * pow(d, -1, p), p))
    assert len(eighths) == 2 and all((d * y**4 + 2 * y**2 - 1) % p == 0 for y in eighths)
    return [
        "// p = 2^255 - 19 and the order L of the base point B.",
        modulus("ed_p", p),
        constant("ed_p_limbs", p),
        *montgomery("f25l", order),
        "// The curve's d, 2 d, a square root of -1, and B.",
        constant("ed_d", d),
        constant("ed_2d", 2 * d % p),
        constant("ed_root", min(square_roots(-1, p))),
        constant("ed_bx", bx),
        constant("ed_by", by),
        "// y of the points whose order divides 8: 1, -1, 0 and two of order 8.",
        f"static const uint64_t ed_small_y[5][5] = {{{', '.join(map(limbs, [1, p - 1, 0, *eighths]))}}};",
        "// Half of a window in every window: of s's 26 of ten bits, k's 51 of five, a registered key's 43 of six.",
        constant("ed_b_halves", halves(10, 26)),
        constant("ed_key_halves", halves(5, 51)),
        constant("ed_comb_halves", halves(6, 43)),
    ]


def p256():
    p = 2**256 - 2**224 + 2**192 + 2**96 - 1
    n = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    g = (
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    )
    assert (g[1] ** 2 - g[0] ** 3 + 3 * g[0] - b) % p == 0
    form = lambda x: x * R % p
    return [
        "// p = 2^256 - 2^224 + 2^192 + 2^96 - 1, the order n of the group, and n / 2 rounded down.",
        modulus("p2_p", p),
        constant("p2_p_limbs", p),
        *montgomery("p2", p),
        modulus("p2_n", n),
        *montgomery("p2n", n),
        constant("p2_half_n", n // 2),
        constant("p2_p_less_n", p - n),
        "// In Montgomery form: 1, 3, the curve's b, n modulo p, and the generator.",
        constant("p2_one_form", form(1)),
        constant("p2_three_form", form(3)),
        constant("p2_b_form", form(b)),
        constant("p2_order_form", form(n)),
        constant("p2_gx", form(g[0])),
        constant("p2_gy", form(g[1])),
        "// Half of a window in every window: of the generator's 26 of ten bits, a key's 52 of five, a registered key's 43 of six.",
        constant("p2_g_halves", halves(10, 26)),
        constant("p2_key_halves", halves(5, 52)),
        constant("p2_comb_halves", halves(6, 43)),
    ]


FILES = {"p256.constants.h": p256, "secp256k1.constants.h": secp256k1, "edwards25519.constants.h": edwards25519}


def main():
    for name, lines in FILES.items():
        text = "// Made by constants.py; numbers in limbs of 52 bits, the lowest first.\n" + "\n".join(lines()) + "\n"
        path = HERE / name
        if "--check" in sys.argv:
            if path.read_text() != text:
                sys.exit(f"{name} is not what constants.py writes")
        else:
            path.write_text(text)


main()
