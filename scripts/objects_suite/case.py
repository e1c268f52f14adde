"""An entry of a file: its rows, and what they must give."""


class Case:
    """`accept` is the verdict that every row must have; `results` are fields that the first row's output must carry."""

    def __init__(self, name, rows, accept, results=None):
        self.name = str(name)
        self.rows = rows if isinstance(rows, list) else [rows]
        self.accept = accept
        self.results = results or {}

    def trouble(self, lines):
        """What is wrong with the output lines, in words; None when nothing is."""
        if len(lines) != len(self.rows):
            return "there is no line for a row"
        for line in lines:
            if line["accepted"] != self.accept:
                why = f"{line.get('reason')}: {line.get('detail')}" if not line["accepted"] else "accepted"
                return f"wanted {'accepted' if self.accept else 'rejected'}, got {why}"
        for name, wanted in self.results.items():
            got = lines[0].get(name)
            if lower(got) != lower(wanted):
                return f"{name} is {got}, not {wanted}"
        return None


def lower(value):
    if isinstance(value, str):
        return value.lower()
    return [lower(item) for item in value] if isinstance(value, list) else value
