#!/usr/bin/env python3
"""Makes the margin example: the solvency circuit, its verification key, sixteen accounts' proofs, and signed prices.

  python3 examples/margin-proof/make.py             writes verification_key.json, proof.json, public.json, accounts.jsonl
  python3 examples/margin-proof/make.py --check     verifies the files that are there, with py_ecc alone

Needs PyPI's py-ecc. The circuit, collateral - sum position_i price_i >= requirement, is written out below as a rank-1
constraint system and turned into Groth16's polynomials (https://eprint.iacr.org/2016/260, section 3.2). The setup's secrets
come from a public label, so that anybody gets the same files: with them anybody can forge proofs. A proof is evaluated at the
secret point instead of through a proving key, which gives the same group elements; a witness that breaks a constraint is refused.
"""
import hashlib
import json
import os
import random
import sys

from py_ecc import optimized_bn128 as bn128
from py_ecc.secp256k1 import ecdsa_raw_recover, ecdsa_raw_sign, privtopub

HERE = os.path.dirname(os.path.abspath(__file__))
R = bn128.curve_order
ACCOUNTS, INSTRUMENTS = 16, 4
POSITION_BITS, COLLATERAL_BITS, SLACK_BITS, PRICE_BITS = 48, 96, 100, 47
DOMAIN_SIZE = 512
# What the price source signs: this label, the epoch in 8 bytes, then each price as the circuit's public input of 32 bytes.
LABEL = b"assay/example/prices/1"


def secret(name):
    return int.from_bytes(hashlib.sha512(b"assay/example/margin/" + name.encode()).digest(), "big") % (R - 1) + 1


class Circuit:
    """Constraints (a . w)(b . w) = c . w over variables with names; variable 0 is one, the public inputs follow it."""

    def __init__(self):
        self.names = ["one"]
        self.constraints = []
        self.public = [self.variable("price%d" % i) for i in range(INSTRUMENTS)] + [self.variable("requirement")]
        positions = [self.variable("position%d" % i) for i in range(INSTRUMENTS)]
        collateral = self.variable("collateral")
        products = []
        for i, position in enumerate(positions):
            self.range_check({position: 1}, POSITION_BITS, "position%d" % i)
            products.append(self.variable("product%d" % i))
            self.constraints.append(({position: 1}, {self.public[i]: 1}, {products[i]: 1}))
        self.range_check({collateral: 1}, COLLATERAL_BITS, "collateral")
        slack = {collateral: 1, self.public[-1]: R - 1}
        slack.update((product, R - 1) for product in products)
        self.range_check(slack, SLACK_BITS, "slack")

    def variable(self, name):
        self.names.append(name)
        return len(self.names) - 1

    def range_check(self, value, bits, name):
        """The linear combination `value` is a number of so many bits."""
        sum_of_bits = {}
        for i in range(bits):
            bit = self.variable("%s.bit%d" % (name, i))
            self.constraints.append(({bit: 1}, {bit: 1, 0: R - 1}, {}))
            sum_of_bits[bit] = 1 << i
        self.constraints.append((sum_of_bits, {0: 1}, value))

    def witness(self, prices, requirement, positions, collateral):
        """Every variable's value; refuses what breaks a constraint."""
        slack = collateral - sum(p * q for p, q in zip(positions, prices)) - requirement
        values = {"one": 1, "requirement": requirement, "collateral": collateral}
        numbers = {"collateral": collateral, "slack": slack}
        for i in range(INSTRUMENTS):
            values["price%d" % i], values["position%d" % i] = prices[i], positions[i]
            values["product%d" % i] = prices[i] * positions[i]
            numbers["position%d" % i] = positions[i]
        for name in self.names:
            if ".bit" in name:
                number, bit = name.split(".bit")
                values[name] = numbers[number] >> int(bit) & 1
        w = [values[name] % R for name in self.names]
        dot = lambda terms: sum(k * w[j] for j, k in terms.items()) % R
        for a, b, c in self.constraints:
            if dot(a) * dot(b) % R != dot(c):
                raise ValueError("the witness breaks a constraint: this account is not solvent")
        return w


