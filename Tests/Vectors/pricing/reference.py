"""Fresh reference rows for the pricing kernels: price and every measure at 60 digits, by mpmath.

    python3 reference.py MODEL ROWS_PER_REGIME [SEED] > rows.csv      MODEL: black-scholes, black-76, inverse, bachelier
    python3 reference.py MODEL check                                  compares the closed forms with numerical derivatives
    python3 reference.py MODEL cases > reference-MODEL.csv            the rows that AccuracyTests reads

Inputs are written as C99 hexadecimal doubles, so they are exactly those that a kernel reads; results with 30 digits.
The black-scholes columns begin like those of ../shared/vectors/pricing/reference_bsm_mp60.csv.
"""

import random
import sys

from mpmath import diff, erfc, exp, inf, log, mp, mpf, nstr, pi, sqrt

mp.dps = 60

N = lambda d: erfc(-d / sqrt(2)) / 2
phi = lambda d: exp(-d * d / 2) / sqrt(2 * pi)


def black_scholes_price(cp, S, K, T, r, q, sigma):
    v = sigma * sqrt(T)
    d1 = (log(S / K) + (r - q) * T) / v + v / 2
    return cp * (S * exp(-q * T) * N(cp * d1) - K * exp(-r * T) * N(cp * (d1 - v)))


def black_scholes(cp, S, K, T, r, q, sigma):
    v = sigma * sqrt(T)
    d1 = (log(S / K) + (r - q) * T) / v + v / 2
    d2 = d1 - v
    spot, strike = S * exp(-q * T), K * exp(-r * T)
    n1, n2 = N(cp * d1), N(cp * d2)
    density = spot * phi(d1)
    gamma, vega = density / (S * S * v), density * sqrt(T)
    slope = (r - q) / v - d2 / (2 * T)
    P = d1 * d2
    return {
        "price": cp * (spot * n1 - strike * n2),
        "delta": cp * exp(-q * T) * n1,
        "gamma": gamma,
        "vega": vega,
        "theta": -density * sigma / (2 * sqrt(T)) + cp * (q * spot * n1 - r * strike * n2),
        "rho": cp * T * strike * n2,
        "dividendRho": -cp * T * spot * n1,
        "vanna": -density / S * d2 / sigma,
        "volga": vega * P / sigma,
        "charm": cp * q * exp(-q * T) * n1 - density / S * slope,
        "speed": -gamma / S * (d1 / v + 1),
        "zomma": gamma * (P - 1) / sigma,
        "color": gamma * (q + 1 / (2 * T) + d1 * slope),
        "veta": vega * (q + d1 * slope - 1 / (2 * T)),
        "ultima": -vega / sigma**2 * (P * (1 - P) + d1 * d1 + d2 * d2),
        "dualDelta": -cp * exp(-r * T) * n2,
        "dualGamma": density / (K * K * v),
    }


def black_76(cp, F, K, T, r, sigma):
    result = black_scholes(cp, F, K, T, r, r, sigma)
    result["rho"] = -T * result["price"]
    del result["dividendRho"]
    return result


def inverse(cp, F, K, T, sigma):
    b = black_scholes(cp, F, K, T, mpf(0), mpf(0), sigma)
    # delta - price, which would cancel far beyond 60 digits at large volatility.
    net = -b["dualDelta"] * K / F
    return {
        **{m: b[m] for m in ("delta", "gamma", "vega", "theta", "rho")},
        "price": b["price"] / F,
        "netDelta": net,
        "coinDelta": net / F,
        "coinGamma": b["gamma"] / F - 2 * net / F**2,
        "coinVega": b["vega"] / F,
        "coinTheta": b["theta"] / F,
    }


def bachelier_price(cp, F, K, T, r, sigma):
    s = sigma * sqrt(T)
    d = (F - K) / s
    return exp(-r * T) * (cp * (F - K) * N(cp * d) + s * phi(d))


