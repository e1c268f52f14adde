// Template: the constants of a curve's lane kernels.
#define W(name) LANES_PASTE(CURVE, _##name)

/// What W(prepare) works with: the multiples of LANES windows at a time, one window a lane.
typedef struct W(preparation) {
  CURVE base[2][(W(G_WINDOWS) + LANES - 1) / LANES];
  CURVE z[(W(G_WINDOWS) + LANES - 1) / LANES], z_prefix[(W(G_WINDOWS) + LANES - 1) / LANES];
  CURVE x[W(G_MULTIPLES)], y[W(G_MULTIPLES)], difference[W(G_MULTIPLES) / 2], prefix[W(G_MULTIPLES) / 2];
  W(affine) unused;
} W(preparation);

CALLED void W(make_constants)(W(constants) *constants, W(preparation) *t) {
  enum { VECTORS = (W(G_WINDOWS) + LANES - 1) / LANES };
  constants->p = inverse62_prepare(W(p_words));
  constants->n = inverse62_prepare(W(n_words));
  W(point) base = {W(splat)(W(gx)), W(splat)(W(gy)), W(one)()};
  for (int window = 0; window < VECTORS * LANES; window++) {
    const int v = window / LANES;
    const M64 lane = (M64)(LANE_NUMBERS == (uint64_t)(window % LANES));
    t->base[0][v] = W(select)(lane, base.X, t->base[0][v]);
    t->base[1][v] = W(select)(lane, base.Y, t->base[1][v]);
    t->z[v] = W(select)(lane, base.Z, t->z[v]);
    for (int i = 0; i < W(G_WINDOW); i++) base = W(double)(base);
  }
  W(invert_many)(t->z, t->z_prefix, VECTORS, &constants->p, NULL, 1);
  for (int v = 0; v < VECTORS; v++) {
    const CURVE zz = W(sqr)(t->z[v]);
    t->x[0] = W(canonical)(W(product)(t->base[0][v], zz));
    t->y[0] = W(canonical)(W(product)(t->base[1][v], W(product)(zz, t->z[v])));
    W(make_multiples)(t->x, t->y, 1, W(G_MULTIPLES), t->difference, t->prefix, &constants->p);
    for (int i = 0; i < W(G_MULTIPLES); i++) {
      W(affine) *row[LANES];
      for (int lane = 0; lane < LANES; lane++) {
        const int window = v * LANES + lane;
        row[lane] = window < W(G_WINDOWS) ? &constants->g[window][i] : &t->unused;
      }
      W(store_points)(row, t->x[i], t->y[i]);
    }
  }
}
static void W(prepare)(void *constants, void *workspace) {
  const unsigned mode = LANES_ENTER();
  W(make_constants)(constants, workspace);
  LANES_LEAVE(mode);
}
#undef W
