// Template: what affine_tree.inc.h works with.
#define W(name) LANES_PASTE(CURVE, _##name)

/// d 2^(width i) Q, d = 1, 2, ...
typedef struct W(comb) {
  W(affine) multiple[W(COMB_WINDOWS)][W(COMB_MULTIPLES)];
} W(comb);

/// Where a vector's points lie, the lanes in which they are subtracted, and those in which there is none.
typedef struct W(places) {
  U64 address[W(POINTS)];
  M64 minus[W(POINTS)], none[W(POINTS)];
} W(places);

typedef struct W(tree) {
  CURVE x[W(COMB_VECTORS)][W(POINTS)], y[W(COMB_VECTORS)][W(POINTS)];
  M64 none[W(COMB_VECTORS)][W(POINTS)], undecided[W(COMB_VECTORS)];
  CURVE difference[W(COMB_VECTORS) * W(POINTS) / 2], prefix[W(COMB_VECTORS) * W(POINTS) / 2];
  W(places) places[2];
} W(tree);
#undef W
