// ECDSA on secp256k1 in lanes. Rules, their order and their reasons are those of library/ecdsa_rules.h.
#include "lanes/hash.h"
#include "lanes/rows.h"
#include "lanes/secp256k1.h"

/// The chunk that is being verified.
typedef struct k1_chunk {
  k1_workspace w;
  k1 r[K1_VECTORS];
  k1n s[K1_VECTORS], e[K1_VECTORS], r_n[K1_VECTORS], u1[K1_VECTORS], u2[K1_VECTORS], form[K1_VECTORS], prefix[K1_VECTORS];
  /// The verdict of each lane if it is not to be decided by arithmetic, else 0.
  U64 verdict[K1_VECTORS];
  /// The sums where their coordinates are wanted, and the lanes whose sum is not known.
  k1_point sum[K1_VECTORS];
  M64 undecided[K1_VECTORS];
  k1 z[K1_VECTORS], z_prefix[K1_VECTORS];
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

/// Takes (x, y) as the keys of a vector, G in the lanes that are not `good`: a bad row must not bring a zero into an inversion that others
/// share.
INLINE void k1_set_key(k1_vector *s, k1 x, k1 y, M64 good) {
  s->x = k1_select(good, x, k1_splat(k1_gx));
  s->y = k1_select(good, y, k1_splat(k1_gy));
}

/// The keys of a vector: 33 or 65 bytes. Returns the lanes whose key is a point.
CALLED M64 k1_read_keys(k1_vector *s, const lane_rows *rows, const assay_column *column) {
  uint64_t bytes[LANES][8] ALIGNED;
  uint64_t framed[LANES] ALIGNED, compressed[LANES] ALIGNED, odd[LANES] ALIGNED;
  for (int lane = 0; lane < LANES; lane++) {
    const int64_t at = column->offsets[rows->row[lane]], length = column->offsets[rows->row[lane] + 1] - at;
    const uint8_t *key = (const uint8_t *)column->data + at;
    const int is_short = length == 33 && (key[0] == 2 || key[0] == 3), is_long = length == 65 && key[0] == 4;
    memset(bytes[lane], 0, 64);
    if (is_short || is_long) memcpy(bytes[lane], key + 1, is_short ? 32 : 64);
    framed[lane] = 0 - (uint64_t)(is_short || is_long);
    compressed[lane] = 0 - (uint64_t)is_short;
    odd[lane] = 0 - (uint64_t)(is_short && key[0] == 3);
  }
  U64 word[8];
  k1 x, y;
  lanes_read(bytes, word);
  limbs_from_big_endian(word, x.n);
  limbs_from_big_endian(word + 4, y.n);
  const M64 is_short = *(const M64 *)compressed;
  M64 good = *(const M64 *)framed & limbs_below(x.n, k1_p_limbs) & limbs_below(y.n, k1_p_limbs);
  M64 on_curve = k1_equal(k1_sqr(y), k1_curve_side(x));
  if (LANE_BITS(is_short) != 0) {
    M64 found;
    const k1 lifted = k1_lift(x, *(const M64 *)odd, &found);
    y = k1_select(is_short, lifted, y);
    on_curve = (found & is_short) | (on_curve & ~is_short);
  }
  good &= on_curve;
  k1_set_key(s, x, y, good);
  return good;
}

/// r | s of the lanes and, for rule `low_s`, s up to half the order: the verdict of the lanes that are out of range, 0 for the others,
/// which have 1 | 1 put for them.
INLINE U64 k1_check_scalars(k1n *r, k1n *s, int low_s) {
  const M64 in_range = limbs_below(r->n, k1n_modulus) & limbs_below(s->n, k1n_modulus) & ~limbs_zero(r->n) & ~limbs_zero(s->n);
  const uint64_t *half = k1_half_n;
  // s > n / 2 is not s < n / 2 + 1; the half is even, so that its successor differs in the lowest limb alone.
  const uint64_t bound[5] = {half[0] + 1, half[1], half[2], half[3], half[4]};
  const M64 high = low_s ? ~limbs_below(s->n, bound) : (M64){0};
  for (int i = 0; i < 5; i++) {
    r->n[i] = SELECT(in_range, r->n[i], SPLAT(i == 0));
    s->n[i] = SELECT(in_range, s->n[i], SPLAT(i == 0));
  }
  return SELECT(in_range, (U64)high & SPLAT(ASSAY_REASON_highS), SPLAT(ASSAY_REASON_scalarOutOfRange));
}
INLINE k1 k1_plain(k1n a) { return (k1){{a.n[0], a.n[1], a.n[2], a.n[3], a.n[4]}}; }
/// The digits of u1 and u2 of every vector.
CALLED void k1_set_scalars(k1_chunk *c, int vectors) {
  for (int v = 0; v < vectors; v++) {
    k1_set_u1(c->w.vector[v].u1, k1_plain(c->u1[v]));
    k1_split(k1_plain(c->u2[v]), c->w.vector[v].u2, c->w.vector[v].negative, k1_key_halves);
  }
}
/// The digests of the lanes as numbers below n.
INLINE k1n k1_read_digests(const lane_rows *rows, const assay_column *column) {
  k1n e;
  lanes_read_numbers(rows, column->data, 32, e.n);
  return k1n_subtract_once(e);
}
INLINE void k1_read_signatures(const lane_rows *rows, const assay_column *column, int width, k1n *r, k1n *s) {
  U64 word[8];
  lanes_read_rows(rows, column->data, width, word);
  limbs_from_big_endian(word, r->n);
  limbs_from_big_endian(word + 4, s->n);
}

CALLED void k1_ecdsa_chunk(k1_chunk *c, const assay_column *digest, const assay_column *key, const assay_column *signature,
                           uint8_t *verdict, const int64_t *rows, int count, const k1_constants *constants, int low_s) {
  const int vectors = (count + LANES - 1) / LANES;
  for (int v = 0; v < vectors; v++) {
    const lane_rows lanes = lane_rows_at(rows, count, v);
    const M64 good = k1_read_keys(&c->w.vector[v], &lanes, key);
    k1_read_signatures(&lanes, signature, 64, &c->r_n[v], &c->s[v]);
    const U64 scalars = k1_check_scalars(&c->r_n[v], &c->s[v], low_s);
    c->verdict[v] = SELECT(good, scalars, SPLAT(ASSAY_REASON_publicKeyInvalid));
    c->e[v] = k1_read_digests(&lanes, digest);
    c->r[v] = k1_plain(c->r_n[v]);
  }
  k1n_divide_many(c->s, c->e, c->r_n, c->u1, c->u2, vectors, c->form, c->prefix, &constants->n);
  k1_set_scalars(c, vectors);
  k1_make_tables(&c->w, vectors, constants);
  for (int v = 0; v < vectors; v++) {
    M64 undecided;
    const k1_point sum = k1_ladder(&c->w.vector[v], constants, &undecided);
    // x is r, or r + n where that is below p: X = r Z^2 without an inversion.
    const k1 zz = k1_sqr(sum.Z), x = k1_canonical(sum.X), r = c->r[v];
    M64 matches = k1_equal_canonical(k1_canonical(k1_mul(r, zz)), x);
    const M64 wraps = limbs_below(r.n, k1_p_less_n);
    if (LANE_BITS(wraps) != 0) {
      matches |= wraps & k1_equal_canonical(k1_canonical(k1_mul(k1_add(r, k1_splat(k1n_modulus)), zz)), x);
    }
    const U64 decided = SELECT(matches, SPLAT(ASSAY_ACCEPTED), SPLAT(ASSAY_REASON_signatureMismatch));
    lanes_write_verdicts(rows, count, v, verdict,
                         SELECT(c->verdict[v] != 0, c->verdict[v], SELECT(undecided, SPLAT(ASSAY_UNWRITTEN), decided)));
  }
}
INLINE void k1_ecdsa(const assay_column *digest, const assay_column *key, const assay_column *signature,
                     const assay_column *verdict, const int64_t *rows, int64_t count, const assay_lane_memory *memory, int low_s) {
  const unsigned mode = LANES_ENTER();
  for (int64_t i = 0; i < count; i += LANES * K1_VECTORS) {
    const int part = (int)(count - i < LANES * K1_VECTORS ? count - i : LANES * K1_VECTORS);
    k1_ecdsa_chunk(memory->workspace, digest, key, signature, verdict->data, rows + i, part, memory->constants, low_s);
  }
  LANES_LEAVE(mode);
}

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
  k1_invert_many(c->z, c->z_prefix, vectors, &constants->p);
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
    k1_set_key(&c->w.vector[v], x, y, found);
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
  for (int64_t i = 0; i < count; i += LANES * K1_VECTORS) {
    const int part = (int)(count - i < LANES * K1_VECTORS ? count - i : LANES * K1_VECTORS);
    k1_recover_chunk(memory->workspace, (const void *)columns, rows + i, part, memory->constants);
  }
  LANES_LEAVE(mode);
}

