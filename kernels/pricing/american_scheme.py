"""Makes american_scheme.h: the nodes and weights of the spectral collocation in american_boundary.h, with mpmath at 40 digits.

    python3 kernels/pricing/american_scheme.py > kernels/pricing/american_scheme.h

A scheme has `nodes` Chebyshev extrema in time, `inner` Gauss-Legendre points of the boundary's integrals, `sweeps` of the fixed
point, `again` sweeps from a boundary nearby, and `outer` points of the premium's integral.
"""

from mpmath import cos, legendre, mp, mpf, pi, sin, sqrt

mp.dps = 40
SCHEMES = (("fast", 12, 8, 6, 4, 20), ("standard", 16, 12, 8, 6, 28), ("high", 36, 28, 32, 16, 64))


def gauss_legendre(count):
    """Nodes and weights on [0, 1], ascending."""
    rows = []
    for i in range(count):
        x = -cos(pi * (i + mpf(3) / 4) / (count + mpf(1) / 2))
        for _ in range(12):
            p, before = legendre(count, x), legendre(count - 1, x)
            slope = count * (x * p - before) / (x * x - 1)
            x -= p / slope
        rows.append(((x + 1) / 2, 1 / ((1 - x * x) * slope * slope)))
    return rows


def table(name, values):
    print(f"TABLE({name}, {len(values)}) = {{")
    numbers = [float(mp.chop(v, mpf(10) ** -30)).hex() for v in values]
    for i in range(0, len(numbers), 4):
        print("  " + ", ".join(numbers[i : i + 4]) + ",")
    print("};")


def scheme(nodes, inner, outer):
    """Columns one after the other; american_boundary.h reads them through the offsets that AMERICAN_* name."""
    y = [(1 + cos(pi * i / nodes)) / 2 for i in range(nodes)]
    columns = [y, [v**2 for v in y], [v**4 for v in y], [cos(pi * i / nodes) for i in range(2 * nodes)]]
    points = [(x * pi / 2, w * pi / 2) for x, w in gauss_legendre(inner)]
    # 4 sqrt(sin t); sin^2, cos, 1 / cos, cos^2; and the weight 2 w sin t cos t.
    columns += [[4 * sqrt(sin(t)) for t, _ in points], [sin(t) ** 2 for t, _ in points], [cos(t) for t, _ in points]]
    columns += [[1 / cos(t) for t, _ in points], [cos(t) ** 2 for t, _ in points]]
    columns += [[2 * w * sin(t) * cos(t) for t, w in points]]
    points = gauss_legendre(outer)
    columns += [[x for x, _ in points], [w for _, w in points]]
    return [v for column in columns for v in column]


print("// Made by american_scheme.py: nodes and weights of the American options' collocation, a flat table for each accuracy.")
print("#ifndef PRICING_AMERICAN_SCHEME_H\n#define PRICING_AMERICAN_SCHEME_H\n")
print(f"#define AMERICAN_MOST_NODES {max(s[1] for s in SCHEMES)}")
print(f"#define AMERICAN_MOST_POINTS {max(s[1] * s[2] for s in SCHEMES)}\n")
for name, nodes, inner, sweeps, again, outer in SCHEMES:
    assert inner % 4 == 0 and outer % 4 == 0
    print(f"// {nodes} nodes, {inner} inner points, {sweeps} sweeps and {again} again, {outer} outer points.")
    print(f"#define AMERICAN_{name.upper()} {{american_{name}_table, {nodes}, {inner}, {sweeps}, {again}, {outer}}}")
    table(f"american_{name}_table", scheme(nodes, inner, outer))
    print()
print("#endif")
