"""The number theory that the pairing kernels rest on, checked with Python's integers; and that generated headers are current."""
import math
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.path.insert(0, ROOT + "/kernels/field")
import constants  # noqa: E402


def norm(coefficients, trace, product):
    """Norm of f(X) in Z[X] / (X^2 - trace X + product), coefficients constant first."""
    a = b = 0
    for c in reversed(coefficients):
        a, b = c - b * product, a + b * trace
    return a * a + a * b * trace + b * b * product


def shortest(n, lam):
    """The shorter vector of a reduced basis of {(a, b): a + b lambda = 0 mod n} (Lagrange and Gauss)."""
    u, v = (n, 0), (-lam % n, 1)
    dot = lambda p, q: p[0] * q[0] + p[1] * q[1]
    while True:
        if dot(u, u) > dot(v, v):
            u, v = v, u
        k = (2 * dot(u, v) + dot(u, u)) // (2 * dot(u, u))
        if k == 0:
            return u
        v = (v[0] - k * u[0], v[1] - k * u[1])


def main():
    x = 4965661367192848881
    p = 36 * x**4 + 36 * x**3 + 24 * x**2 + 6 * x + 1
    r = 36 * x**4 + 36 * x**3 + 18 * x**2 + 6 * x + 1
    trace, twist_order = 6 * x * x + 1, (2 * p - r) * r
    # BN254: (6 x + 2) Q + psi(Q) - psi^2(Q) + psi^3(Q) = 0 only in the subgroup.
    assert math.gcd(norm([6 * x + 2, 1, -1, 1], trace, p), twist_order) == r
    # The final exponentiation's exponent is a multiple, prime to r, of the true one.
    exponent = (12 * x**3 + 12 * x**2 + 6 * x + 1) + p * (12 * x**3 + 6 * x**2 + 4 * x)
    exponent += p**2 * (12 * x**3 + 6 * x**2 + 6 * x) + p**3 * (12 * x**3 + 6 * x**2 + 4 * x - 1)
    hard = (p**4 - p**2 + 1) // r
    assert exponent % hard == 0 and math.gcd(exponent // hard, r) == 1
    # Factors a + b lambda with halves below 2^64 are all different: every nonzero vector of the lattice is longer than the
    # difference of two factors, whose length is below 2^64.5.
    for lam in constants.cube_root(r):
        v = shortest(r, lam)
        assert v[0] ** 2 + v[1] ** 2 > 2**130

    z = -0xD201000000010000
    s = z**4 - z**2 + 1
    q = (z - 1) ** 2 * s // 3 + z
    h1 = (z - 1) ** 2 // 3
    h2 = (z**8 - 4 * z**7 + 5 * z**6 - 4 * z**4 + 6 * z**3 - 4 * z**2 - 4 * z + 13) // 9
    assert math.gcd(norm([z * z, 1], -1, 1), h1 * s) == s  # phi(P) = -z^2 P
    assert math.gcd(norm([-z, 1], z + 1, q), h2 * s) == s  # psi(Q) = z Q
    assert 3 * ((q**4 - q**2 + 1) // s) == (z - 1) ** 2 * (z + q) * (z * z + q * q - 1) + 3
    v = shortest(s, -z * z % s)
    assert v[0] ** 2 + v[1] ** 2 > 2**130
    subprocess.check_call([sys.executable, ROOT + "/kernels/field/constants.py", "--check"])
    print("constants: all identities hold, generated headers are current")


if __name__ == "__main__":
    main()
