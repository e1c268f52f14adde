// What a probe's child asks of OpenBLAS.
#include "assay_openblas.h"
#include "assay_outside.h"

static const char *answer(assay_probe_child *child) {
  static assay_openblas library;
  assay_probe_step(child, "when it is loaded");
  // A library that is missing is not a problem here: the host says that in its own words.
  if (assay_openblas_open(child->first, &library)) return NULL;
  assay_probe_step(child, "when asked what it is");
  library.configuration();
  library.core();
  library.get_threads();
  return NULL;
}

const char *assay_openblas_probe(void) { return "openblas"; }

__attribute__((constructor)) static void serve(void) { assay_probe_serve(assay_openblas_probe(), answer); }
