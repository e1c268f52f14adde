// Ed25519 in lanes under every rule of signature/ed25519.kernel.h, whose order of checks and reasons are kept.
#include "lanes/edwards25519.h"
#include "lanes/hash.h"
#include "lanes/rows.h"
#include "signature/ed25519_rules.h"

/// The chunk that is being verified.
typedef struct ed_chunk {
  ed_packed multiple[ED_MULTIPLES][LANES];
  ed_point sum[ED_VECTORS];
  f25 z[ED_VECTORS], prefix[ED_VECTORS];
  /// R's encoding, and the verdict of each lane if it is not to be decided by the equation, else 0.
  U64 r[ED_VECTORS][4], verdict[ED_VECTORS];
} ed_chunk;

/// A number of 512 bits, words in memory's order of a little-endian number, modulo L.
CALLED f25l ed_reduce_512(const U64 word[8]) {
  U64 low[4] = {word[0], word[1], word[2], word[3]}, high[4] = {word[4], word[5], word[6], word[7]};
  f25l a, b, t;
  limbs_from_words(low, a.n), limbs_from_words(high, b.n);
  // a has 256 bits of the 260 below R: take four more, and b without them times R.
  a.n[4] |= (b.n[0] & SPLAT(15)) << 48;
  for (int i = 0; i < 4; i++) b.n[i] = (b.n[i] >> 4 | b.n[i + 1] << 48) & SPLAT(LANE_MASK52);
  b.n[4] >>= 4;
  a = f25l_from_form(f25l_to_form(a));
  b = f25l_to_form(b);
  for (int i = 0; i < 5; i++) t.n[i] = a.n[i] + b.n[i];
  for (int i = 0; i < 4; i++) {
    t.n[i + 1] += t.n[i] >> 52;
    t.n[i] &= SPLAT(LANE_MASK52);
  }
  // Below 4 L.
  for (int i = 0; i < 3; i++) t = f25l_subtract_once(t);
  return t;
}
/// y of an encoding of four words, and its sign bit.
INLINE f25 ed_read_y(const U64 word[4], M64 *odd) {
  const U64 without_sign[4] = {word[0], word[1], word[2], word[3] & SPLAT(0x7fffffffffffffff)};
  f25 y;
  limbs_from_words(without_sign, y.n);
  *odd = (I64)word[3] < 0;
  return y;
}

INLINE U64 ed_first_reason(U64 verdict, M64 breaks, int reason) {
  return SELECT((verdict == 0) & breaks, SPLAT(reason), verdict);
}

/// `combs`: those of the rows' keys, or null where they are not registered.
CALLED void ed_chunk_verify(ed_chunk *c, const assay_ed25519_rfc8032_columns *columns, const int64_t *rows, const void *const *combs,
                            int count, const ed_constants *constants, ed25519_rule rule) {
  const int vectors = (count + LANES - 1) / LANES;
  const int refuses_small = ed25519_refuses_small_order(rule), is_cofactored = ed25519_is_cofactored(rule);
  for (int v = 0; v < vectors; v++) {
    const lane_rows lanes = lane_rows_at(rows, count, v);
    U64 word[8], key[8], digest[8];
    M64 odd, found;
    lanes_read_rows(&lanes, columns->publicKey.data, 32, key);
    lanes_read_rows(&lanes, columns->signature.data, 64, word);
    f25 y = ed_read_y(key, &odd);
    f25 x = f25_small(0);
    // A registered key is a point.
    if (combs == NULL) x = ed_lift(y, ~odd, &found);
    else found = (M64){0} == 0;
    U64 verdict = SELECT(found, SPLAT(0), SPLAT(ASSAY_REASON_publicKeyInvalid));
    const M64 is_canonical = limbs_below(y.n, ed_p_limbs);
    if (ed25519_refuses_other_key_encodings(rule)) verdict = ed_first_reason(verdict, ~is_canonical, ASSAY_REASON_nonCanonicalEncoding);
    if (refuses_small) verdict = ed_first_reason(verdict, ed_has_small_order(f25_canonical(y)), ASSAY_REASON_smallOrderPoint);
    U64 s[5];
    limbs_from_words(word + 4, s);
    const M64 in_range = limbs_below(s, f25l_modulus);
    verdict = ed_first_reason(verdict, ~in_range, ASSAY_REASON_scalarOutOfRange);
    for (int i = 0; i < 5; i++) s[i] = SELECT(in_range, s[i], SPLAT(0));
    M64 r_odd;
    const f25 r_y = ed_read_y(word, &r_odd);
    if (ed25519_refuses_other_nonce_encodings(rule)) {
      verdict = ed_first_reason(verdict, ~limbs_below(r_y.n, ed_p_limbs), ASSAY_REASON_nonCanonicalEncoding);
    }
    if (refuses_small) verdict = ed_first_reason(verdict, ed_has_small_order(f25_canonical(r_y)), ASSAY_REASON_smallOrderPoint);
    lane_message message[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      const int64_t row = lanes.row[lane], *at = columns->message.offsets + row;
      message[lane] = (lane_message){{(const uint8_t *)columns->signature.data + 64 * row,
                                      (const uint8_t *)columns->publicKey.data + 32 * row,
                                      (const uint8_t *)columns->message.data + at[0]},
                                     {32, 32, at[1] - at[0]}};
    }
    lanes_sha512(message, digest);
    for (int i = 0; i < 8; i++) digest[i] = BYTE_SWAP(digest[i]);
    const f25l k = ed_reduce_512(digest);
    // -A, with the sign flipped above; the identity where there is no point.
    x = f25_select(found, x, f25_small(0)), y = f25_select(found, y, f25_small(1));
    ed_point sum = combs == NULL ? ed_ladder(x, y, s, k.n, c->multiple, constants)
                                 : ed_comb_sum(s, k.n, lane_comb_addresses(combs, count, v), constants);
    if (is_cofactored) {
      // 8 (sum - R) = 0.
      const f25 r_x = ed_lift(r_y, r_odd, &found);
      const ed_prepared r = ed_prepare((ed_point){r_x, r_y, f25_small(1), f25_product(r_x, r_y)});
      sum = ed_add(sum, r, (M64){0} == 0, 1, 0);
      for (int i = 0; i < 3; i++) sum = ed_double(sum, 0);
      const M64 matches = found & f25_is_zero(sum.X) & f25_equal(sum.Y, sum.Z);
      const U64 decided = SELECT(matches, SPLAT(ASSAY_ACCEPTED), SPLAT(ASSAY_REASON_signatureMismatch));
      lanes_write_verdicts(rows, count, v, columns->verdict.data, SELECT(verdict != 0, verdict, decided));
    }
    c->sum[v] = sum;
    c->z[v] = sum.Z;
    for (int i = 0; i < 4; i++) c->r[v][i] = word[i];
    c->verdict[v] = verdict;
  }
  if (is_cofactored) return;
  // The encoding of the sum is R's, byte for byte.
  f25_invert_many(c->z, c->prefix, vectors, &constants->p, NULL, 1);
  for (int v = 0; v < vectors; v++) {
    const f25 x = f25_canonical(f25_product(c->sum[v].X, c->z[v])), y = f25_canonical(f25_product(c->sum[v].Y, c->z[v]));
    U64 word[4];
    limbs_to_words(y.n, word);
    word[3] |= x.n[0] << 63;
    U64 differs = SPLAT(0);
    for (int i = 0; i < 4; i++) differs |= word[i] ^ c->r[v][i];
    const U64 decided = SELECT(differs == 0, SPLAT(ASSAY_ACCEPTED), SPLAT(ASSAY_REASON_signatureMismatch));
    lanes_write_verdicts(rows, count, v, columns->verdict.data, SELECT(c->verdict[v] != 0, c->verdict[v], decided));
  }
}
static void ed_verify(const assay_column *columns, const int64_t *rows, int64_t count, const assay_lane_memory *memory, ed25519_rule rule) {
  const unsigned mode = LANES_ENTER();
  for (int64_t i = 0; i < count; i += 128) {
    const int rest = (int)(count - i < 128 ? count - i : 128);
    const lane_parts parts = lane_parts_of(rows + i, memory->combs == NULL ? NULL : memory->combs + i, rest);
    // Every rule has the same columns.
    if (parts.unknown_count > 0) {
      ed_chunk_verify(memory->workspace, (const void *)columns, parts.unknown, NULL, parts.unknown_count, memory->constants, rule);
    }
    if (parts.known_count > 0) {
      ed_chunk_verify(memory->workspace, (const void *)columns, parts.known, parts.comb, parts.known_count, memory->constants, rule);
    }
  }
  LANES_LEAVE(mode);
}

