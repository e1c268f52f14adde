#!/usr/bin/env python3
"""Writes margin.seed.h: rows of the 18-decimal operations that their contracts accept, and the bounds where they revert."""
import pathlib
import random
import struct

random.seed(20261130)
UNIT = 10**18


def word(x):
    return (x % (1 << 256)).to_bytes(32, "big")


def number(low, high):
    """A number of any size between two powers of ten, 18 decimals."""
    return int(10 ** random.uniform(low, high) * UNIT)


def array(name, rows):
    data = b"".join(rows)
    lines = [", ".join(f"0x{byte:02x}" for byte in data[i : i + 20]) for i in range(0, len(data), 20)]
    body = ",\n  ".join(lines)
    return f"#define ASSAY_SEEDS_{name} ~, 1\nstatic const uint8_t assay_seeds_{name}[] = {{\n  {body}}};\n"


ln = [1, 2, UNIT - 1, UNIT, UNIT + 1, (1 << 255) - 1, 0, -1] + [number(-17, 40) for _ in range(24)]
exp = [0, 1, -1, UNIT, -UNIT, -42139678854452767551, -42139678854452767550, 135305999368893231588, 135305999368893231589]
exp += [random.randint(-43 * UNIT, 136 * UNIT) for _ in range(24)]
sqrt = [0, 1, UNIT, (1 << 256) // UNIT, (1 << 256) // UNIT + 1, (1 << 128) - 1, 1 << 64] + [number(-17, 50) for _ in range(24)]
normal = [0, 1, -1, 37 * UNIT, 37 * UNIT + 1, -37 * UNIT, 7071067811865475000, 7071067811865474000, -(1 << 255), 1 << 254]
normal += [random.randint(-38 * UNIT, 38 * UNIT) for _ in range(12)] + [random.randint(-8 * UNIT, 8 * UNIT) for _ in range(12)]
power = [(UNIT, UNIT), (0, UNIT), (30 * UNIT, (1 << 255) - 1)] + [(number(-3, 4), random.randint(-2 * UNIT, 2 * UNIT)) for _ in range(16)]
black_76 = []
for _ in range(40):
    forward = number(1, 5)
    strike = int(forward * random.lognormvariate(0, 0.6))
    seconds = random.choice([0, 1, 60, 3600, 86400, 2592000, 31536000, 3 * 31536000])
    black_76.append((seconds, random.randint(UNIT // 2, UNIT), random.randint(0, 2 * UNIT), forward, strike))
black_76 += [(86400, UNIT, UNIT, 0, UNIT), (86400, UNIT, UNIT, UNIT, 0), (86400, UNIT, 0, UNIT, UNIT), (0, UNIT, UNIT, UNIT, 2 * UNIT)]
black_76 += [(2**64 - 1, 2**64 - 1, 2**128 - 1, 2**128 - 1, 1), (1, UNIT, 2**128, UNIT, UNIT), (31536000, UNIT, 24 * UNIT, UNIT, 2 * UNIT)]
svi = []
for _ in range(24):
    forward = number(1, 5)
    strike = int(forward * random.lognormvariate(0, 0.8))
    tau = number(-3, 0.5)
    a, b, sigma = number(-3, -1), number(-2, 0), number(-2, 0)
    svi.append((strike, a, b, random.randint(-UNIT + 1, UNIT - 1), random.randint(-UNIT // 2, UNIT // 2), sigma, forward, tau))
svi += [(0, 1, 1, 1, 1, 1, UNIT, UNIT), (UNIT, -UNIT, 1, 0, 0, 1, UNIT, UNIT), (UNIT, UNIT, UNIT, 0, 0, UNIT, 0, UNIT)]
svi += [(UNIT, UNIT, UNIT, 0, 0, UNIT, UNIT, 0), (2**127, UNIT, UNIT, 0, 0, UNIT, UNIT, UNIT), (1, UNIT, 2**126, 2**126, 0, 2**126, 2**126, 1)]

text = "// Valid rows of the 18-decimal operations. Made by margin.py; do not edit.\n\n"
text += "\n".join(
    [array(f"evm18_{name}", [word(x) for x in rows]) for name, rows in
     [("ln", ln), ("exp", exp), ("sqrt", sqrt), ("normal_cdf", normal), ("normal_density", normal)]]
    + [array("evm18_power", [word(a) + word(b) for a, b in power])]
    + [array("evm18_black_76", [struct.pack("<QQ", s, d) + word(v) + word(f) + word(k) for s, d, v, f, k in black_76])]
    + [array("evm18_svi_volatility", [b"".join(map(word, row)) for row in svi])]
)
pathlib.Path(__file__).with_name("margin.seed.h").write_text(text)
