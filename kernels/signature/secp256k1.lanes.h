// ECDSA on secp256k1 in lanes. Rules, their order and their reasons are those of library/ecdsa_rules.h.
#include "lanes/hash.h"
#include "lanes/rows.h"
#include "lanes/secp256k1.h"
#include "lanes/secp256k1_comb.h"

/// The chunk that is being verified.
typedef struct k1_chunk {
  k1_workspace w;
  k1 r[k1_VECTORS];
  k1n s[k1_VECTORS], e[k1_VECTORS], r_n[k1_VECTORS], u1[k1_VECTORS], u2[k1_VECTORS], form[k1_VECTORS], prefix[k1_VECTORS];
  /// The verdict of each lane if it is not to be decided by arithmetic, else 0.
  U64 verdict[k1_VECTORS];
  /// The sums where their coordinates are wanted, and the lanes whose sum is not known.
  k1_point sum[k1_VECTORS];
  M64 undecided[k1_VECTORS];
  k1 z[k1_VECTORS], z_prefix[k1_VECTORS];
} k1_chunk;

/// a^((p + 1) / 4), a square root where there is one.
CALLED k1 k1_sqrt(k1 a) {
  // a<n> is a^(2^n - 1): p + 1 over 4 is 223 ones, a zero, 22 ones, 4 zeros, 2 ones, 2 zeros.
  const k1 a2 = k1_product(k1_sqr(a), a), a3 = k1_product(k1_sqr(a2), a);
  const k1 a6 = k1_product(k1_square_times(a3, 3), a3), a9 = k1_product(k1_square_times(a6, 3), a3);
  const k1 a11 = k1_product(k1_square_times(a9, 2), a2), a22 = k1_product(k1_square_times(a11, 11), a11);
  const k1 a44 = k1_product(k1_square_times(a22, 22), a22), a88 = k1_product(k1_square_times(a44, 44), a44);
  const k1 a176 = k1_product(k1_square_times(a88, 88), a88), a220 = k1_product(k1_square_times(a176, 44), a44);
  const k1 a223 = k1_product(k1_square_times(a220, 3), a3);
  const k1 high = k1_product(k1_square_times(a223, 23), a22);
  return k1_square_times(k1_product(k1_square_times(high, 6), a2), 2);
}
/// x^3 + 7.
INLINE k1 k1_curve_side(k1 x) {
  k1 t = k1_product(k1_sqr(x), x);
  t.n[0] += SPLAT(7);
  return k1_carry(t);
}
/// The canonical y of (x, y), of the parity `odd`. The lanes that have none are not in *found.
CALLED k1 k1_lift(k1 x, M64 odd, M64 *found) {
  const k1 side = k1_curve_side(x), y = k1_canonical(k1_sqrt(side));
  *found = k1_equal(k1_sqr(y), side);
  return k1_canonical(k1_carry(k1_bias(k1_negate_where(k1_is_odd(y) ^ odd, y), 2)));
}

#define CURVE k1
#define ORDER k1n
#include "signature/ecdsa_rows.inc.h"

/// The same for keys that are an x coordinate, whose y is even (BIP-340).
CALLED M64 k1_read_x_only(k1 *to_x, k1 *to_y, const U64 word[4]) {
  k1 x;
  M64 found;
  limbs_from_big_endian(word, x.n);
  const k1 y = k1_lift(x, (M64){0}, &found);
  const M64 good = found & limbs_below(x.n, k1_p_limbs);
  k1_set_key(to_x, to_y, x, y, good);
  return good;
}

/// The digits of u1 and u2 of every vector.
CALLED void k1_set_scalars(k1_chunk *c, int vectors) {
  for (int v = 0; v < vectors; v++) {
    k1_set_u1(c->w.vector[v].u1, k1_plain(c->u1[v]));
    k1_split(k1_plain(c->u2[v]), c->w.vector[v].u2, c->w.vector[v].negative, k1_key_halves);
  }
}
#include "signature/ecdsa.lanes.inc.h"

LANE_KERNEL(ecdsa_secp256k1_low_s) {
  const assay_ecdsa_secp256k1_low_s_columns *c = (const void *)columns;
  k1_ecdsa(&c->digest, &c->publicKey, &c->signature, &c->verdict, rows, count, memory, 1);
}

LANE_KERNEL(ecdsa_secp256k1_any_s) {
  const assay_ecdsa_secp256k1_any_s_columns *c = (const void *)columns;
  k1_ecdsa(&c->digest, &c->publicKey, &c->signature, &c->verdict, rows, count, memory, 0);
}


