// The probe of boards' plugins.
#ifndef ASSAY_FPGA_PROBE_H
#define ASSAY_FPGA_PROBE_H

/// The name of the probe: its first argument is the plugin's path, its second the options of its boards, or null.
#define ASSAY_FPGA_PROBE "fpga"

/// How many boards of one plugin are used at most, and how many operations of a board.
#define ASSAY_FPGA_MOST_BOARDS 64
#define ASSAY_FPGA_MOST_OPERATIONS 1024

#endif