/// BIP-340, as library/libsecp256k1.c states it: s G - h Q has an even y and x = r.
CALLED void k1_schnorr_chunk(k1_chunk *c, const assay_schnorr_secp256k1_columns *columns, const int64_t *rows, int count,
                             const k1_constants *constants) {
  const int vectors = (count + LANES - 1) / LANES;
  for (int v = 0; v < vectors; v++) {
    const lane_rows lanes = lane_rows_at(rows, count, v);
    k1 x;
    M64 found;
    lanes_read_numbers(&lanes, columns->publicKey.data, 32, x.n);
    const k1 y = k1_lift(x, (M64){0}, &found);
    const M64 good = found & limbs_below(x.n, k1_p_limbs);
    k1_set_key(&c->w.vector[v], x, y, good);
    k1n r;
    k1_read_signatures(&lanes, &columns->signature, 64, &r, &c->u1[v]);
    c->r[v] = k1_plain(r);
    const M64 r_fits = limbs_below(r.n, k1_p_limbs), s_fits = limbs_below(c->u1[v].n, k1n_modulus);
    const U64 scalars = SELECT(r_fits, SELECT(s_fits, SPLAT(0), SPLAT(ASSAY_REASON_scalarOutOfRange)),
                               SPLAT(ASSAY_REASON_nonCanonicalEncoding));
    c->verdict[v] = SELECT(good, scalars, SPLAT(ASSAY_REASON_publicKeyInvalid));
    for (int i = 0; i < 5; i++) c->u1[v].n[i] = SELECT(s_fits, c->u1[v].n[i], SPLAT(0));
    U64 hash[4];
    lane_message message[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      const int64_t row = lanes.row[lane], *at = columns->message.offsets + row;
      message[lane] = (lane_message){{(const uint8_t *)columns->signature.data + 64 * row, (const uint8_t *)columns->publicKey.data + 32 * row,
                                      (const uint8_t *)columns->message.data + at[0]},
                                     {32, 32, at[1] - at[0]}};
    }
    lanes_sha256_after_block(bip340_challenge_tag, message, hash);
    limbs_from_big_endian(hash, c->u2[v].n);
    c->u2[v] = k1n_negate(k1n_subtract_once(c->u2[v]));
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
LANE_KERNEL(schnorr_secp256k1) {
  const unsigned mode = LANES_ENTER();
  for (int64_t i = 0; i < count; i += LANES * K1_VECTORS) {
    const int part = (int)(count - i < LANES * K1_VECTORS ? count - i : LANES * K1_VECTORS);
    k1_schnorr_chunk(memory->workspace, (const void *)columns, rows + i, part, memory->constants);
  }
  LANES_LEAVE(mode);
}

/// What k1_prepare works with: the multiples of LANES windows at a time, one window a lane.
typedef struct k1_preparation {
  k1 base[2][(K1_G_WINDOWS + LANES - 1) / LANES];
  k1 z[(K1_G_WINDOWS + LANES - 1) / LANES], z_prefix[(K1_G_WINDOWS + LANES - 1) / LANES];
  k1 x[K1_G_MULTIPLES], y[K1_G_MULTIPLES], difference[K1_G_MULTIPLES / 2], prefix[K1_G_MULTIPLES / 2];
  k1_affine unused;
} k1_preparation;

CALLED void k1_make_constants(k1_constants *constants, k1_preparation *t) {
  enum { VECTORS = (K1_G_WINDOWS + LANES - 1) / LANES };
  constants->p = inverse62_prepare(k1_p_words);
  constants->n = inverse62_prepare(k1_n_words);
  k1_point base = {k1_splat(k1_gx), k1_splat(k1_gy), k1_small(1)};
  for (int window = 0; window < VECTORS * LANES; window++) {
    const int v = window / LANES;
    const M64 lane = (M64)(LANE_NUMBERS == (uint64_t)(window % LANES));
    t->base[0][v] = k1_select(lane, base.X, t->base[0][v]);
    t->base[1][v] = k1_select(lane, base.Y, t->base[1][v]);
    t->z[v] = k1_select(lane, base.Z, t->z[v]);
    for (int i = 0; i < K1_G_WINDOW; i++) base = k1_double(base);
  }
  k1_invert_many(t->z, t->z_prefix, VECTORS, &constants->p);
  for (int v = 0; v < VECTORS; v++) {
    const k1 zz = k1_sqr(t->z[v]);
    t->x[0] = k1_canonical(k1_product(t->base[0][v], zz));
    t->y[0] = k1_canonical(k1_product(t->base[1][v], k1_product(zz, t->z[v])));
    k1_make_multiples(t->x, t->y, 1, K1_G_MULTIPLES, t->difference, t->prefix, &constants->p);
    for (int i = 0; i < K1_G_MULTIPLES; i++) {
      k1_affine *row[LANES];
      for (int lane = 0; lane < LANES; lane++) {
        const int window = v * LANES + lane;
        row[lane] = window < K1_G_WINDOWS ? &constants->g[window][i] : &t->unused;
      }
      k1_store_points(row, t->x[i], t->y[i]);
    }
  }
}
static void k1_prepare(void *constants, void *workspace) {
  const unsigned mode = LANES_ENTER();
  k1_make_constants(constants, workspace);
  LANES_LEAVE(mode);
}

static const assay_lane_scheme k1_scheme = {
  .constant_bytes = sizeof(k1_constants),
  .workspace_bytes = sizeof(k1_chunk) > sizeof(k1_preparation) ? sizeof(k1_chunk) : sizeof(k1_preparation),
  .prepare = k1_prepare,
};
