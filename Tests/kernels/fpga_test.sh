#!/usr/bin/env bash
# The RTL in Verilator against the portable kernels, the rules of assay_fpga.h, and every fault, from C.
set -euo pipefail
cd "$(dirname "$0")/../.."
if ! command -v verilator >/dev/null; then
  if [[ ${ASSAY_REQUIRE_FPGA:-} == 1 ]]; then
    echo "fpga_test: verilator is missing" >&2
    exit 1
  fi
  echo "fpga_test: skipped, verilator is missing"
  exit 0
fi
make --no-print-directory -C kernels/fpga lint test