def bachelier(cp, F, K, T, r, sigma):
    s = sigma * sqrt(T)
    d = (F - K) / s
    discount = exp(-r * T)
    price = bachelier_price(cp, F, K, T, r, sigma)
    density = discount * phi(d)
    return {
        "price": price,
        "delta": cp * discount * N(cp * d),
        "gamma": density / s,
        "vega": density * sqrt(T),
        "theta": r * price - density * sigma / (2 * sqrt(T)),
        "rho": -T * price,
        "vanna": -density * d / sigma,
        "volga": density * sqrt(T) * d * d / sigma,
        "charm": r * cp * discount * N(cp * d) + density * d / (2 * T),
        "speed": -density * d / s**2,
        "zomma": density / s * (d * d - 1) / sigma,
        "dualDelta": -cp * discount * N(cp * d),
    }


U = random.uniform


def market(sd=None, T=None, sigma=None, r=None, q=None):
    """A row of a book: spot, and a strike so many deviations from the forward."""
    S = U(50, 150)
    T = U(0.01, 2.5) if T is None else T
    sigma = U(0.05, 0.8) if sigma is None else sigma
    r = U(-0.01, 0.06) if r is None else r
    q = U(0, 0.04) if q is None else q
    v = sigma * T**0.5
    cp = random.choice((1, -1))
    K = S * U(0.6, 1.5) if sd is None else float(S * exp((r - q) * T + cp * sd * v))
    return cp, S, K, T, r, q, sigma


REGIMES = {
    "A market": lambda: market(),
    "B 0DTE nearATM": lambda: market(sd=U(-3, 3), T=10 ** U(-5.5, -2.5), sigma=U(0.05, 1.5)),
    "C2 OTM 4-8sd": lambda: market(sd=U(4, 8)),
    "C deep OTM 8-37sd": lambda: market(sd=U(8, 36.5), T=U(0.01, 0.5), sigma=U(0.05, 0.5)),
    "D deep ITM 4-20sd": lambda: market(sd=U(-20, -4), T=U(0.01, 0.5), sigma=U(0.05, 0.5)),
    "E tiny vol OTM": lambda: market(sd=U(0, 8), sigma=10 ** U(-6, -2)),
    "F huge vol": lambda: market(sigma=U(2, 20)),
    "G 30y neg rate": lambda: market(T=U(10, 30), r=U(-0.02, 0.01), sigma=U(0.05, 0.5)),
}
MODELS = {
    "black-scholes": (black_scholes, ("S", "K", "T", "r", "q", "sigma")),
    "black-76": (black_76, ("S", "K", "T", "r", "sigma")),
    "inverse": (inverse, ("S", "K", "T", "sigma")),
    "bachelier": (bachelier, ("S", "K", "T", "r", "sigma")),
}


def row(model, make):
    """One row's inputs as binary64 numbers; without rate or yield the regimes keep their shape in the forward."""
    cp, S, K, T, r, q, sigma = make()
    if model != "black-scholes":
        S = float(S * exp((r - q) * T))
    if model == "bachelier":
        # The same distances in deviations, about a forward that may be negative.
        v, shift = sigma * T**0.5, U(-100, 100)
        S, K = S - shift, float(S - shift - S * log(S / K)) if v < 2 else K - shift
        sigma = sigma * 100
    return cp, {"S": S, "K": K, "T": T, "r": r, "q": q, "sigma": sigma}


def priced(model, make):
    """A row with a price above 1e-300, and its measures."""
    function, names = MODELS[model]
    while True:
        cp, inputs = row(model, make)
        values = function(cp, *(mpf(inputs[n]) for n in names))
        if abs(values["price"]) > mpf(10) ** -300:
            return cp, inputs, values


def write(model, regime, cp, inputs, values, digits):
    numbers = [inputs[n].hex() for n in MODELS[model][1]] + [nstr(values[m], digits) for m in header(values)]
    print(",".join([regime, str(cp)] + numbers))


def header(values):
    return ["price"] + [m for m in values if m != "price"]


