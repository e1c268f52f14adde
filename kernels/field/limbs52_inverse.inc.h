// Part of the templates lanes52.inc.h and montgomery52.inc.h: what follows from bias, mul, sqr, canonical and invert_lanes.
/// Whether a and b, both carried, are the same element.
INLINE M64 F(equal)(FIELD a, FIELD b) { return F(equal_canonical)(F(canonical)(a), F(canonical)(b)); }
INLINE M64 F(is_zero)(FIELD a) { return limbs_zero(F(canonical)(a).n); }
/// a^(2^count).
CALLED FIELD F(square_times)(FIELD a, int count) {
  for (int i = 0; i < count; i++) a = F(sqr)(a);
  return a;
}
/// Replaces `count` vectors by their inverses; `prefix` has room for as many. Where `zero` is null no vector has a lane of 0; else such a lane
/// becomes 1 and is told in zero[i / group]. Four chains of products, so that none waits for the other's latency.
CALLED void F(invert_many)(FIELD *a, FIELD *prefix, int count, const inverse62_modulus *p, M64 *zero, int group) {
  const int chains = count < 4 ? count : 4, last = count - chains;
  FIELD run[4], inverse[4];
  for (;;) {
    for (int i = 0; i < chains; i++) prefix[i] = a[i];
    for (int i = chains; i < count; i++) prefix[i] = F(mul)(prefix[i - chains], a[i]);
    run[0] = prefix[last];
    for (int k = 1; k < chains; k++) run[k] = F(product)(run[k - 1], prefix[last + k]);
    if (zero == NULL || LANE_BITS(F(is_zero)(run[chains - 1])) == 0) break;
    for (int i = 0; i < count; i++) {
      const M64 is_zero = F(is_zero)(a[i]);
      a[i] = F(select)(is_zero, F(one)(), a[i]);
      zero[i / group] |= is_zero;
    }
  }
  FIELD rest = F(invert_lanes)(run[chains - 1], p);
  for (int k = chains - 1; k > 0; k--) {
    inverse[k] = F(product)(rest, run[k - 1]);
    rest = F(product)(rest, prefix[last + k]);
  }
  inverse[0] = rest;
  int chain = chains - 1;
  for (int i = count - 1; i >= 0; i--, chain = chain == 0 ? chains - 1 : chain - 1) {
    if (i < chains) {
      a[i] = inverse[chain];
      continue;
    }
    const FIELD x = a[i];
    a[i] = F(mul)(inverse[chain], prefix[i - chains]);
    inverse[chain] = F(mul)(inverse[chain], x);
  }
}
