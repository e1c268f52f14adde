// Template: sums of points of registered keys' combs, without a doubling. A row's points are summed pairwise, as a tree, in affine coordinates; the
// additions of one level of a chunk share one inversion, so that each costs five products and a square. Where two points are equal or
// opposite their difference is 0: that lane's difference becomes 1, and the row is undecided.
//
// CURVE is the type of a coordinate, ORDER that of a number modulo the group's order. The including file has defined the numbers of CURVE_POINTS,
// CURVE_COMB_WINDOWS, CURVE_COMB_WINDOW and CURVE_COMB_MULTIPLES, CURVE_find_points(places, u1, u2, combs, constants), which tells where a
// vector's points lie and has them fetched, and CURVE_turned(i, x), the x of point i when the comb's is x.
#define W(name) LANES_PASTE(CURVE, _##name)

CALLED void W(take_points)(W(tree) *t, int v, const W(places) *from) {
  for (int i = 0; i < W(POINTS); i++) {
    U64 word[8];
    CURVE x, y;
    load_rows_from(from->address[i], word);
    limbs_from_words(word, x.n), limbs_from_words(word + 4, y.n);
    t->x[v][i] = W(turned)(i, x);
    t->y[v][i] = W(carry)(W(select)(from->minus[i], W(bias)(W(minus)(W(zero)(), y), 1), y));
    t->none[v][i] = from->none[i];
  }
}

// Numbers beside sums are magnitudes: points of the tree have 2.

/// Halves the number of points of every vector. Returns how many are left.
CALLED int W(sum_level)(W(tree) *t, int vectors, int points, const W(constants) *constants) {
  const int pairs = points / 2;
  for (int v = 0; v < vectors; v++) {
    for (int i = 0; i < pairs; i++) {
      const CURVE d = W(carry)(W(bias)(W(minus)(t->x[v][2 * i + 1], t->x[v][2 * i]), 3));                              // 5
      t->difference[v * pairs + i] = W(select)(t->none[v][2 * i] | t->none[v][2 * i + 1], W(one)(), d);
    }
  }
  W(invert_many)(t->difference, t->prefix, vectors * pairs, &constants->p, t->undecided, pairs);
  for (int v = 0; v < vectors; v++) {
    for (int i = 0; i < pairs; i++) {
      const CURVE x1 = t->x[v][2 * i], y1 = t->y[v][2 * i], x2 = t->x[v][2 * i + 1], y2 = t->y[v][2 * i + 1];
      const M64 none1 = t->none[v][2 * i], none2 = t->none[v][2 * i + 1];
      const CURVE slope = W(mul)(W(loosen)(W(bias)(W(minus)(y2, y1), 3)), t->difference[v * pairs + i]);
      CURVE x = W(carry_folding)(W(bias)(W(minus)(W(minus)(W(sqr)(slope), x1), x2), 5));                               // 2
      CURVE y = W(carry_folding)(W(bias)(W(minus)(W(mul)(slope, W(loosen)(W(bias)(W(minus)(x1, x), 3))), y1), 3));     // 2
      if (LANE_BITS(none1 | none2) != 0) {
        x = W(select)(none1, x2, W(select)(none2, x1, x));
        y = W(select)(none1, y2, W(select)(none2, y1, y));
      }
      t->x[v][i] = x, t->y[v][i] = y;
      t->none[v][i] = none1 & none2;
    }
    if (points % 2 != 0) {
      t->x[v][pairs] = t->x[v][points - 1], t->y[v][pairs] = t->y[v][points - 1];
      t->none[v][pairs] = t->none[v][points - 1];
    }
  }
  return pairs + points % 2;
}
/// The points of every vector, summed until `left` are left.
CALLED void W(sum_points)(W(tree) *t, const ORDER *u1, const ORDER *u2, const void *const *combs, int count, int left, const W(constants) *constants) {
  const int vectors = (count + LANES - 1) / LANES;
  // One vector's points are fetched while another's are taken.
  for (int v = 0; v <= vectors; v++) {
    if (v < vectors) {
      W(find_points)(&t->places[v % 2], u1[v], u2[v], lane_comb_addresses(combs, count, v), constants);
      t->undecided[v] = (M64){0};
    }
    if (v > 0) W(take_points)(t, v - 1, &t->places[(v - 1) % 2]);
  }
  for (int points = W(POINTS); points > left;) points = W(sum_level)(t, vectors, points, constants);
}

/// What W(fill_combs) works with: the multiples of one window after the other, one key per lane.
typedef struct W(comb_making) {
  W(point) base[W(COMB_WINDOWS)];
  CURVE z[W(COMB_WINDOWS)], z_prefix[W(COMB_WINDOWS)];
  CURVE x[W(COMB_WINDOWS) * W(COMB_MULTIPLES)], y[W(COMB_WINDOWS) * W(COMB_MULTIPLES)];
  CURVE difference[W(COMB_WINDOWS) * W(COMB_MULTIPLES) / 2], prefix[W(COMB_WINDOWS) * W(COMB_MULTIPLES) / 2];
} W(comb_making);

/// The combs of the points (x, y) of the lanes.
CALLED void W(fill_combs)(W(comb) *const comb[LANES], CURVE x, CURVE y, W(comb_making) *t, const W(constants) *constants) {
  W(point) p = {x, y, W(one)()};
  for (int window = 0; window < W(COMB_WINDOWS); window++) {
    t->base[window] = p;
    t->z[window] = p.Z;
    for (int i = 0; i < W(COMB_WINDOW); i++) p = W(double)(p);
  }
  W(invert_many)(t->z, t->z_prefix, W(COMB_WINDOWS), &constants->p, NULL, 1);
  for (int window = 0; window < W(COMB_WINDOWS); window++) {
    const CURVE zz = W(sqr)(t->z[window]);
    t->x[window * W(COMB_MULTIPLES)] = W(canonical)(W(product)(t->base[window].X, zz));
    t->y[window * W(COMB_MULTIPLES)] = W(canonical)(W(product)(t->base[window].Y, W(product)(zz, t->z[window])));
  }
  W(make_multiples)(t->x, t->y, W(COMB_WINDOWS), W(COMB_MULTIPLES), t->difference, t->prefix, &constants->p);
  for (int window = 0; window < W(COMB_WINDOWS); window++) {
    for (int i = 0; i < W(COMB_MULTIPLES); i++) {
      W(affine) *row[LANES];
      for (int lane = 0; lane < LANES; lane++) row[lane] = &comb[lane]->multiple[window][i];
      W(store_points)(row, t->x[window * W(COMB_MULTIPLES) + i], t->y[window * W(COMB_MULTIPLES) + i]);
    }
  }
}
#undef W
