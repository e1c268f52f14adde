#!/usr/bin/env python3
"""Writes risk.seed.h: valid rows of exact_sum and exact_product. Accumulators are made with Python's exact integers."""
import pathlib
import random
import struct

random.seed(20261121)
LIMBS = 34


def doubles(values):
    return struct.pack(f"<{len(values)}d", *values)


def message(data):
    return struct.pack("<I", len(data)) + data


def accumulator(values):
    units = sum(int(mantissa) << (exponent + 1074) if exponent >= -1074 else 0 for mantissa, exponent in map(split, values))
    return (units % (1 << 64 * LIMBS)).to_bytes(8 * LIMBS, "little") + bytes(8)


def split(value):
    numerator, denominator = value.as_integer_ratio()
    return numerator, 1 - denominator.bit_length()


def number():
    return random.choice([1, -1]) * random.random() * 10.0 ** random.randint(-12, 12)


sums = []
for count in [0, 1, 2, 5, 17, 40]:
    values = [number() for _ in range(count)]
    sums.append((values, []))
    sums.append((values, [number() for _ in range(3)]))
sums.append(([1e308, 1e308, -1e308], []))
sums.append(([1e308, 1e308], []))
sums.append(([5e-324, -5e-324, 2.0**-1022, 1.0, 2.0**-53, 2.0**-53], []))
sums.append(([1.0, 2.0**-53], []))
sums.append(([1.0, 2.0**-53, 5e-324], []))
sums.append(([float("inf"), 1.0], []))
sums.append(([float("inf"), float("-inf")], []))
sum_rows = [message(doubles(v)) + message(accumulator(m) if m else b"") for v, m in sums]

terms = 5
right = [number() for _ in range(terms * 32)]
product_rows = []
for row in range(8):
    left = [number() for _ in range(terms)]
    if row == 5:
        left = [0.0] * terms
    if row == 6:
        left[2] = float("inf")
    if row == 7:
        left = [x * 1e300 for x in left]
    product_rows.append(message(doubles(left)) + message(doubles(right)))


def array(name, rows):
    data = b"".join(rows)
    lines = [", ".join(f"0x{byte:02x}" for byte in data[i : i + 20]) for i in range(0, len(data), 20)]
    body = ",\n  ".join(lines)
    return f"#define ASSAY_SEEDS_{name} ~, 1\nstatic const uint8_t assay_seeds_{name}[] = {{\n  {body}}};\n"


text = "// Valid rows of the risk operations. Made by risk.py; do not edit.\n\n"
text += array("exact_sum", sum_rows) + "\n" + array("exact_product", product_rows)
pathlib.Path(__file__).with_name("risk.seed.h").write_text(text)
