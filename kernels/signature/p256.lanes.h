// ECDSA on P-256 in lanes.
#include "lanes/p256.h"
#include "lanes/rows.h"

/// The chunk that is being verified.
typedef struct p2_chunk {
  p2_workspace w;
  p2 r[p2_VECTORS];
  p2n s[p2_VECTORS], e[p2_VECTORS], r_n[p2_VECTORS], u1[p2_VECTORS], u2[p2_VECTORS], form[p2_VECTORS], prefix[p2_VECTORS];
  /// The verdict of each lane if it is not to be decided by arithmetic, else 0.
  U64 verdict[p2_VECTORS];
} p2_chunk;

/// a^((p + 1) / 4), a square root where there is one.
CALLED p2 p2_sqrt(p2 a) {
  // a<n> is a^(2^n - 1): p + 1 over 4 is 32 ones, 31 zeros, a one, 95 zeros, a one, 94 zeros.
  const p2 a2 = p2_product(p2_sqr(a), a), a4 = p2_product(p2_square_times(a2, 2), a2), a8 = p2_product(p2_square_times(a4, 4), a4);
  const p2 a16 = p2_product(p2_square_times(a8, 8), a8), a32 = p2_product(p2_square_times(a16, 16), a16);
  const p2 high = p2_product(p2_square_times(a32, 32), a);
  return p2_square_times(p2_product(p2_square_times(high, 96), a), 94);
}
/// x^3 - 3 x + b.
INLINE p2 p2_curve_side(p2 x) {
  const p2 t = p2_carry(p2_bias(p2_minus(p2_sqr(x), p2_splat(p2_three_form)), 1));
  return p2_add(p2_product(t, x), p2_splat(p2_b_form));
}
/// The canonical y of (x, y), of the parity `odd`. The lanes that have none are not in *found.
CALLED p2 p2_lift(p2 x, M64 odd, M64 *found) {
  const p2 side = p2_curve_side(x), y = p2_canonical(p2_sqrt(side));
  *found = p2_equal(p2_sqr(y), side);
  const M64 is_odd = p2_is_odd(p2_subtract_once(p2_from_form(y)));
  return p2_canonical(p2_carry(p2_bias(p2_negate_where(is_odd ^ odd, y), 2)));
}
CALLED void p2_set_scalars(p2_chunk *c, int vectors) {
  for (int v = 0; v < vectors; v++) {
    p2_set_digits(c->w.vector[v].u1, c->u1[v], p2_g_halves);
    p2_set_digits(c->w.vector[v].u2, c->u2[v], p2_key_halves);
  }
}

#define CURVE p2
#define ORDER p2n
#include "signature/ecdsa_rows.inc.h"
#include "signature/ecdsa.lanes.inc.h"
#include "lanes/generator_windows.inc.h"
#undef ORDER
#undef CURVE

LANE_KERNEL(ecdsa_p256_low_s) {
  const assay_ecdsa_p256_low_s_columns *c = (const void *)columns;
  p2_ecdsa(&c->digest, &c->publicKey, &c->signature, &c->verdict, rows, count, memory, 1);
}
LANE_KERNEL(ecdsa_p256_any_s) {
  const assay_ecdsa_p256_any_s_columns *c = (const void *)columns;
  p2_ecdsa(&c->digest, &c->publicKey, &c->signature, &c->verdict, rows, count, memory, 0);
}

CALLED unsigned p2_make(const assay_lane_key *given, void *const *combs, int count, p2_comb_making *t, const p2_constants *constants) {
  assay_lane_key keys[LANES];
  p2_comb *comb[LANES];
  // Lanes behind the last key repeat it, in the same comb.
  for (int lane = 0; lane < LANES; lane++) {
    keys[lane] = given[lane < count ? lane : count - 1];
    comb[lane] = combs[lane < count ? lane : count - 1];
  }
  p2 x, y;
  const M64 good = p2_read_keys(&x, &y, keys);
  p2_fill_combs(comb, x, y, t, constants);
  return LANE_BITS(good) & ((1u << count) - 1);
}
static unsigned p2_make_combs(const assay_lane_key *keys, void *const *combs, int count, const assay_lane_memory *memory) {
  const unsigned mode = LANES_ENTER(), good = p2_make(keys, combs, count, memory->workspace, memory->constants);
  LANES_LEAVE(mode);
  return good;
}

typedef union p2_memory {
  p2_chunk chunk;
  p2_known_chunk known;
  p2_comb_making making;
  p2_preparation preparation;
} p2_memory;

static const assay_lane_scheme p2_scheme = {
  .constant_bytes = sizeof(p2_constants),
  .workspace_bytes = sizeof(p2_memory),
  .comb_bytes = sizeof(p2_comb),
  .prepare = p2_prepare,
};
