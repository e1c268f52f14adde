#!/usr/bin/env python3
"""Writes ed25519_base_table.h beside itself: the odd multiples 1, 3, ... 127 of Ed25519's base point."""
import pathlib
import sys

here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent / "operations/seeds"))
sys.dont_write_bytecode = True
import curves  # noqa: E402


def limbs(value):
    return "{{" + ", ".join(hex(value % curves.P >> 51 * i & 2**51 - 1) for i in range(5)) + "}}"


lines = [
    "// Written by ed25519_base_table.py; do not edit. Odd multiples 1, 3, ... 127 of the base point: y + x, y - x, 2 d x y.",
    "static const ed25519_affine ed25519_base_table[64] = {",
]
double = curves.ed_add(curves.ED_BASE, curves.ED_BASE)
point = curves.ED_BASE
for _ in range(64):
    x, y = point
    lines.append(f"  {{{limbs(y + x)},\n   {limbs(y - x)},\n   {limbs(2 * curves.D * x * y)}}},")
    point = curves.ed_add(point, double)
(here / "ed25519_base_table.h").write_text("\n".join(lines + ["};", ""]))