/// The sums of all vectors in canonical affine coordinates, by one inversion.
CALLED void k1_affine_sums(k1_chunk *c, int vectors, const k1_constants *constants) {
  for (int v = 0; v < vectors; v++) {
    c->sum[v] = k1_ladder(&c->w.vector[v], constants, &c->undecided[v]);
    c->z[v] = k1_select(c->undecided[v], k1_small(1), c->sum[v].Z);
  }
  k1_invert_many(c->z, c->z_prefix, vectors, &constants->p, NULL, 1);
  for (int v = 0; v < vectors; v++) {
    const k1 zz = k1_sqr(c->z[v]);
    c->sum[v].X = k1_canonical(k1_product(c->sum[v].X, zz));
    c->sum[v].Y = k1_canonical(k1_product(c->sum[v].Y, k1_product(zz, c->z[v])));
  }
}

/// SEC 1, 4.1.6, as library/libsecp256k1.c states it: the key is (s/r) R - (e/r) G.
CALLED void k1_recover_chunk(k1_chunk *c, const assay_ecdsa_secp256k1_recover_columns *columns, const int64_t *rows, int count,
                             const k1_constants *constants) {
  const int vectors = (count + LANES - 1) / LANES;
  const uint8_t *signature = columns->signature.data;
  for (int v = 0; v < vectors; v++) {
    const lane_rows lanes = lane_rows_at(rows, count, v);
    uint64_t parity[LANES] ALIGNED, framed[LANES] ALIGNED;
    for (int lane = 0; lane < LANES; lane++) {
      const int byte = signature[65 * lanes.row[lane] + 64], bit = byte >= 27 ? byte - 27 : byte;
      parity[lane] = 0 - (uint64_t)(bit & 1);
      framed[lane] = 0 - (uint64_t)(bit <= 1);
    }
    k1_read_signatures(&lanes, &columns->signature, 65, &c->r_n[v], &c->s[v]);
    const U64 scalars = k1_check_scalars(&c->r_n[v], &c->s[v], 0);
    M64 found;
    const k1 x = k1_plain(c->r_n[v]), y = k1_lift(x, *(const M64 *)parity, &found);
    k1_set_key(&c->w.vector[v].x, &c->w.vector[v].y, x, y, found);
    const U64 verdict = SELECT(scalars != 0, scalars, SELECT(found, SPLAT(0), SPLAT(ASSAY_REASON_recoveryFailed)));
    c->verdict[v] = SELECT(*(const M64 *)framed, verdict, SPLAT(ASSAY_REASON_signatureEncodingInvalid));
    c->e[v] = k1n_negate(k1_read_digests(&lanes, &columns->digest));
  }
  k1n_divide_many(c->r_n, c->e, c->s, c->u1, c->u2, vectors, c->form, c->prefix, &constants->n);
  k1_set_scalars(c, vectors);
  k1_make_tables(&c->w, vectors, constants);
  k1_affine_sums(c, vectors, constants);
  for (int v = 0; v < vectors; v++) {
    const U64 verdict = SELECT(c->verdict[v] != 0, c->verdict[v],
                               SELECT(c->undecided[v], SPLAT(ASSAY_UNWRITTEN), SPLAT(ASSAY_ACCEPTED)));
    lanes_write_verdicts(rows, count, v, columns->verdict.data, verdict);
    // The key's bytes, zeros where there is none, then its address.
    U64 word[8];
    uint64_t bytes[LANES][8] ALIGNED;
    limbs_to_big_endian(c->sum[v].X.n, word);
    limbs_to_big_endian(c->sum[v].Y.n, word + 4);
    const M64 accepted = verdict == ASSAY_ACCEPTED;
    for (int i = 0; i < 8; i++) word[i] = SELECT(accepted, word[i], SPLAT(0));
    U64 hash[4];
    lanes_keccak_64(word, hash);
    lanes_write(word, bytes);
    uint64_t address[LANES][8] ALIGNED;
    const U64 address_word[8] = {hash[0], hash[1], hash[2], hash[3]};
    lanes_write(address_word, address);
    const unsigned have = LANE_BITS(accepted);
    for (int lane = 0; lane < LANES && v * LANES + lane < count; lane++) {
      uint8_t *key = (uint8_t *)columns->publicKey.data + 65 * rows[v * LANES + lane];
      uint8_t *to = (uint8_t *)columns->address.data + 20 * rows[v * LANES + lane];
      key[0] = have >> lane & 1 ? 4 : 0;
      memcpy(key + 1, bytes[lane], 64);
      if (have >> lane & 1) memcpy(to, (const uint8_t *)address[lane] + 12, 20);
      else memset(to, 0, 20);
    }
  }
}
LANE_KERNEL(ecdsa_secp256k1_recover) {
  const unsigned mode = LANES_ENTER();
  for (int64_t i = 0; i < count; i += LANES * k1_VECTORS) {
    const int part = (int)(count - i < LANES * k1_VECTORS ? count - i : LANES * k1_VECTORS);
    k1_recover_chunk(memory->workspace, (const void *)columns, rows + i, part, memory->constants);
  }
  LANES_LEAVE(mode);
}

