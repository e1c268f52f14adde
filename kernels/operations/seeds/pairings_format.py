"""How the seed files of pairings are laid out."""


def message(data):
    return len(data).to_bytes(4, "little") + data


def initialiser(data):
    """Bytes as a C initialiser; long runs of zeros are left out by position."""
    lines, index = [], 0
    while index < len(data):
        end = index
        while end < len(data) and not (data[end] == 0 and data[end:end + 64] == bytes(64)):
            end += 1
        for start in range(index, end, 24):
            row = ", ".join(map(str, data[start:min(start + 24, end)]))
            lines.append(("[%d] = " % start if start == index and index else "") + row + ",")
        while end < len(data) and data[end] == 0:
            end += 1
        index = end
    return lines
