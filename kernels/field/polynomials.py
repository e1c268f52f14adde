"""Polynomials over a prime field as lists of coefficients, constant first; enough to find an isogeny's kernel."""


def trim(a):
    while a and a[-1] == 0:
        a.pop()
    return a


def multiply(p, a, b):
    if not a or not b:
        return []
    t = [0] * (len(a) + len(b) - 1)
    for i, u in enumerate(a):
        for j, v in enumerate(b):
            t[i + j] += u * v
    return trim([c % p for c in t])


def product(p, *factors):
    t = [1]
    for factor in factors:
        t = multiply(p, t, factor)
    return t


def subtract(p, a, b):
    n = max(len(a), len(b))
    pad = lambda c: c + [0] * (n - len(c))
    return trim([(u - v) % p for u, v in zip(pad(a), pad(b))])


def remainder(p, a, m):
    a, inverse = list(a), pow(m[-1], -1, p)
    while len(a) >= len(m):
        c, offset = a[-1] * inverse % p, len(a) - len(m)
        for k, v in enumerate(m):
            a[offset + k] = (a[offset + k] - c * v) % p
        a.pop()
    return trim(a)


def gcd(p, a, b):
    while b:
        a, b = b, remainder(p, a, b)
    inverse = pow(a[-1], -1, p)
    return [c * inverse % p for c in a]


def power(p, base, exponent, m):
    r = [1]
    for digit in bin(exponent)[2:]:
        r = remainder(p, multiply(p, r, r), m)
        if digit == "1":
            r = remainder(p, multiply(p, r, base), m)
    return r


def division_polynomial(p, a, b, n, known=None):
    """psi_n of y^2 = x^3 + a x + b, without its factor 2 y for even n (Silverman, exercise 3.7)."""
    known = {} if known is None else known
    if n not in known:
        four_f = [4 * b % p, 4 * a % p, 0, 4]
        psi = lambda k: division_polynomial(p, a, b, k, known)
        m = n // 2
        if n < 5:
            known[n] = {
                0: [], 1: [1], 2: [1], 3: [-a * a % p, 12 * b % p, 6 * a % p, 0, 3],
                4: [2 * c % p for c in (-8 * b * b - a**3, -4 * a * b, -5 * a * a, 20 * b, 5 * a, 0, 1)],
            }[n]
        elif n % 2:
            squared = [product(p, four_f, four_f), [1]]
            known[n] = subtract(
                p, product(p, squared[m % 2], psi(m + 2), psi(m), psi(m), psi(m)),
                product(p, squared[1 - m % 2], psi(m - 1), psi(m + 1), psi(m + 1), psi(m + 1)))
        else:
            known[n] = multiply(p, psi(m), subtract(
                p, product(p, psi(m + 2), psi(m - 1), psi(m - 1)), product(p, psi(m - 2), psi(m + 1), psi(m + 1))))
    return known[n]


def rational_kernel(p, a, b, degree):
    """The monic polynomial whose roots are the x in Fp of points of order `degree`."""
    psi = division_polynomial(p, a, b, degree)
    return gcd(p, psi, subtract(p, power(p, [0, 1], p, psi), [0, 1]))
