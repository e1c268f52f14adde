#include "fault.h"

namespace assay_sim {

bool fault_named(std::string_view name, uint32_t *kind) {
  static constexpr std::string_view names[] = {"none", "hang",      "drop",  "duplicate", "stale",
                                               "flip", "link-down", "short", "data"};
  for (uint32_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (names[i] == name) {
      *kind = i;
      return true;
    }
  }
  return false;
}

}  // namespace assay_sim
