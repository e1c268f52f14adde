// Template: the multiples of the keys of a chunk of rows, all by shared inversions.
#define W(name) LANES_PASTE(CURVE, _##name)

/// A chunk's memory.
typedef struct W(workspace) {
  W(vector) vector[W(VECTORS)];
  CURVE x[W(VECTORS) * W(MULTIPLES)], y[W(VECTORS) * W(MULTIPLES)];
  CURVE difference[W(VECTORS) * W(MULTIPLES) / 2], prefix[W(VECTORS) * W(MULTIPLES) / 2];
} W(workspace);

/// The tables of the chunk's keys.
CALLED void W(make_tables)(W(workspace) *w, int vectors, const W(constants) *constants) {
  for (int v = 0; v < vectors; v++) w->x[v * W(MULTIPLES)] = w->vector[v].x, w->y[v * W(MULTIPLES)] = w->vector[v].y;
  W(make_multiples)(w->x, w->y, vectors, W(MULTIPLES), w->difference, w->prefix, &constants->p);
  for (int v = 0; v < vectors; v++) {
    for (int i = 0; i < W(MULTIPLES); i++) {
      W(affine) *row[LANES];
      for (int lane = 0; lane < LANES; lane++) row[lane] = &w->vector[v].multiple[i][lane];
      W(store_points)(row, w->x[v * W(MULTIPLES) + i], w->y[v * W(MULTIPLES) + i]);
    }
  }
}
#undef W
