// The lane kernels in plain C, two rows at a time: the model of the other widths, on any processor.
#include "lanes/portable2.h"

static int available(void) { return 1; }
#define LANES_TABLE assay_lanes_portable2
#define LANES_NAME "portable2"
#define LANES_FAMILY ASSAY_FAMILY_PORTABLE
#define LANES_REQUIRES "any processor"
#include "isa/lanes.inc.h"