def title(model):
    values = priced(model, REGIMES["A market"])[2]
    print(",".join(["regime", "cp"] + [n + "_hex" for n in MODELS[model][1]] + header(values)))


def emit(model, count, seed, digits=30):
    random.seed(seed)
    title(model)
    random.seed(seed)
    for regime, make in REGIMES.items():
        for _ in range(count):
            write(model, regime, *priced(model, make), digits)


def cancels(values, inputs):
    """Whether a measure that is a difference is a 100th of a term of it, or less: the terms by the measures beside them."""
    T, sigma, S = (mpf(inputs[n]) for n in ("T", "sigma", "S"))
    pairs = {"theta": "vega", "charm": "vanna", "coinGamma": "gamma", "zomma": "gamma"}
    scale = {"theta": sigma / (2 * T), "charm": sigma / (2 * T), "coinGamma": 1 / S, "zomma": 1 / sigma}
    return any(abs(values[m]) < abs(values[o]) * scale[m] / 100 for m, o in pairs.items() if m in values and o in values)


def cases(model, count=16, cancelling=32):
    """Rows for a test: fresh ones of every regime, and some whose terms nearly cancel."""
    emit(model, count, 1, 20)
    places = [regime for regime in REGIMES if regime[0] in "ABDEFG"]
    while cancelling:
        regime = random.choice(places)
        found = priced(model, REGIMES[regime])
        if cancels(found[2], found[1]):
            write(model, regime[0] + " cancelling", *found, 20)
            cancelling -= 1


def check():
    """Every closed form against mpmath's numerical derivatives of the price."""
    random.seed(1)
    mp.dps = 90
    z = (0,) * 6
    at = lambda **o: tuple(o.get(n, 0) for n in ("S", "K", "T", "r", "q", "sigma"))
    orders = {
        "delta": (1, at(S=1)), "gamma": (1, at(S=2)), "vega": (1, at(sigma=1)), "theta": (-1, at(T=1)), "rho": (1, at(r=1)),
        "dividendRho": (1, at(q=1)), "vanna": (1, at(S=1, sigma=1)), "volga": (1, at(sigma=2)), "charm": (-1, at(S=1, T=1)),
        "speed": (1, at(S=3)), "zomma": (1, at(S=2, sigma=1)), "color": (-1, at(S=2, T=1)), "veta": (-1, at(sigma=1, T=1)),
        "ultima": (1, at(sigma=3)), "dualDelta": (1, at(K=1)), "dualGamma": (1, at(K=2)),
        "coinDelta": (1, at(S=1)), "coinGamma": (1, at(S=2)), "coinVega": (1, at(sigma=1)), "coinTheta": (-1, at(T=1)),
    }
    prices = {
        "black-scholes": black_scholes_price,
        "black-76": lambda cp, S, K, T, r, q, s: black_scholes_price(cp, S, K, T, r, r, s),
        "inverse": lambda cp, S, K, T, r, q, s: black_scholes_price(cp, S, K, T, mpf(0), mpf(0), s) / S,
        "bachelier": lambda cp, S, K, T, r, q, s: bachelier_price(cp, S, K, T, r, s),
    }
    for model, (function, names) in MODELS.items():
        for _ in range(3):
            cp, inputs = row(model, market)
            inputs = {n: mpf(x) for n, x in inputs.items()}
            values = function(cp, *(inputs[n] for n in names))
            if model == "inverse":
                assert abs((values["delta"] - values["price"]) / values["netDelta"] - 1) < mpf(10) ** -15, values
            for measure, (sign, order) in orders.items():
                if measure not in values or (model == "inverse" and not measure.startswith("coin")):
                    continue
                numeric = sign * diff(lambda *a: prices[model](cp, *a), tuple(inputs.values()), order)
                assert abs(numeric / values[measure] - 1) < mpf(10) ** -15, (model, measure, numeric, values[measure])
        print(model, "agrees")


if __name__ == "__main__":
    if sys.argv[2] == "check":
        check()
    elif sys.argv[2] == "cases":
        cases(sys.argv[1])
    else:
        emit(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
