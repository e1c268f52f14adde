// Template: what a point of CURVE is in lanes.
#define W(name) LANES_PASTE(CURVE, _##name)

/// A point as four words of x and four of y, canonical: one cache line.
typedef struct W(affine) {
  uint64_t word[8];
} ALIGNED W(affine);

/// x = X / Z^2, y = Y / Z^3.
typedef struct W(point) {
  CURVE X, Y, Z;
} W(point);

#undef W
