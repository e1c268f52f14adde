// Template: points of a curve y^2 = x^3 + a x + b in lanes, whatever doubling and addition are. CURVE is the type of a coordinate; the including
// file has defined CURVE_rise(x), the numerator of the tangent's slope over 2 y at (x, y), and CURVE_add_affine.
#define W(name) LANES_PASTE(CURVE, _##name)

INLINE W(point) W(select_point)(M64 mask, W(point) a, W(point) b) {
  return (W(point)){W(select)(mask, a.X, b.X), W(select)(mask, a.Y, b.Y), W(select)(mask, a.Z, b.Z)};
}

/// Adds the points (x, y), negated in the lanes of `minus`, in all lanes but those of `zero`; lanes of *infinite start there.
INLINE void W(add_digit)(W(point) *sum, M64 *infinite, CURVE x, CURVE y, M64 minus, M64 zero) {
  W(point) r = W(add_affine)(*sum, x, y, minus);
  if (__builtin_expect(LANE_BITS(*infinite) != 0, 0)) {
    const CURVE signed_y = W(carry)(W(bias)(W(negate_where)(minus, y), 2));
    r = W(select_point)(*infinite, (W(point)){x, signed_y, W(one)()}, r);
    *infinite &= zero;
  }
  *sum = W(select_point)(zero, *sum, r);
}

/// Makes the multiples 2 ... `count`, a power of two, of the affine points x[v count], y[v count] of `vectors` vectors, in the places
/// behind them. No two multiples that are added may be equal or opposite.
CALLED void W(make_multiples)(CURVE *x, CURVE *y, int vectors, int count, CURVE *difference, CURVE *prefix, const inverse62_modulus *p) {
  // From 1 ... known to 2 known: the last one is added to each, and to itself.
  for (int known = 1; known < count; known *= 2) {
    for (int v = 0; v < vectors; v++) {
      const CURVE *vx = x + v * count, *vy = y + v * count;
      CURVE *d = difference + v * known;
      for (int i = 0; i < known - 1; i++) d[i] = W(sub)(vx[known - 1], vx[i], 2);
      d[known - 1] = W(add)(vy[known - 1], vy[known - 1]);
    }
    W(invert_many)(difference, prefix, vectors * known, p, NULL, 1);
    for (int v = 0; v < vectors; v++) {
      CURVE *vx = x + v * count, *vy = y + v * count;
      const CURVE last_x = vx[known - 1], last_y = vy[known - 1];
      for (int i = 0; i < known; i++) {
        const CURVE rise = i < known - 1 ? W(sub)(last_y, vy[i], 2) : W(rise)(last_x);
        const CURVE slope = W(mul)(rise, difference[v * known + i]);
        const CURVE sum = W(carry)(W(bias)(W(minus)(W(minus)(W(sqr)(slope), last_x), vx[i]), 3));
        vx[known + i] = W(canonical)(sum);
        vy[known + i] = W(canonical)(W(sub)(W(mul)(slope, W(sub)(last_x, vx[known + i], 2)), last_y, 2));
      }
    }
  }
}
/// Writes the canonical points (x, y) of the lanes to `row`.
INLINE void W(store_points)(W(affine) *const row[LANES], CURVE x, CURVE y) {
  U64 word[8];
  uint64_t *to[LANES];
  limbs_to_words(x.n, word);
  limbs_to_words(y.n, word + 4);
  for (int lane = 0; lane < LANES; lane++) to[lane] = row[lane]->word;
  store_rows(to, word);
}
INLINE void W(load_points)(const W(affine) *base, U64 offset, CURVE *x, CURVE *y) {
  U64 word[8];
  load_rows_at(base, offset, word);
  limbs_from_words(word, x->n);
  limbs_from_words(word + 4, y->n);
}

#undef W
