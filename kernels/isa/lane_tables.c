// The list of widths in this build.
#include <stddef.h>

#include "assay_lanes.h"

extern const assay_lane_table assay_lanes_portable2;
#if defined(__x86_64__)
extern const assay_lane_table assay_lanes_fma4, assay_lanes_fma8, assay_lanes_ifma8;
#endif

const assay_lane_table *const *assay_lane_tables(void) {
  static const assay_lane_table *const tables[] = {
    &assay_lanes_portable2,
#if defined(__x86_64__)
    &assay_lanes_fma4,
    &assay_lanes_fma8,
    &assay_lanes_ifma8,
#endif
    NULL,
  };
  return tables;
}

assay_lane_entry assay_lane_entry_of(const assay_lane_table *table, int operation) { return table->entries[operation]; }
