// Template: the verdicts of ECDSA in lanes on one curve, for keys that nobody has seen before and for registered ones; see ecdsa_rows.inc.h.
#define W(name) LANES_PASTE(CURVE, _##name)
#define N(name) LANES_PASTE(ORDER, _##name)

CALLED void W(ecdsa_chunk)(W(chunk) *c, const assay_column *digest, const assay_column *key, const assay_column *signature,
                           uint8_t *verdict, const int64_t *rows, int count, const W(constants) *constants, int low_s) {
  const int vectors = (count + LANES - 1) / LANES;
  for (int v = 0; v < vectors; v++) {
    const lane_rows lanes = lane_rows_at(rows, count, v);
    assay_lane_key keys[LANES];
    lanes_read_keys(&lanes, key, keys);
    const M64 good = W(read_keys)(&c->w.vector[v].x, &c->w.vector[v].y, keys);
    W(read_signatures)(&lanes, signature, 64, &c->r_n[v], &c->s[v]);
    const U64 scalars = W(check_scalars)(&c->r_n[v], &c->s[v], low_s);
    c->verdict[v] = SELECT(good, scalars, SPLAT(ASSAY_REASON_publicKeyInvalid));
    c->e[v] = W(read_digests)(&lanes, digest);
    c->r[v] = W(coordinate)(W(plain)(c->r_n[v]));
  }
  N(divide_many)(c->s, c->e, c->r_n, c->u1, c->u2, vectors, c->form, c->prefix, &constants->n);
  W(set_scalars)(c, vectors);
  W(make_tables)(&c->w, vectors, constants);
  for (int v = 0; v < vectors; v++) {
    M64 undecided;
    const W(point) sum = W(ladder)(&c->w.vector[v], constants, &undecided);
    // x is r, or r + n where that is below p: X = r Z^2 without an inversion.
    const CURVE zz = W(sqr)(sum.Z), x = W(canonical)(sum.X), r = c->r[v];
    M64 matches = W(equal_canonical)(W(canonical)(W(mul)(r, zz)), x);
    const M64 wraps = limbs_below(c->r_n[v].n, W(p_less_n));
    if (LANE_BITS(wraps) != 0) {
      matches |= wraps & W(equal_canonical)(W(canonical)(W(mul)(W(add)(r, W(order)()), zz)), x);
    }
    const U64 decided = SELECT(matches, SPLAT(ASSAY_ACCEPTED), SPLAT(ASSAY_REASON_signatureMismatch));
    lanes_write_verdicts(rows, count, v, verdict,
                         SELECT(c->verdict[v] != 0, c->verdict[v], SELECT(undecided, SPLAT(ASSAY_UNWRITTEN), decided)));
  }
}

/// A chunk of rows whose keys are registered.
typedef struct W(known_chunk) {
  W(tree) tree;
  CURVE r[W(COMB_VECTORS)], z[W(COMB_VECTORS)], z_prefix[W(COMB_VECTORS)];
  ORDER s[W(COMB_VECTORS)], e[W(COMB_VECTORS)], r_n[W(COMB_VECTORS)], u1[W(COMB_VECTORS)], u2[W(COMB_VECTORS)];
  ORDER form[W(COMB_VECTORS)], prefix[W(COMB_VECTORS)];
  U64 verdict[W(COMB_VECTORS)];
} W(known_chunk);

CALLED void W(ecdsa_known)(W(known_chunk) *c, const assay_column *digest, const assay_column *signature, uint8_t *verdict,
                           const int64_t *rows, const void *const *combs, int count, const W(constants) *constants, int low_s) {
  const int vectors = (count + LANES - 1) / LANES;
  for (int v = 0; v < vectors; v++) {
    const lane_rows lanes = lane_rows_at(rows, count, v);
    W(read_signatures)(&lanes, signature, 64, &c->r_n[v], &c->s[v]);
    c->verdict[v] = W(check_scalars)(&c->r_n[v], &c->s[v], low_s);
    c->e[v] = W(read_digests)(&lanes, digest);
    c->r[v] = W(coordinate)(W(plain)(c->r_n[v]));
  }
  N(divide_many)(c->s, c->e, c->r_n, c->u1, c->u2, vectors, c->form, c->prefix, &constants->n);
  W(sum_points)(&c->tree, c->u1, c->u2, combs, count, 2, constants);
  for (int v = 0; v < vectors; v++) {
    // The last addition needs no inversion: (y2 - y1)^2 = (x + x1 + x2) (x2 - x1)^2 for x = r, or r + n where that is below p.
    const W(tree) *t = &c->tree;
    const CURVE x1 = t->x[v][0], x2 = t->x[v][1], r = c->r[v];
    const CURVE rise = W(canonical)(W(sqr)(W(carry)(W(bias)(W(minus)(t->y[v][1], t->y[v][0]), 3))));
    const CURVE run = W(carry)(W(bias)(W(minus)(x2, x1), 3)), square = W(sqr)(run), sum = W(plus)(W(plus)(r, x1), x2);
    M64 matches = W(equal_canonical)(W(canonical)(W(mul)(W(loosen)(sum), square)), rise);
    const M64 wraps = limbs_below(c->r_n[v].n, W(p_less_n));
    if (LANE_BITS(wraps) != 0) {
      matches |= wraps & W(equal_canonical)(W(canonical)(W(mul)(W(loosen)(W(plus)(sum, W(order)())), square)), rise);
    }
    const M64 undecided = t->undecided[v] | t->none[v][0] | t->none[v][1] | W(is_zero)(run);
    const U64 decided = SELECT(matches, SPLAT(ASSAY_ACCEPTED), SPLAT(ASSAY_REASON_signatureMismatch));
    lanes_write_verdicts(rows, count, v, verdict,
                         SELECT(c->verdict[v] != 0, c->verdict[v], SELECT(undecided, SPLAT(ASSAY_UNWRITTEN), decided)));
  }
}
INLINE void W(ecdsa)(const assay_column *digest, const assay_column *key, const assay_column *signature,
                     const assay_column *verdict, const int64_t *rows, int64_t count, const assay_lane_memory *memory, int low_s) {
  const unsigned mode = LANES_ENTER();
  for (int64_t i = 0; i < count; i += 128) {
    const int rest = (int)(count - i < 128 ? count - i : 128);
    const lane_parts parts = lane_parts_of(rows + i, memory->combs == NULL ? NULL : memory->combs + i, rest);
    if (parts.unknown_count > 0) {
      W(ecdsa_chunk)(memory->workspace, digest, key, signature, verdict->data, parts.unknown, parts.unknown_count, memory->constants, low_s);
    }
    for (int at = 0; at < parts.known_count; at += LANES * W(COMB_VECTORS)) {
      const int part = parts.known_count - at < LANES * W(COMB_VECTORS) ? parts.known_count - at : LANES * W(COMB_VECTORS);
      W(ecdsa_known)(memory->workspace, digest, signature, verdict->data, parts.known + at, parts.comb + at, part, memory->constants, low_s);
    }
  }
  LANES_LEAVE(mode);
}
#undef N
#undef W
