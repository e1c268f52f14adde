"""Column names as the command reads them: case, underscores, hyphens and spaces do not count, and near misses are errors."""

from __future__ import annotations

from typing import Iterable

from ._native import AssayError


def fold(name: str) -> str:
    """The name without what does not count."""
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")


def _distance(a: str, b: str, limit: int) -> int:
    """The edit distance of two names, or limit + 1 when it is larger."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]


def resolve(given: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """The given name of every known one that is there.

    Raises AssayError when two given names mean one, or when a name nearly equals a known one that is absent.
    """
    known = list(known)
    folded = {fold(name): name for name in known}
    found: dict[str, str] = {}
    others = []
    for name in given:
        meant = folded.get(fold(name))
        if meant is None:
            others.append(name)
        elif meant in found:
            raise AssayError(f"The columns {found[meant]} and {name} both mean {meant}.", 4)
        else:
            found[meant] = name
    for name in others:
        for meant in known:
            limit = 2 if len(meant) >= 9 else 1
            if meant not in found and len(meant) >= 6 and _distance(fold(name), fold(meant), limit) <= limit:
                raise AssayError(f"The column {name} is not known; did you mean {meant}?", 4)
    return found
