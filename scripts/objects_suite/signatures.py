"""WebAuthn's assertions."""
from .case import Case


def webauthn(path, entries):
    for index, entry in enumerate(entries):
        name = entry.get("name", index)
        row = {"type": "webauthn", **{k: entry[k] for k in ("authenticatorData", "clientDataJSON", "challenge", "signature")},
               "publicKey": entry.get("publicKey")}
        for field in ("origin", "rpId"):
            if field in entry:
                row[field] = entry[field]
        if entry.get("uv"):
            row["requireUserVerification"] = True
        # A credential of another algorithm has no P-256 key.
        good = "publicKey" in entry and all(
            entry.get(field, True) for field in ("signatureValid", "challengeMatches", "rpIdHashMatches"))
        yield Case(name, row, good)
