// What the simulated device computes: 64 bytes in, 32 bytes out, each.
#pragma once

#include <cstdint>

namespace assay_sim {

struct Operation {
  const char *name;  ///< in operations.def
  uint32_t semantics_version;
  uint8_t hash;  ///< hash_e of assay_fpga_pkg.sv; the descriptor's code is one more
  uint32_t pipelined_latency, serial_latency;  ///< cycles
};

constexpr Operation operations[] = {
    {"sha256_pair", 1, 0, 133, 131},
    {"sha256_rfc6962_node", 1, 1, 133, 131},
    {"sha256d_pair", 1, 2, 199, 196},
    {"keccak256_pair", 1, 3, 26, 25},
};
constexpr uint32_t operation_count = sizeof operations / sizeof operations[0];
constexpr uint32_t input_stride = 64;
constexpr uint32_t output_stride = 32;
constexpr uint32_t max_rows = 1u << 20;

}  // namespace assay_sim