class Setup:
    """The verification key and what a proof needs, from the secrets."""

    def __init__(self, circuit):
        self.alpha, self.beta, self.gamma, self.delta, tau = map(secret, ("alpha", "beta", "gamma", "delta", "tau"))
        # The Lagrange polynomials of the 512th roots of unity at tau; 5 generates the field's group, whose order 2^28 divides.
        root = pow(5, (R - 1) // DOMAIN_SIZE, R)
        self.vanishing = pow(tau, DOMAIN_SIZE, R) - 1
        lagrange = [self.vanishing * pow(root, i, R) * pow(DOMAIN_SIZE * (tau - pow(root, i, R)), -1, R) % R
                    for i in range(DOMAIN_SIZE)]
        rows = list(circuit.constraints)
        # One row a public input keeps the inputs' polynomials independent, as snarkjs and arkworks do.
        rows += [({j: 1}, {}, {}) for j in range(len(circuit.public) + 1)]
        assert len(rows) <= DOMAIN_SIZE
        self.u, self.v, self.w = ([0] * len(circuit.names) for _ in range(3))
        for value, row in zip(lagrange, rows):
            for polynomial, terms in zip((self.u, self.v, self.w), row):
                for j, k in terms.items():
                    polynomial[j] = (polynomial[j] + k * value) % R
        self.inputs = len(circuit.public)
        self.ic = [self.mixed(j) * pow(self.gamma, -1, R) % R for j in range(self.inputs + 1)]

    def mixed(self, j):
        return (self.beta * self.u[j] + self.alpha * self.v[j] + self.w[j]) % R

    def key(self):
        return {"protocol": "groth16", "curve": "bn128", "nPublic": self.inputs, "vk_alpha_1": g1(self.alpha),
                "vk_beta_2": g2(self.beta), "vk_gamma_2": g2(self.gamma), "vk_delta_2": g2(self.delta),
                "IC": [g1(k) for k in self.ic]}

    def prove(self, witness, label):
        r, s = secret(label + "/r"), secret(label + "/s")
        u, v, w = (sum(x * y for x, y in zip(witness, p)) % R for p in (self.u, self.v, self.w))
        a = (self.alpha + u + r * self.delta) % R
        b = (self.beta + v + s * self.delta) % R
        private = sum(witness[j] * self.mixed(j) for j in range(self.inputs + 1, len(witness)))
        # u v - w = h t at tau: the quotient exists because every constraint holds.
        c = ((private + u * v - w) * pow(self.delta, -1, R) + a * s + b * r - r * s * self.delta) % R
        return {"pi_a": g1(a), "pi_b": g2(b), "pi_c": g1(c), "protocol": "groth16", "curve": "bn128"}


def g1(scalar):
    x, y = bn128.normalize(bn128.multiply(bn128.G1, scalar))
    return [str(int(x)), str(int(y)), "1"]


def g2(scalar):
    x, y = bn128.normalize(bn128.multiply(bn128.G2, scalar))
    return [[str(int(c)) for c in x.coeffs], [str(int(c)) for c in y.coeffs], ["1", "0"]]


def point1(p):
    return bn128.FQ(int(p[0])), bn128.FQ(int(p[1])), bn128.FQ(1)


def point2(p):
    return tuple(bn128.FQ2([int(c) for c in k]) for k in p)


def verifies(key, proof, inputs):
    """Groth16's equation by py_ecc's pairing."""
    total = point1(key["IC"][0])
    for value, point in zip(inputs, key["IC"][1:]):
        total = bn128.add(total, bn128.multiply(point1(point), int(value)))
    pair = lambda q, p: bn128.pairing(point2(q), p)
    return pair(proof["pi_b"], point1(proof["pi_a"])) == (
        pair(key["vk_beta_2"], point1(key["vk_alpha_1"])) * pair(key["vk_gamma_2"], total)
        * pair(key["vk_delta_2"], point1(proof["pi_c"])))


def price_message(epoch, prices):
    return LABEL + epoch.to_bytes(8, "big") + b"".join(int(p).to_bytes(32, "big") for p in prices)


def compressed(point):
    return bytes([2 + point[1] % 2]) + point[0].to_bytes(32, "big")


def rows(circuit, setup):
    """A proof row and a price row an account; four price epochs."""
    random.seed(2026)
    signing_key = secret("price source").to_bytes(32, "big")
    source = compressed(privtopub(signing_key)).hex()
    epochs = []
    for epoch in range(4):
        prices = [random.randrange(1 << 20, 1 << PRICE_BITS) for _ in range(INSTRUMENTS)]
        message = price_message(1_790_000_000 + 60 * epoch, prices)
        _, r, s = ecdsa_raw_sign(hashlib.sha256(message).digest(), signing_key)
        epochs.append((prices, message.hex(), (r.to_bytes(32, "big") + s.to_bytes(32, "big")).hex()))
    key = setup.key()
    for account in range(ACCOUNTS):
        prices, message, signature = epochs[account % 4]
        positions = [random.randrange(1 << 40) for _ in range(INSTRUMENTS)]
        requirement = random.randrange(1 << 60, 1 << 80)
        owed = sum(p * q for p, q in zip(positions, prices)) + requirement
        # Account 0 covers its requirement to the unit.
        collateral = owed + (random.randrange(1 << 70) if account else 0)
        witness = circuit.witness(prices, requirement, positions, collateral)
        name = "account-%02d" % account
        yield {"id": name, "type": "groth16-bn254", "verificationKey": key, "proof": setup.prove(witness, name),
               "publicInputs": [str(x) for x in prices + [requirement]]}
        yield {"id": name + "/prices", "type": "ecdsa-secp256k1", "publicKey": source, "message": message,
               "signature": signature}


def check():
    """The files hold what docs/margin-proof.md says, by py_ecc's own arithmetic."""
    lines = [json.loads(line) for line in open(os.path.join(HERE, "accounts.jsonl"))]
    assert len(lines) == 2 * ACCOUNTS
    for proof, price in zip(lines[::2], lines[1::2]):
        assert price["id"] == proof["id"] + "/prices"
        message = bytes.fromhex(price["message"])
        assert message.startswith(LABEL) and message[-32 * INSTRUMENTS:] == b"".join(
            int(x).to_bytes(32, "big") for x in proof["publicInputs"][:INSTRUMENTS]), "the signed prices are the proof's"
        digest, signature = hashlib.sha256(message).digest(), bytes.fromhex(price["signature"])
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        recovered = [compressed(ecdsa_raw_recover(digest, (v, r, s))).hex() for v in (27, 28)]
        assert price["publicKey"] in recovered, price["id"]
        assert verifies(proof["verificationKey"], proof["proof"], proof["publicInputs"]), proof["id"]
        print(proof["id"], "the proof and its signed prices verify")


def write(name, *documents, indent=None):
    with open(os.path.join(HERE, name), "w") as f:
        for document in documents:
            f.write(json.dumps(document, indent=indent, separators=None if indent else (",", ":")) + "\n")


def main():
    if "--check" in sys.argv:
        return check()
    circuit = Circuit()
    every = list(rows(circuit, Setup(circuit)))
    write("accounts.jsonl", *every)
    write("verification_key.json", every[0]["verificationKey"], indent=1)
    write("proof.json", every[0]["proof"], indent=1)
    write("public.json", every[0]["publicInputs"], indent=1)


if __name__ == "__main__":
    main()
