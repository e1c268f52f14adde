"""Makes coefficients.h: the polynomials of exp, expm1, log and the normal distribution, fitted with mpmath at 40 digits.

    python3 kernels/number/coefficients.py > kernels/number/coefficients.h

Each polynomial interpolates its function at Chebyshev points, and the script refuses to print one whose relative error,
measured with the coefficients as rounded to binary64, exceeds the bound stated beside it.
"""

from mpmath import cos, erf, erfc, exp, log, mp, mpf, pi, sin, sqrt

mp.dps = 40


def tail(d):
    """exp(d^2/2) N(-d), N the normal distribution; by its asymptotic series where exp would overflow the working precision."""
    if d < 14:
        return exp(d * d / 2) * erfc(d / sqrt(2)) / 2
    total = term = mpf(1)
    for n in range(1, 120):
        following = -term * (2 * n - 1) / (d * d)
        if abs(following) > abs(term) or abs(following) < mpf(10) ** -38:
            break
        term = following
        total += term
    return total / (d * sqrt(2 * pi))


def chebyshev_fit(function, low, high, degree):
    """Monomial coefficients of the polynomial that interpolates function at degree + 1 Chebyshev points."""
    n = degree + 1
    nodes = [cos(pi * (j + mpf(1) / 2) / n) for j in range(n)]
    values = [function((low + high) / 2 + (high - low) / 2 * t) for t in nodes]
    series = [2 * sum(v * cos(pi * i * (j + mpf(1) / 2) / n) for j, v in enumerate(values)) / n for i in range(n)]
    series[0] /= 2
    # Chebyshev polynomials in u = (2 x - low - high) / (high - low), expanded in powers of x.
    u = [-(low + high) / (high - low), 2 / (high - low)]
    times = lambda p, q: [
        sum(p[i] * q[k - i] for i in range(len(p)) if 0 <= k - i < len(q)) for k in range(len(p) + len(q) - 1)
    ]
    polynomials = [[mpf(1)], u]
    for _ in range(2, n):
        following = times([2 * x for x in u], polynomials[-1])
        for i, x in enumerate(polynomials[-2]):
            following[i] -= x
        polynomials.append(following)
    result = [mpf(0)] * n
    for c, p in zip(series, polynomials):
        for i, x in enumerate(p):
            result[i] += c * x
    return result


def show(name, about, function, low, high, degree, whole, bound, both=0):
    """Prints one table after checking whole(x, polynomial(x)) / whole(x, function(x)) - 1 against the bound.

    The first `both` coefficients are double-doubles, whose low parts are a table of their own."""
    fitted = chebyshev_fit(function, mpf(low), mpf(high), degree)
    coefficients = [float(c) for c in fitted]
    lows = [float(c - mpf(h)) for c, h in zip(fitted[:both], coefficients)]
    worst = mpf(0)
    for i in range(1, 2000):
        x = mpf(low) + (mpf(high) - mpf(low)) * i / 2000
        p = mpf(0)
        for k in reversed(range(degree + 1)):
            p = p * x + mpf(coefficients[k]) + (mpf(lows[k]) if k < both else 0)
        worst = max(worst, abs(whole(x, p) / whole(x, function(x)) - 1))
    assert worst < bound, (name, float(worst))
    print(f"\n// {about}\n// Relative error {float(worst):.1e} on [{float(low):.4g}, {float(high):.4g}].")
    table(name, coefficients)
    if both:
        table(name + "_low", lows)


def table(name, coefficients):
    print(f"TABLE({name}, {len(coefficients)}) = {{")
    for i in range(0, len(coefficients), 4):
        print("  " + ", ".join(c.hex() for c in coefficients[i : i + 4]) + ",")
    print("};")


def split(value, bits):
    """value = high + low, high with at most `bits` bits."""
    e = int(mp.floor(log(value, 2)))
    high = mp.floor(value * mpf(2) ** (bits - 1 - e)) * mpf(2) ** (e + 1 - bits)
    return float(high).hex(), float(value - high).hex()


print("// Made by coefficients.py: polynomials of the own functions, and constants in two parts.")
print("#ifndef NUMBER_COEFFICIENTS_H\n#define NUMBER_COEFFICIENTS_H\n")
high, low = split(log(mpf(2)), 37)
print(f"#define NUMBER_LN2_HIGH {high}\n#define NUMBER_LN2_LOW {low}")
print(f"#define NUMBER_LOG2_E {float(1 / log(mpf(2))).hex()}")
for name, value in (("THIRD", mpf(1) / 3), ("FIFTH", mpf(1) / 5)):
    head = float(value)
    print(f"#define NUMBER_{name} {head.hex()}\n#define NUMBER_{name}_LOW {float(value - mpf(head)).hex()}")
