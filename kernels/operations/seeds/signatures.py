#!/usr/bin/env python3
"""Writes signatures.seed.h beside itself: rows that the self-test corpus of every signature operation starts from.

Valid rows at the corners of the rules, then a few that one rule rejects. Every row's verdict is checked with curves.py, and
with coincurve and cryptography where they take the row:

    python3 -m venv /tmp/seeds && /tmp/seeds/bin/pip install coincurve cryptography
    /tmp/seeds/bin/python kernels/operations/seeds/signatures.py
"""
import hashlib
import pathlib

import coincurve
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

import curves
from curves import ACCEPTED, P256, SECP256K1


def number(label):
    """A fixed 256-bit number for a label."""
    return int.from_bytes(hashlib.sha256(f"assay seed {label}".encode()).digest(), "big")


def b32(value):
    return value.to_bytes(32, "big")


# ECDSA


def ecdsa_sign(curve, secret, digest, nonce):
    r = curve.multiply(nonce, curve.base)[0] % curve.n
    return r, pow(nonce, -1, curve.n) * (int.from_bytes(digest, "big") + r * secret) % curve.n


def ecdsa_rows(curve, name, low_s):
    def low(s):
        return min(s, curve.n - s)

    def row(digest, point, r, s, compressed=True, expected=ACCEPTED):
        return digest, curve.encode(point, compressed), b32(r) + b32(s), expected

    rows = []
    for i in range(4):  # ordinary keys in both encodings, low s
        secret, digest = number(f"{name} key {i}") % curve.n, b32(number(f"{name} digest {i}"))
        r, s = ecdsa_sign(curve, secret, digest, number(f"{name} nonce {i}") % curve.n)
        rows.append(row(digest, curve.multiply(secret, curve.base), r, low(s), compressed=i % 2 == 0))
    # the same with s in the upper half
    rows.append(row(digest, curve.multiply(secret, curve.base), r, curve.n - low(s), expected="high-s" if low_s else ACCEPTED))
    # keys made to fit a signature: digests of 0, n and 2^256 - 1, s of 1 and (n - 1) / 2, r just above 0
    fitted = next(x for x in range(1, 99) if curve.lift(x, 0))
    for digest, s in ((bytes(32), number("s") % curve.n), (b32(curve.n), 1), (b"\xff" * 32, curve.n // 2)):
        rows.append(row(digest, curves.ecdsa_recover(curve, digest, fitted, low(s), 0), fitted, low(s)))
    # the nonce point's x is n or more, so r is x - n
    x = next(x for x in range(curve.n + 1, curve.p) if curve.lift(x, 1))
    r, s, digest = x - curve.n, number("wrapped") % curve.n, b32(number("wrapped digest"))
    inverse = pow(r, -1, curve.n)
    point = curve.add(
        curve.multiply(low(s) * inverse, curve.lift(x, 1)),
        curve.multiply(-int.from_bytes(digest, "big") * inverse, curve.base))
    rows.append(row(digest, point, r, low(s), compressed=False))
    # both terms of the sum are the same point: e = r d
    secret, nonce = number("double") % curve.n, number("double nonce") % curve.n
    r = curve.multiply(nonce, curve.base)[0] % curve.n
    digest = b32(r * secret % curve.n)
    rows.append(row(digest, curve.multiply(secret, curve.base), r, low(ecdsa_sign(curve, secret, digest, nonce)[1])))
    # key = base point and its negative
    for secret in (1, curve.n - 1):
        digest = b32(number(f"digest for {secret}"))
        r, s = ecdsa_sign(curve, secret, digest, number("nonce for the base point") % curve.n)
        rows.append(row(digest, curve.multiply(secret, curve.base), r, low(s)))
    # rejected: the sum is the point at infinity (e = -r d); r and s of n; a hybrid key; x of p; not on the curve
    digest = b32(-r * secret % curve.n)
    base = curve.base
    rows.append(row(digest, curve.multiply(secret, base), r, low(s), expected="signature-mismatch"))
    rows.append(row(digest, base, curve.n, low(s), expected="scalar-out-of-range"))
    rows.append(row(digest, base, r, curve.n, expected="scalar-out-of-range"))
    signature = b32(r) + b32(low(s))
    hybrid = bytes([6 + base[1] % 2]) + curve.encode(base, False)[1:]
    for key in (hybrid, b"\2" + b32(curve.p), curve.encode((base[0], base[1] ^ 1), False)):
        rows.append((digest, key, signature, "public-key-invalid"))
    return rows


def check_ecdsa(curve, name, low_s, rows):
    for digest, key, signature, expected in rows:
        assert curves.ecdsa_verdict(curve, digest, key, signature, low_s) == expected
        if expected in ("public-key-invalid", "high-s"):
            continue
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256K1() if name == "secp256k1" else ec.SECP256R1(), key)
        der = utils.encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
        try:
            public.verify(der, digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
            accepted = True
        except InvalidSignature:
            accepted = False
        assert accepted == (expected == ACCEPTED)


# recovery


def recover_rows():
    curve, rows = SECP256K1, []
    for i in range(6):
        secret = coincurve.PrivateKey(b32(number(f"recover key {i}") % curve.n))
        digest = b32(number(f"recover digest {i}"))
        signature = secret.sign_recoverable(digest, hasher=None)
        if i % 3 == 2:  # s in the upper half, the other parity: recovers the same key
            s = curve.n - int.from_bytes(signature[32:64], "big")
            signature = signature[:32] + b32(s) + bytes([signature[64] ^ 1])
        recovered = curves.ecdsa_recover(
            curve, digest, int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big"), signature[64])
        assert curve.encode(recovered, False) == secret.public_key.format(compressed=False)
        rows.append((digest, signature[:64] + bytes([signature[64] + 27 * (i % 2)])))
    digest = b32(number("recover digest"))
    present = next(x for x in range(1, 99) if curve.lift(x, 0))
    absent = next(x for x in range(1, 99) if not curve.lift(x, 0))
    nonce = curve.multiply(7, curve.base)
    for digest, r, s, v in (
        (bytes(32), present, 1, 0), (b"\xff" * 32, present, curve.n - 1, 28),
        # rejected: no point with that x; the key is infinity (s R = e G); v of 2; s of n
        (digest, absent, 1, 0), (b32(7 * 5), nonce[0], 5, nonce[1] % 2), (digest, present, 1, 2), (digest, present, curve.n, 27),
    ):
        rows.append((digest, b32(r) + b32(s) + bytes([v])))
    return rows


# Schnorr


def schnorr_sign(secret, message, label):
    """BIP-340 with a nonce of our own."""
    curve = SECP256K1
    point = curve.multiply(secret, curve.base)
    secret = secret if point[1] % 2 == 0 else curve.n - secret
    nonce = number(label) % curve.n
    commitment = curve.multiply(nonce, curve.base)
    nonce = nonce if commitment[1] % 2 == 0 else curve.n - nonce
    key = b32(point[0])
    challenge = int.from_bytes(curves.tagged("BIP0340/challenge", b32(commitment[0]), key, message), "big")
    return key, b32(commitment[0]) + b32((nonce + challenge * secret) % curve.n)


def schnorr_rows():
    rows = []
    for i, length in enumerate((32, 32, 0, 1, 17, 63, 64, 65, 100, 300)):
        message = hashlib.shake_256(f"message {i}".encode()).digest(length)
        key, signature = schnorr_sign((1, SECP256K1.n - 1)[i] if i < 2 else number(f"schnorr {i}") % SECP256K1.n, message, f"n{i}")
        rows.append((key, message, signature, ACCEPTED))
        if length == 32:
            assert coincurve.PublicKeyXOnly(key).verify(signature, message)
    key, message, signature, _ = rows[0]
    rows += [
        # rejected: r of p; s of n; a key whose x has no point; the negated nonce point (odd y)
        (key, message, b32(SECP256K1.p) + signature[32:], "non-canonical-encoding"),
        (key, message, signature[:32] + b32(SECP256K1.n), "scalar-out-of-range"),
        (b32(next(x for x in range(1, 99) if not SECP256K1.lift(x, 0))), message, signature, "public-key-invalid"),
        (key, message, signature[:32] + b32(SECP256K1.n - int.from_bytes(signature[32:], "big")), "signature-mismatch"),
    ]
    for key, message, signature, expected in rows:
        assert curves.schnorr_verdict(key, message, signature) == expected
    return rows


# Ed25519


def ed25519_rows():
    """One list for all semantics: ordinary rows, then small-order, mixed-order and non-canonical ones that some accept."""
    rows = []
    for i, length in enumerate((0, 1, 64, 111, 112, 200)):
        secret = ed25519.Ed25519PrivateKey.from_private_bytes(b32(number(f"ed25519 {i}")))
        message = hashlib.shake_256(f"ed25519 message {i}".encode()).digest(length)
        rows.append((secret.public_key().public_bytes_raw(), message, secret.sign(message)))
    torsion = curves.ed_torsion()
    identity, order2, order4, order8 = torsion[0], torsion[4], torsion[2], torsion[1]
    secret = number("mixed order") % curves.L
    mixed = curves.ed_add(curves.ed_multiply(secret, curves.ED_BASE), order8)
    plus_p = lambda point, sign: (point[1] + curves.P | sign << 255).to_bytes(32, "little")
    # key, its discrete logarithm, torsion added to R, how R is encoded, and whether the equation holds without the cofactor
    for key, logarithm, added, encode, exact in (
        (curves.ed_encode(order8), 0, identity, curves.ed_encode, True),
        (curves.ed_encode(order8), 0, identity, curves.ed_encode, False),
        (curves.ed_encode(order4), 0, order4, curves.ed_encode, True),
        (plus_p(identity, 0), 0, identity, curves.ed_encode, True),
        (plus_p(identity, 1), 0, order2, curves.ed_encode, False),
        (curves.ed_encode(mixed), secret, identity, curves.ed_encode, True),
        (curves.ed_encode(mixed), secret, order8, curves.ed_encode, True),
        (curves.ed_encode(mixed), secret, identity, curves.ed_encode, False),
    ):
        nonce = number(f"nonce {len(rows)}") % curves.L
        commitment = encode(curves.ed_add(curves.ed_multiply(nonce, curves.ED_BASE), added))
        for attempt in range(10_000):  # a message whose challenge cancels the torsion, or does not
            message = f"attempt {attempt}".encode()
            k = curves.ed_challenge(commitment, key, message)
            signature = commitment + ((nonce + k * logarithm) % curves.L).to_bytes(32, "little")
            if (curves.ed25519_verdict("rfc8032", key, message, signature) == ACCEPTED) == exact:
                break
        rows.append((key, message, signature))
    # small-order R: S = k a + 0; canonical identity, and its non-canonical encoding, which only ZIP 215 takes
    key = curves.ed_encode(curves.ed_multiply(secret, curves.ED_BASE))
    for commitment in (curves.ed_encode(identity), plus_p(identity, 0), plus_p(identity, 1)):
        k = curves.ed_challenge(commitment, key, b"small R")
        rows.append((key, b"small R", commitment + (k * secret % curves.L).to_bytes(32, "little")))
    # rejected by all: S + L; a key that is no point; an R that is no point
    key, message, signature = rows[0]
    undecodable = next(b for b in (bytes([y]) + bytes(31) for y in range(2, 99)) if curves.ed_decode(b) is None)
    s = int.from_bytes(signature[32:], "little")
    rows += [
        (key, message, signature[:32] + (s + curves.L).to_bytes(32, "little")),
        (undecodable, message, signature), (key, message, undecodable + signature[32:]),
    ]
    for key, message, signature in rows[:6]:
        ed25519.Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        assert curves.ed25519_verdict("dalek-strict", key, message, signature) == ACCEPTED
    return rows


# the file


def fixed(value):
    return value


def counted(value):
    """A message: its length in four little-endian bytes, then the bytes."""
    return len(value).to_bytes(4, "little") + value


def section(operation, columns, rows):
    lines = [f"#define ASSAY_SEEDS_{operation} ~, 1", f"static const uint8_t assay_seeds_{operation}[] = {{"]
    for row in rows:
        data = b"".join(column(value) for column, value in zip(columns, row))
        for i in range(0, len(data), 30):
            lines.append("  " + ",".join(str(byte) for byte in data[i : i + 30]) + ",")
    return "\n".join(lines + ["};", ""])


def same(operation, as_operation):
    """An operation that starts from another one's rows."""
    return f"#define ASSAY_SEEDS_{operation} ~, 1\n#define assay_seeds_{operation} assay_seeds_{as_operation}\n"


def main():
    sections = []
    for curve, name in ((SECP256K1, "secp256k1"), (P256, "p256")):
        for rule in ("low_s", "any_s"):
            rows = ecdsa_rows(curve, name, rule == "low_s")
            check_ecdsa(curve, name, rule == "low_s", rows)
            sections.append(section(f"ecdsa_{name}_{rule}", (fixed, counted, fixed), rows))
    sections.append(section("ecdsa_secp256k1_recover", (fixed, fixed), recover_rows()))
    sections.append(section("schnorr_secp256k1", (fixed, counted, fixed), schnorr_rows()))
    rows = ed25519_rows()
    for semantics in ("rfc8032", "dalek_strict", "zip215"):
        sections.append(section(f"ed25519_{semantics}", (fixed, counted, fixed), rows))
    sections += [same(f"ed25519_{semantics}", "ed25519_rfc8032") for semantics in ("libsodium", "simd_0376")]
    header = "// Written by signatures.py; do not edit. Rows at the corners of the signature rules, most of them valid.\n"
    pathlib.Path(__file__).with_name("signatures.seed.h").write_text(header + "\n".join(sections))


if __name__ == "__main__":
    main()
