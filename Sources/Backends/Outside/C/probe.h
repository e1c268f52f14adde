// What the two sides of a probe agree on.
#ifndef ASSAY_PROBE_H
#define ASSAY_PROBE_H

#define PROBE_KIND "ASSAY_PROBE"
#define PROBE_FIRST "ASSAY_PROBE_FIRST"
#define PROBE_SECOND "ASSAY_PROBE_SECOND"

enum {
  /// Where the child finds the pipe.
  PROBE_DESCRIPTOR = 3,
  /// The longest line, its kind and its zero included.
  PROBE_LINE = 512,
  /// The child's exit code when it cannot tell anything.
  PROBE_LOST = 111,
  // How a line begins.
  PROBE_STEP = 's',
  PROBE_PROBLEM = 'p',
  PROBE_WELL = 'w',
};

/// Whether a child of this program would answer a probe of that kind.
int probe_is_served(const char *kind);

#endif
