"""What a desk's positions and scenarios are worth, by mpmath at 40 digits.

    python3 desk.py > desk.csv      the values that DeskTests compares with, a name and a value per line
"""

from mpmath import diff, erfc, exp, findroot, log, mp, mpf, nstr, sqrt

mp.dps = 40

N = lambda d: erfc(-d / sqrt(2)) / 2


def black_scholes(cp, S, K, T, r, sigma):
    v = sigma * sqrt(T)
    d1 = (log(S / K) + r * T) / v + v / 2
    return cp * (S * N(cp * d1) - K * exp(-r * T) * N(cp * (d1 - v)))


def coin(cp, F, K, T, sigma):
    return black_scholes(cp, F, K, T, mpf(0), sigma) / F


# Deribit's BTC-27SEP24-40000-C on 2023-11-10: forward 39165.86, 322.112... days to expiry.
F, K, T = mpf("39165.86"), mpf(40000), mpf(322) / 365
sigma = findroot(lambda s: coin(1, F, K, T, s) - mpf("0.2169"), 0.6)
# Rho as the exchange publishes it: of a spot that stays, so that the forward moves with the rate, discounted.
rho = diff(lambda r: black_scholes(1, F, K, T, r, sigma), 0)
values = {"coin volatility": sigma, "coin rho": rho}

# A short call and the shares, a future and a perpetual against it.
option = lambda S, T, r, sigma: black_scholes(1, S, mpf(250), T, r, sigma)
S, T, r, sigma = mpf(240), mpf("0.1"), mpf("0.03"), mpf("0.3")
price = option(S, T, r, sigma)
values["hedged delta"] = -10 * diff(lambda s: option(s, T, r, sigma), S) + 5
values["hedged price"] = -10 * price + 5 * S
values["spot +12"] = -10 * (option(S + 12, T, r, sigma) - price) + 5 * 12
values["spot -5%"] = -10 * (option(S * mpf("0.95"), T, r, sigma) - price) - 5 * S * mpf("0.05")
values["volatility +10%"] = -10 * (option(S, T, r, sigma * mpf("1.1")) - price)
values["7 days"] = -10 * (option(S, T - mpf(7) / 365, r, sigma) - price)
values["rate +1%"] = -10 * (option(S, T, r + mpf("0.01"), sigma) - price)

# A perpetual of one coin, entered here, when the forward falls by 20%.
values["inverse -20%"] = 1 - 1 / mpf("0.8")

for name, value in values.items():
    print(f"{name},{nstr(value, 20)}")