/// r, s and -h of the lanes, for BIP-340; the verdict of those out of range, 0 for the others.
CALLED U64 k1_read_schnorr(const assay_schnorr_secp256k1_columns *columns, const lane_rows *lanes, k1 *to_r, k1n *s, k1n *minus_h) {
  k1n r;
  k1_read_signatures(lanes, &columns->signature, 64, &r, s);
  *to_r = k1_plain(r);
  const M64 r_fits = limbs_below(r.n, k1_p_limbs), s_fits = limbs_below(s->n, k1n_modulus);
  for (int i = 0; i < 5; i++) s->n[i] = SELECT(s_fits, s->n[i], SPLAT(0));
  lane_message message[LANES];
  for (int lane = 0; lane < LANES; lane++) {
    const int64_t row = lanes->row[lane], *at = columns->message.offsets + row;
    message[lane] = (lane_message){{(const uint8_t *)columns->signature.data + 64 * row, (const uint8_t *)columns->publicKey.data + 32 * row,
                                    (const uint8_t *)columns->message.data + at[0]},
                                   {32, 32, at[1] - at[0]}};
  }
  U64 hash[4];
  lanes_sha256_after_block(bip340_challenge_tag, message, hash);
  limbs_from_big_endian(hash, minus_h->n);
  *minus_h = k1n_negate(k1n_subtract_once(*minus_h));
  return SELECT(r_fits, SELECT(s_fits, SPLAT(0), SPLAT(ASSAY_REASON_scalarOutOfRange)), SPLAT(ASSAY_REASON_nonCanonicalEncoding));
}

/// BIP-340, as library/libsecp256k1.c states it: s G - h Q has an even y and x = r.
CALLED void k1_schnorr_chunk(k1_chunk *c, const assay_schnorr_secp256k1_columns *columns, const int64_t *rows, int count,
                             const k1_constants *constants) {
  const int vectors = (count + LANES - 1) / LANES;
  for (int v = 0; v < vectors; v++) {
    const lane_rows lanes = lane_rows_at(rows, count, v);
    U64 key[8];
    lanes_read_rows(&lanes, columns->publicKey.data, 32, key);
    const M64 good = k1_read_x_only(&c->w.vector[v].x, &c->w.vector[v].y, key);
    const U64 scalars = k1_read_schnorr(columns, &lanes, &c->r[v], &c->u1[v], &c->u2[v]);
    c->verdict[v] = SELECT(good, scalars, SPLAT(ASSAY_REASON_publicKeyInvalid));
  }
  k1_set_scalars(c, vectors);
  k1_make_tables(&c->w, vectors, constants);
  k1_affine_sums(c, vectors, constants);
  for (int v = 0; v < vectors; v++) {
    const M64 matches = k1_equal_canonical(c->sum[v].X, c->r[v]) & ~k1_is_odd(c->sum[v].Y);
    const U64 decided = SELECT(matches, SPLAT(ASSAY_ACCEPTED), SPLAT(ASSAY_REASON_signatureMismatch));
    lanes_write_verdicts(rows, count, v, columns->verdict.data,
                         SELECT(c->verdict[v] != 0, c->verdict[v], SELECT(c->undecided[v], SPLAT(ASSAY_UNWRITTEN), decided)));
  }
}
CALLED void k1_schnorr_known(k1_known_chunk *c, const assay_schnorr_secp256k1_columns *columns, const int64_t *rows,
                             const void *const *combs, int count, const k1_constants *constants) {
  const int vectors = (count + LANES - 1) / LANES;
  for (int v = 0; v < vectors; v++) {
    const lane_rows lanes = lane_rows_at(rows, count, v);
    c->verdict[v] = k1_read_schnorr(columns, &lanes, &c->r[v], &c->u1[v], &c->u2[v]);
  }
  k1_sum_points(&c->tree, c->u1, c->u2, combs, count, 1, constants);
  for (int v = 0; v < vectors; v++) {
    const M64 undecided = c->tree.undecided[v] | c->tree.none[v][0];
    const M64 matches = k1_equal_canonical(k1_canonical(c->tree.x[v][0]), c->r[v]) & ~k1_is_odd(k1_canonical(c->tree.y[v][0]));
    const U64 decided = SELECT(matches, SPLAT(ASSAY_ACCEPTED), SPLAT(ASSAY_REASON_signatureMismatch));
    lanes_write_verdicts(rows, count, v, columns->verdict.data,
                         SELECT(c->verdict[v] != 0, c->verdict[v], SELECT(undecided, SPLAT(ASSAY_UNWRITTEN), decided)));
  }
}
LANE_KERNEL(schnorr_secp256k1) {
  const unsigned mode = LANES_ENTER();
  for (int64_t i = 0; i < count; i += 128) {
    const int rest = (int)(count - i < 128 ? count - i : 128);
    const lane_parts parts = lane_parts_of(rows + i, memory->combs == NULL ? NULL : memory->combs + i, rest);
    if (parts.unknown_count > 0) {
      k1_schnorr_chunk(memory->workspace, (const void *)columns, parts.unknown, parts.unknown_count, memory->constants);
    }
    for (int at = 0; at < parts.known_count; at += LANES * k1_COMB_VECTORS) {
      const int part = parts.known_count - at < LANES * k1_COMB_VECTORS ? parts.known_count - at : LANES * k1_COMB_VECTORS;
      k1_schnorr_known(memory->workspace, (const void *)columns, parts.known + at, parts.comb + at, part, memory->constants);
    }
  }
  LANES_LEAVE(mode);
}