head = float(1 / sqrt(2 * pi))
print(f"#define NUMBER_INVERSE_SQRT_2PI {head.hex()}")
print(f"#define NUMBER_INVERSE_SQRT_2PI_LOW {float(1 / sqrt(2 * pi) - mpf(head)).hex()}")

show("number_exp_table", "exp(r) = 1 + r + r^2 P(r)", lambda r: (exp(r) - 1 - r) / r**2 if r else mpf(1) / 2,
     "-0.3467", "0.3467", 9, lambda r, p: 1 + r + r * r * p, 3e-17)
show("number_expm1_table", "expm1(x) = x + x^2 P(x)", lambda x: (exp(x) - 1 - x) / x**2, "0", "0.6875", 10,
     lambda x, p: x + x * x * p, 1e-17)
show("number_log_table", "atanh(s) = s (1 + z (1/3 + z (1/5 + z P(z)))), z = s^2",
     lambda z: sum(z**n / (2 * n + 7) for n in range(40)), "0", "0.02945", 7, lambda z, p: p, 1e-16)
show("number_half_erf_table", "N(d) - 1/2 = d P(d^2), N the normal distribution",
     lambda y: erf(sqrt(y / 2)) / (2 * sqrt(y)), "1e-30", "0.5625", 8, lambda y, p: p, 1e-16)
show("number_sine_table", "sin(y) = y + y z P(z), z = y^2, up to y = pi/2",
     lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, "1e-24", "2.4675", 8, lambda z, p: p, 1e-16)
show("number_cosine_table", "cos(y) = 1 - z/2 + z^2 P(z), z = y^2, up to y = pi/2",
     lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, "1e-16", "2.4675", 8, lambda z, p: p, 1e-16)
# tau = (d - ZERO) / (d + POLE), -1 at d = LEAST; and back. Y (d + SHIFT) has COUNT coefficients. As in normal_tail.h.
LEAST, POLE, SHIFT, COUNT = mpf(-23) / 32, mpf(6), mpf(5) / 2, 27
ZERO = POLE + 2 * LEAST
place = lambda t: (ZERO + POLE * t) / (1 - t)
ENDLESS = 1 - mpf(10) ** -30

print(f"\n#define NUMBER_TAIL_COUNT {COUNT}")
show("number_tail_table", "exp(d^2/2) N(-d) = P(tau) / (d + 5/2), tau = (d - 73/16) / (d + 6), d >= -23/32",
     lambda t: (place(t) + SHIFT) * tail(place(t)) if t < ENDLESS else 1 / sqrt(2 * pi), "-1", "1", COUNT - 1,
     lambda t, p: p, 6e-17)


def integral(t):
    """(d + 3/2)^2 (1 - sqrt(2 pi) d exp(d^2/2) N(-d)), by its asymptotic series where the difference would cancel."""
    if t > ENDLESS:
        return mpf(1)
    d = place(t)
    if d < 14:
        return (d + mpf(3) / 2) ** 2 * (1 - sqrt(2 * pi) * d * tail(d))
    total, term = mpf(0), mpf(1)
    for n in range(1, 120):
        term *= -mpf(2 * n - 1) / (d * d)
        if abs(term) < mpf(10) ** -38:
            break
        total -= term
    return (d + mpf(3) / 2) ** 2 * total


show("number_integral_table", "1 - sqrt(2 pi) d exp(d^2/2) N(-d) = P(tau) / (d + 3/2)^2, tau as above", integral, "-1", "1",
     27, lambda t, p: p, 3e-16)

# exp and the tail for double-double arguments. The steps of their Horner schemes add a product to a coefficient at least as large,
# and twice as large where their signs differ, which is what number_dd_step needs; x^7 of the near one, which is 2^-18 of the
# value, misses that a little near d = 4.
show("number_exp_dd_table", "exp(r)", exp, "-0.3467", "0.3467", 16, lambda r, p: p, 1e-24, 8)
for name, domain, top in (("near", "d < 4", 3), ("far", "d >= 4", 1)):
    place = lambda x: 16 / (top - x) - 4
    show(f"number_tail_dd_{name}_table", f"exp(d^2/2) N(-d) = w P({top} - w), w = 16 / (d + 4), {domain}",
         lambda x: tail(place(x)) / (top - x) if x < ENDLESS or top > 1 else 1 / sqrt(2 * pi) / 16, "-1", "1", 24,
         lambda x, p: p, 1e-23, 10)
print("\n#endif")
