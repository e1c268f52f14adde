"""Runs the examples in vollib's own docstrings against assay.vollib: vollib_examples.py

Where an example of vollib's calls a function that assay.vollib has, ours is put in its place. Needs `pip install vollib`.
Prints how many examples pass per module, and ends with 1 when one does not.
"""

import doctest
import importlib
import sys

import assay.vollib

MODULES = {
    "vollib.black_scholes": {"black_scholes": "black_scholes"},
    "vollib.black_scholes.implied_volatility": {"implied_volatility": "implied_volatility"},
    "vollib.black_scholes.greeks.analytical": {name: name for name in ("delta", "gamma", "vega", "rho", "theta")},
    "vollib.black_scholes_merton": {"black_scholes_merton": "black_scholes_merton"},
    "vollib.black_scholes_merton.greeks.analytical": {name: name for name in ("delta", "gamma", "vega", "rho", "theta")},
    "vollib.black": {"black": "black"},
}


def main() -> int:
    """Runs them all; returns the exit status."""
    failed = tried = 0
    for name, replaced in MODULES.items():
        module = importlib.import_module(name)
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        for test in doctest.DocTestFinder().find(module, name):
            if test.name.rsplit(".", 1)[-1] not in replaced:
                continue
            # An import inside an example would bring theirs back.
            test.examples = [example for example in test.examples if "import" not in example.source]
            test.globs.update({theirs: getattr(assay.vollib, ours) for theirs, ours in replaced.items()})
            runner.run(test)
        counts = runner.summarize(verbose=False)
        failed, tried = failed + counts.failed, tried + counts.attempted
        print(f"{name}: {counts.attempted - counts.failed} of {counts.attempted}")
    print(f"in all: {tried - failed} of {tried}")
    return 1 if failed or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