LANE_KERNEL(ed25519_rfc8032) { ed_verify(columns, rows, count, memory, ED25519_RFC8032); }
LANE_KERNEL(ed25519_dalek_strict) { ed_verify(columns, rows, count, memory, ED25519_DALEK_STRICT); }
LANE_KERNEL(ed25519_libsodium) { ed_verify(columns, rows, count, memory, ED25519_LIBSODIUM); }
LANE_KERNEL(ed25519_zip215) { ed_verify(columns, rows, count, memory, ED25519_ZIP215); }
LANE_KERNEL(ed25519_simd_0376) { ed_verify(columns, rows, count, memory, ED25519_SIMD_0376); }

static void ed_make(void *constants, void *workspace) {
  const unsigned mode = LANES_ENTER();
  ed_make_constants(constants, workspace);
  LANES_LEAVE(mode);
}
CALLED unsigned ed_make_lane_combs(const assay_lane_key *given, void *const *combs, int count, ed_preparation *t, const ed_constants *constants) {
  ed_comb *comb[LANES];
  uint64_t bytes[LANES][8] ALIGNED;
  uint64_t framed[LANES] ALIGNED;
  // Lanes behind the last key repeat it, in the same comb.
  for (int lane = 0; lane < LANES; lane++) {
    const assay_lane_key key = given[lane < count ? lane : count - 1];
    comb[lane] = combs[lane < count ? lane : count - 1];
    memset(bytes[lane], 0, 64);
    framed[lane] = 0 - (uint64_t)(key.length == 32);
    if (key.length == 32) memcpy(bytes[lane], key.bytes, 32);
  }
  U64 word[8];
  M64 odd, found;
  lanes_read(bytes, word);
  const f25 y = ed_read_y(word, &odd), x = ed_lift(y, ~odd, &found);
  ed_fill_combs(comb, f25_select(found, x, f25_small(0)), f25_select(found, y, f25_small(1)), t, constants);
  return LANE_BITS(found & *(const M64 *)framed) & ((1u << count) - 1);
}
static unsigned ed_make_combs(const assay_lane_key *keys, void *const *combs, int count, const assay_lane_memory *memory) {
  const unsigned mode = LANES_ENTER(), good = ed_make_lane_combs(keys, combs, count, memory->workspace, memory->constants);
  LANES_LEAVE(mode);
  return good;
}

typedef union ed_memory {
  ed_chunk chunk;
  ed_preparation preparation;
} ed_memory;

static const assay_lane_scheme ed_scheme = {
  .constant_bytes = sizeof(ed_constants),
  .workspace_bytes = sizeof(ed_memory),
  .comb_bytes = sizeof(ed_comb),
  .prepare = ed_make,
};
