// A library in OpenBLAS' place, broken on demand when it is loaded.
#include "actions.h"

__attribute__((constructor)) static void load(void) { fault_act("constructor"); }