/// Combs of ECDSA's keys, or of BIP-340's.
CALLED unsigned k1_make(const assay_lane_key *given, void *const *combs, int count, k1_comb_making *t, const k1_constants *constants,
                        int x_only) {
  assay_lane_key keys[LANES];
  k1_comb *comb[LANES];
  // Lanes behind the last key repeat it, in the same comb.
  for (int lane = 0; lane < LANES; lane++) {
    keys[lane] = given[lane < count ? lane : count - 1];
    comb[lane] = combs[lane < count ? lane : count - 1];
  }
  k1 x, y;
  M64 good;
  if (x_only) {
    uint64_t bytes[LANES][8] ALIGNED;
    uint64_t framed[LANES] ALIGNED;
    for (int lane = 0; lane < LANES; lane++) {
      memset(bytes[lane], 0, 64);
      framed[lane] = 0 - (uint64_t)(keys[lane].length == 32);
      if (keys[lane].length == 32) memcpy(bytes[lane], keys[lane].bytes, 32);
    }
    U64 word[8];
    lanes_read(bytes, word);
    good = *(const M64 *)framed & k1_read_x_only(&x, &y, word);
  } else {
    good = k1_read_keys(&x, &y, keys);
  }
  k1_fill_combs(comb, x, y, t, constants);
  return LANE_BITS(good) & ((1u << count) - 1);
}
static unsigned k1_make_combs(const assay_lane_key *keys, void *const *combs, int count, const assay_lane_memory *memory) {
  const unsigned mode = LANES_ENTER(), good = k1_make(keys, combs, count, memory->workspace, memory->constants, 0);
  LANES_LEAVE(mode);
  return good;
}
static unsigned k1_make_x_only_combs(const assay_lane_key *keys, void *const *combs, int count, const assay_lane_memory *memory) {
  const unsigned mode = LANES_ENTER(), good = k1_make(keys, combs, count, memory->workspace, memory->constants, 1);
  LANES_LEAVE(mode);
  return good;
}

#include "lanes/generator_windows.inc.h"
#undef ORDER
#undef CURVE

typedef union k1_memory {
  k1_chunk chunk;
  k1_known_chunk known;
  k1_comb_making making;
  k1_preparation preparation;
} k1_memory;

static const assay_lane_scheme k1_scheme = {
  .constant_bytes = sizeof(k1_constants),
  .workspace_bytes = sizeof(k1_memory),
  .comb_bytes = sizeof(k1_comb),
  .prepare = k1_prepare,
};
