"""What QuantLib, vollib and mpmath say about a few options, in Assay's units: writes peers.csv.

    python3 peers.py > peers.csv      Needs QuantLib, vollib and mpmath (PyPI); peers.csv was written with QuantLib 1.44, vollib 1.0.11.

Conversions to Assay's units (everything annual, continuous, per 1.00, theta as time passes):
  vollib     vega, rho: per 1% there, times 100. theta: per day of 1/365 years there, times 365.
  QuantLib   BlackCalculator and BachelierCalculator take standard deviation, forward and discount factor. Black-76 and Bachelier: the
             forward is the spot, so theta keeps the forward; rho is that of the discounting alone, -years x value, which is rho plus
             dividendRho there. strikeSensitivity is dualDelta and strikeGamma dualGamma, both of the discounted value. volga of 1.44
             lacks a factor sqrt(years), and BachelierCalculator's vanna is no derivative of its price: left out.
mpmath gives every measure of every model at 60 digits (reference.py), so also those that no peer has: inverse, color, ultima, zomma ...
"""

import math
import sys

import QuantLib as ql
import vollib.black.greeks.analytical as black_greeks
import vollib.black_scholes_merton.greeks.analytical as merton_greeks
from mpmath import mpf, nstr
from vollib.black import black
from vollib.black.implied_volatility import implied_volatility as black_implied
from vollib.black_scholes_merton import black_scholes_merton
from vollib.black_scholes_merton.implied_volatility import implied_volatility as merton_implied

import reference

# sign, spot or forward, strike, years, rate, yield, volatility
ROWS = [
    (1, 100.0, 95.0, 0.5, 0.05, 0.02, 0.2),
    (-1, 100.0, 95.0, 0.5, 0.05, 0.02, 0.2),
    (1, 100.0, 100.0, 1.0, 0.0, 0.0, 0.3),
    (-1, 5900.0, 6100.0, 0.08, 0.043, 0.013, 0.15),
    (1, 97000.0, 120000.0, 0.25, -0.01, 0.0, 0.65),
    (-1, 42.0, 40.0, 2.5, 0.1, 0.06, 0.4),
    (1, 1.08, 1.02, 10.0, -0.02, 0.01, 0.1),
    (-1, 50.0, 75.0, 0.02, 0.03, 0.0, 0.9),
]
LEFT_OUT = {("bachelier", "vanna")}


def by_quantlib(model, sign, spot, strike, years, rate, dividend, volatility):
    payoff = ql.PlainVanillaPayoff(ql.Option.Call if sign > 0 else ql.Option.Put, strike)
    discount = math.exp(-rate * years)
    forward = spot * math.exp((rate - dividend) * years) if model == "black-scholes" else spot
    calculator = ql.BachelierCalculator if model == "bachelier" else ql.BlackCalculator
    option = calculator(payoff, forward, volatility * math.sqrt(years), discount)
    values = {
        "price": option.value(), "delta": option.delta(spot), "gamma": option.gamma(spot), "vega": option.vega(years),
        "theta": option.theta(spot, years), "vanna": option.vanna(years) if model == "bachelier" else option.vanna(spot, years), "volga": option.volga(years) * math.sqrt(years),
        "dualDelta": option.strikeSensitivity(), "dualGamma": option.strikeGamma(),
    }
    if model == "black-scholes":
        values |= {"rho": option.rho(years), "dividendRho": option.dividendRho(years)}
    else:
        values["rho"] = option.rho(years) + option.dividendRho(years)
    if model == "bachelier":
        values["impliedVolatility"] = ql.bachelierBlackFormulaImpliedVol(
            payoff.optionType(), strike, forward, years, option.value(), discount)
    return values


def by_vollib(model, sign, spot, strike, years, rate, dividend, volatility):
    flag = "c" if sign > 0 else "p"
    if model == "black-scholes":
        arguments, greeks = (flag, spot, strike, years, rate, volatility, dividend), merton_greeks
        price = black_scholes_merton(*arguments)
        implied = merton_implied(price, spot, strike, years, rate, dividend, flag)
    elif model == "black-76":
        arguments, greeks = (flag, spot, strike, years, rate, volatility), black_greeks
        price = black(*arguments)
        implied = black_implied(price, spot, strike, rate, years, flag)
    else:
        return {}
    return {
        "price": price, "delta": greeks.delta(*arguments), "gamma": greeks.gamma(*arguments),
        "vega": greeks.vega(*arguments) * 100, "theta": greeks.theta(*arguments) * 365, "rho": greeks.rho(*arguments) * 100,
        "impliedVolatility": implied,
    }


def by_mpmath(model, sign, spot, strike, years, rate, dividend, volatility):
    function, names = reference.MODELS[model]
    numbers = {"S": spot, "K": strike, "T": years, "r": rate, "q": dividend, "sigma": volatility}
    return function(sign, *(mpf(numbers[name]) for name in names))


def main():
    print("peer,model,type,spot,strike,years,rate,dividendYield,volatility,measure,value")
    for model in reference.MODELS:
        for row in ROWS:
            if model == "bachelier":
                row = (*row[:6], row[6] * row[1])
            if model in ("black-76", "bachelier", "inverse"):
                row = (*row[:5], 0.0, row[6])
            if model == "inverse":
                row = (*row[:4], 0.0, 0.0, row[6])
            exact = by_mpmath(model, *row)
            peers = {"mpmath": {name: nstr(value, 17, strip_zeros=False) for name, value in exact.items()}}
            if model != "inverse":
                peers["quantlib"] = by_quantlib(model, *row)
                peers["vollib"] = by_vollib(model, *row)
            for peer, values in peers.items():
                for measure, value in values.items():
                    if peer == "quantlib" and ((model, measure) in LEFT_OUT or measure not in (*exact, "impliedVolatility")):
                        continue
                    true = row[6] if measure == "impliedVolatility" else exact[measure]
                    error = abs(float((mpf(value) - true) / true)) if true else abs(float(value))
                    print(f"{peer} {model} {measure} {error:.1e}", file=sys.stderr)
                    kind = "call" if row[0] > 0 else "put"
                    print(",".join([peer, model, kind, *map(repr, row[1:]), measure, value if peer == "mpmath" else repr(float(value))]))


main()
