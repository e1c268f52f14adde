// The probe of boards' plugins.
#ifndef ASSAY_FPGA_PROBE_H
#define ASSAY_FPGA_PROBE_H

/// The kind of the probe: its first argument is the plugin's path, its second the options of its boards, or null. See assay_outside.h.
const char *assay_fpga_probe(void);

/// How many boards of one plugin are used at most, and how many operations of a board.
#define ASSAY_FPGA_MOST_BOARDS 64
#define ASSAY_FPGA_MOST_OPERATIONS 1024

#endif
