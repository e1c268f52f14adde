"""The Python peers on the same kind of book: price, price + 5 Greeks, implied volatility. A peer that is not installed is named.

    python peers.py        needs numpy and scipy; numba, jax, vollib, polars_vol, fast_vollib where installed

Processor time of the process, best and median of several runs, one thread (the run script pins the process to one core).
"""

import math
import os
import time

os.environ.update(OMP_NUM_THREADS="1", NUMBA_NUM_THREADS="1", XLA_FLAGS="--xla_cpu_multi_thread_eigen=false", JAX_ENABLE_X64="1",
                  POLARS_MAX_THREADS="1", RAYON_NUM_THREADS="1")

import numpy as np
from scipy.special import ndtr

ROWS = 1_000_000
CHUNK = 4096
random = np.random.default_rng(42)
S = 50 + 100 * random.random(ROWS)
K = S * (0.6 + 0.9 * random.random(ROWS))
T = 0.01 + 2.5 * random.random(ROWS)
r = -0.01 + 0.07 * random.random(ROWS)
q = 0.04 * random.random(ROWS)
sigma = 0.05 + 0.75 * random.random(ROWS)
sign = np.where(random.random(ROWS) < 0.5, 1.0, -1.0)


def report(name, rows, function, runs=5):
    function()
    times = []
    for _ in range(runs):
        start = time.process_time()
        function()
        times.append(time.process_time() - start)
    best, median = (rows / t * 1e-6 for t in (min(times), sorted(times)[runs // 2]))
    print(f"{name:<58} {best:9.3f} M/s, median {median:9.3f}", flush=True)


def textbook(np, ndtr, S, K, T, r, q, sigma, sign, greeks):
    root = np.sqrt(T)
    v = sigma * root
    d1 = (np.log(S / K) + (r - q) * T) / v + 0.5 * v
    d2 = d1 - v
    dq, dr = np.exp(-q * T), np.exp(-r * T)
    n1, n2 = ndtr(sign * d1), ndtr(sign * d2)
    price = sign * (S * dq * n1 - K * dr * n2)
    if not greeks:
        return (price,)
    density = np.exp(-0.5 * d1 * d1) * 0.3989422804014327
    return (price, sign * dq * n1, dq * density / (S * v), S * dq * density * root,
            -S * dq * density * sigma / (2 * root) + sign * (q * S * dq * n1 - r * K * dr * n2), sign * T * K * dr * n2)


def numpy_peer():
    for greeks in (False, True):
        def run():
            for i in range(0, ROWS, CHUNK):
                s = slice(i, i + CHUNK)
                textbook(np, ndtr, S[s], K[s], T[s], r[s], q[s], sigma[s], sign[s], greeks)
        report(f"numpy + scipy, chunks of {CHUNK}, " + ("price + 5 Greeks" if greeks else "price"), ROWS, run)


def numba_peer():
    import numba

    @numba.njit(fastmath=True)
    def kernel(S, K, T, r, q, sigma, sign, out, greeks):
        for i in range(S.shape[0]):
            root = math.sqrt(T[i])
            v = sigma[i] * root
            d1 = (math.log(S[i] / K[i]) + (r[i] - q[i]) * T[i]) / v + 0.5 * v
            d2 = d1 - v
            dq, dr = math.exp(-q[i] * T[i]), math.exp(-r[i] * T[i])
            n1, n2 = 0.5 * math.erfc(-sign[i] * d1 * 0.7071067811865476), 0.5 * math.erfc(-sign[i] * d2 * 0.7071067811865476)
            out[0, i] = sign[i] * (S[i] * dq * n1 - K[i] * dr * n2)
            if greeks:
                density = math.exp(-0.5 * d1 * d1) * 0.3989422804014327
                out[1, i] = sign[i] * dq * n1
                out[2, i] = dq * density / (S[i] * v)
                out[3, i] = S[i] * dq * density * root
                out[4, i] = -S[i] * dq * density * sigma[i] / (2 * root) + sign[i] * (q[i] * S[i] * dq * n1 - r[i] * K[i] * dr * n2)
                out[5, i] = sign[i] * T[i] * K[i] * dr * n2

    out = np.empty((6, ROWS))
    for greeks in (False, True):
        report("numba, own loop, " + ("price + 5 Greeks" if greeks else "price"), ROWS,
               lambda: kernel(S, K, T, r, q, sigma, sign, out, greeks))


def jax_peer():
    import jax
    import jax.numpy as jnp
    from jax.scipy.special import ndtr as jax_ndtr

    arrays = [jnp.asarray(a) for a in (S, K, T, r, q, sigma, sign)]
    for greeks in (False, True):
        f = jax.jit(lambda *a: textbook(jnp, jax_ndtr, *a, greeks))
        report("jax on CPU, jit, " + ("price + 5 Greeks" if greeks else "price"), ROWS,
               lambda: [x.block_until_ready() for x in f(*arrays)])


def vollib_peer():
    from py_vollib.black_scholes_merton import black_scholes_merton
    from py_vollib.black_scholes_merton.greeks import analytical as g
    from py_vollib.black_scholes_merton.implied_volatility import implied_volatility

    n = 500
    rows = [("c" if sign[i] > 0 else "p", S[i], K[i], T[i], r[i], sigma[i], q[i]) for i in range(n)]
    prices = [black_scholes_merton(*x) for x in rows]
    report("vollib, price", n, lambda: [black_scholes_merton(*x) for x in rows])
    report("vollib, price + 5 Greeks", n,
           lambda: [(black_scholes_merton(*x), g.delta(*x), g.gamma(*x), g.vega(*x), g.theta(*x), g.rho(*x)) for x in rows])
    report("vollib, implied volatility", n,
           lambda: [implied_volatility(p, x[1], x[2], x[3], x[4], x[6], x[0]) for p, x in zip(prices, rows)])


def fast_vollib_peer():
    import fast_vollib

    n = 100_000
    flag = np.where(sign[:n] > 0, "c", "p")
    price = np.asarray(fast_vollib.fast_black_scholes(flag, S[:n], K[:n], T[:n], r[:n], sigma[:n], return_as="numpy"))
    report("fast-vollib, price (no yield)", n,
           lambda: fast_vollib.fast_black_scholes(flag, S[:n], K[:n], T[:n], r[:n], sigma[:n], return_as="numpy"))
    report("fast-vollib, implied volatility (no yield)", n,
           lambda: fast_vollib.fast_implied_volatility(price, S[:n], K[:n], T[:n], r[:n], flag, return_as="numpy"))


def polars_vol_peer():
    import polars
    import polars_vol

    frame = polars.DataFrame({"K": K, "S": S, "v": sigma, "T": T, "r": r, "call": sign > 0})
    price = frame.select(p=polars_vol.black_scholes("K", "S", "v", "T", "r", "call"))
    frame = frame.with_columns(price["p"])
    report("polars-vol, price (no yield)", ROWS,
           lambda: frame.select(polars_vol.black_scholes("K", "S", "v", "T", "r", "call")))
    report("polars-vol, price + Greeks (no yield)", ROWS,
           lambda: frame.select(polars_vol.black_scholes_with_greeks("K", "S", "v", "T", "r", "call")))
    report("polars-vol, implied volatility (no yield)", ROWS,
           lambda: frame.select(polars_vol.implied_vol("p", "K", "S", "T", "r", "call")))


if __name__ == "__main__":
    for peer in (numpy_peer, numba_peer, jax_peer, vollib_peer, polars_vol_peer, fast_vollib_peer):
        try:
            peer()
        except Exception as error:  # a peer that is missing or of another version is named, and the others go on
            print(f"{peer.__name__}: not measured: {type(error).__name__}: {error}", flush=True)
