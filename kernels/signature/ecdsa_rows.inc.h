// Template: ECDSA in lanes on one curve. Rules, their order and their reasons are those of library/ecdsa_rules.h. CURVE is the type of a
// coordinate, ORDER that of a number modulo the group's order; the including file has defined the curve's arithmetic (lanes/).
#define W(name) LANES_PASTE(CURVE, _##name)
#define N(name) LANES_PASTE(ORDER, _##name)

/// Takes (x, y) as the keys of a vector, G in the lanes that are not `good`: a bad row must not bring a zero into an inversion that others
/// share.
INLINE void W(set_key)(CURVE *to_x, CURVE *to_y, CURVE x, CURVE y, M64 good) {
  *to_x = W(select)(good, x, W(splat)(W(gx)));
  *to_y = W(select)(good, y, W(splat)(W(gy)));
}

/// The points of the lanes' keys of 33 or 65 bytes, G where there is none. Returns the lanes whose key is a point.
CALLED M64 W(read_keys)(CURVE *to_x, CURVE *to_y, const assay_lane_key keys[LANES]) {
  uint64_t bytes[LANES][8] ALIGNED;
  uint64_t framed[LANES] ALIGNED, compressed[LANES] ALIGNED, odd[LANES] ALIGNED;
  for (int lane = 0; lane < LANES; lane++) {
    const uint8_t *key = keys[lane].bytes;
    const int64_t length = keys[lane].length;
    const int is_short = length == 33 && (key[0] == 2 || key[0] == 3), is_long = length == 65 && key[0] == 4;
    memset(bytes[lane], 0, 64);
    if (is_short || is_long) memcpy(bytes[lane], key + 1, is_short ? 32 : 64);
    framed[lane] = 0 - (uint64_t)(is_short || is_long);
    compressed[lane] = 0 - (uint64_t)is_short;
    odd[lane] = 0 - (uint64_t)(is_short && key[0] == 3);
  }
  U64 word[8];
  CURVE x, y;
  lanes_read(bytes, word);
  limbs_from_big_endian(word, x.n);
  limbs_from_big_endian(word + 4, y.n);
  const M64 is_short = *(const M64 *)compressed;
  M64 good = *(const M64 *)framed & limbs_below(x.n, W(p_limbs)) & limbs_below(y.n, W(p_limbs));
  x = W(coordinate)(x), y = W(coordinate)(y);
  M64 on_curve = W(equal)(W(sqr)(y), W(curve_side)(x));
  if (LANE_BITS(is_short) != 0) {
    M64 found;
    const CURVE lifted = W(lift)(x, *(const M64 *)odd, &found);
    y = W(select)(is_short, lifted, y);
    on_curve = (found & is_short) | (on_curve & ~is_short);
  }
  good &= on_curve;
  W(set_key)(to_x, to_y, x, y, good);
  return good;
}
/// r | s of the lanes and, for rule `low_s`, s up to half the order: the verdict of the lanes that are out of range, 0 for the others,
/// which have 1 | 1 put for them.
INLINE U64 W(check_scalars)(ORDER *r, ORDER *s, int low_s) {
  const M64 in_range = limbs_below(r->n, N(modulus)) & limbs_below(s->n, N(modulus)) & ~limbs_zero(r->n) & ~limbs_zero(s->n);
  const uint64_t *half = W(half_n);
  // s > n / 2 is not s < n / 2 + 1; the half is even, so that its successor differs in the lowest limb alone.
  const uint64_t bound[5] = {half[0] + 1, half[1], half[2], half[3], half[4]};
  const M64 high = low_s ? ~limbs_below(s->n, bound) : (M64){0};
  for (int i = 0; i < 5; i++) {
    r->n[i] = SELECT(in_range, r->n[i], SPLAT(i == 0));
    s->n[i] = SELECT(in_range, s->n[i], SPLAT(i == 0));
  }
  return SELECT(in_range, (U64)high & SPLAT(ASSAY_REASON_highS), SPLAT(ASSAY_REASON_scalarOutOfRange));
}
/// The digests of the lanes as numbers below n.
INLINE ORDER W(read_digests)(const lane_rows *rows, const assay_column *column) {
  ORDER e;
  lanes_read_numbers(rows, column->data, 32, e.n);
  return N(subtract_once)(e);
}
INLINE void W(read_signatures)(const lane_rows *rows, const assay_column *column, int width, ORDER *r, ORDER *s) {
  U64 word[8];
  lanes_read_rows(rows, column->data, width, word);
  limbs_from_big_endian(word, r->n);
  limbs_from_big_endian(word + 4, s->n);
}

#undef N
#undef W
