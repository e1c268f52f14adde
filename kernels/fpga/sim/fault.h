// Faults of the simulated device, by the numbers of assay_fpga.h and by name.
#pragma once

#include <cstdint>
#include <string_view>

#include "assay_fpga.h"

namespace assay_sim {

/// The fault that is armed, if any.
struct Fault {
  uint32_t kind = ASSAY_FPGA_FAULT_NONE;
  uint64_t argument = 0;
  uint64_t after = 0;    ///< results that come before it: a self-test's, say
  uint64_t results = 0;  ///< results since it was armed

  bool is(uint32_t other) const { return kind == other && results >= after; }
  bool hangs() const { return is(ASSAY_FPGA_FAULT_HANG) && results >= argument; }
  bool link_is_down() const { return is(ASSAY_FPGA_FAULT_LINK_DOWN) && results >= argument; }
};

/// ASSAY_FPGA_FAULT_... for "hang", "drop", ...; false when there is no fault of that name.
bool fault_named(std::string_view name, uint32_t *kind);

}  // namespace assay_sim
