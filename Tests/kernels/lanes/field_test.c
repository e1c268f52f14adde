// One width of the lane arithmetic by itself, LANES_WIDTH: field products against 128-bit arithmetic over edge values, the ladder and the tree
// of secp256k1 in a group of 199 points where many additions are exceptional.
//
//   field_test ROUNDS
#ifndef LANES_WIDTH
#define LANES_WIDTH "lanes/portable2.h"
#endif
#include LANES_WIDTH
#define LANE_KERNEL(operation) \
  static __attribute__((unused)) void lanes_##operation(const assay_column *columns, const int64_t *rows, int64_t count, const assay_lane_memory *memory)
#include "assay_lanes.h"
#include "signature/ed25519.lanes.h"
#include "signature/p256.lanes.h"
#include "signature/secp256k1.lanes.h"

#include "lane_tables.h"

// numbers of 320 bits, for the model

typedef struct number {
  uint64_t w[10];
} number;

static number multiply(const uint64_t a[5], const uint64_t b[5]) {
  number r = {{0}};
  for (int i = 0; i < 5; i++) {
    uint64_t carry = 0;
    for (int j = 0; j < 5; j++) {
      const unsigned __int128 t = (unsigned __int128)a[i] * b[j] + r.w[i + j] + carry;
      r.w[i + j] = (uint64_t)t, carry = (uint64_t)(t >> 64);
    }
    r.w[i + 5] = carry;
  }
  return r;
}
/// r modulo m by subtracting shifted copies, bit by bit.
static void remainder_of(number r, const uint64_t m[4], uint64_t out[4]) {
  uint64_t rest[5] = {0};
  for (int bit = 639; bit >= 0; bit--) {
    for (int i = 4; i > 0; i--) rest[i] = rest[i] << 1 | rest[i - 1] >> 63;
    rest[0] = rest[0] << 1 | (r.w[bit / 64] >> bit % 64 & 1);
    uint64_t less[5];
    unsigned __int128 borrow = 0;
    for (int i = 0; i < 5; i++) {
      const unsigned __int128 t = (unsigned __int128)rest[i] - (i < 4 ? m[i] : 0) - (uint64_t)borrow;
      less[i] = (uint64_t)t, borrow = t >> 64 & 1;
    }
    if (borrow == 0) memcpy(rest, less, sizeof rest);
  }
  memcpy(out, rest, 32);
}
static void words_of(const uint64_t limb[5], uint64_t word[5]) {
  memset(word, 0, 40);
  for (int i = 0; i < 5; i++) {
    const int at = 52 * i;
    word[at / 64] += limb[i] << at % 64;
    if (at % 64 > 12) word[at / 64 + 1] += limb[i] >> (64 - at % 64);
  }
}
/// Limbs below 2^52: ends of the range, a modulus and its neighbours, few bits, many bits.
static void edge_limbs(uint64_t limb[5], const uint64_t modulus[5]) {
  const uint64_t kind = random_word() % 6;
  for (int i = 0; i < 5; i++) {
    const uint64_t random = random_word() & LANE_MASK52;
    limb[i] = kind == 0   ? random
              : kind == 1 ? (random_word() % 2 ? 0 : LANE_MASK52)
              : kind == 2 ? modulus[i]
              : kind == 3 ? 1ull << random_word() % 52
              : kind == 4 ? LANE_MASK52 - (random_word() % 3)
                          : (random_word() % 3 ? random : 0);
  }
  if (kind == 2) limb[0] = (limb[0] + random_word() % 5 - 2) & LANE_MASK52;
}

static int failures;
static void expect(int good, const char *what) {
  if (!good && failures++ < 10) printf("  wrong: %s\n", what);
}

#define LIMBS_TO_LANES(type, value, limbs) \
  for (int lane = 0; lane < LANES; lane++) { for (int i = 0; i < 5; i++) (value).n[i][lane] = (limbs)[lane][i]; }

#define FIELD_TEST(type, m_limbs, m_words, montgomery)                                                                       \
  static void test_##type(int rounds) {                                                                                      \
    for (int round = 0; round < rounds; round++) {                                                                           \
      uint64_t a[LANES][5], b[LANES][5];                                                                                     \
      type x, y;                                                                                                             \
      for (int lane = 0; lane < LANES; lane++) edge_limbs(a[lane], m_limbs), edge_limbs(b[lane], m_limbs);                   \
      LIMBS_TO_LANES(type, x, a)                                                                                             \
      LIMBS_TO_LANES(type, y, b)                                                                                             \
      const type product = type##_canonical(type##_mul(x, y)), square = type##_canonical(type##_sqr(x));                     \
      const type sum = type##_canonical(type##_mul_add(x, type##_canonical(y), y, type##_canonical(x)));                     \
      for (int lane = 0; lane < LANES; lane++) {                                                                             \
        uint64_t p[5], q[5], have[5], limb[5], want[4], scaled[4], one[5] = {0};                                             \
        words_of(a[lane], p), words_of(b[lane], q);                                                                          \
        one[4] = montgomery ? 16 : 0, one[0] = montgomery ? 0 : 1;  /* R = 2^260 */                                          \
        for (int kind = 0; kind < 3; kind++) {                                                                               \
          const type *result = kind == 0 ? &product : kind == 1 ? &square : &sum;                                            \
          for (int i = 0; i < 5; i++) limb[i] = result->n[i][lane];                                                          \
          words_of(limb, have);                                                                                              \
          number t = multiply(p, kind == 1 ? p : q);                                                                         \
          remainder_of(t, m_words, want);                                                                                    \
          if (kind == 2) {                                                                                                   \
            const uint64_t again[5] = {want[0], want[1], want[2], want[3], 0}, two[5] = {2};                                 \
            remainder_of(multiply(again, two), m_words, want);                                                               \
          }                                                                                                                  \
          remainder_of(multiply(have, one), m_words, scaled);                                                                \
          expect(memcmp(scaled, want, 32) == 0, #type);                                                                      \
        }                                                                                                                    \
      }                                                                                                                      \
    }                                                                                                                        \
    printf("  %s: %d products, squares and sums\n", #type, rounds *LANES);                                                   \
  }
FIELD_TEST(k1, k1_p_limbs, k1_p_words, 0)
FIELD_TEST(f25, ed_p_limbs, ed_p_words, 0)
FIELD_TEST(p2, p2_p_limbs, p2_p_words, 1)

static void test_inverses(int rounds) {
  const uint64_t *words[3] = {k1_p_words, k1_n_words, p2_n_words};
  for (int m = 0; m < 3; m++) {
    const inverse62_modulus modulus = inverse62_prepare(words[m]);
    for (int round = 0; round < rounds; round++) {
      uint64_t x[5] = {0}, y[5] = {0}, product[4];
      for (int i = 0; i < 4; i++) x[i] = round % 3 == 0 ? random_word() % 3 : random_word();
      number t = {{x[0], x[1], x[2], x[3]}};
      remainder_of(t, words[m], x);
      inverse62(&modulus, x, y);
      remainder_of(multiply(x, y), words[m], product);
      const int zero = (x[0] | x[1] | x[2] | x[3]) == 0;
      expect(product[0] == !zero && (product[1] | product[2] | product[3]) == 0, "inverse");
    }
  }
  printf("  inverses: %d\n", 3 * rounds);
}

// The group of order 199 of y^2 = x^3 + 4 over secp256k1's field: the formulas do not know the constant, so it runs the same code.

enum { ORDER199 = 199 };
static k1_affine group[ORDER199];
static int eigenvalue;

static int modulo(int64_t a) { return (int)((a % ORDER199 + ORDER199) % ORDER199); }
static k1 splat_words(const uint64_t w[4]) {
  const U64 word[4] = {SPLAT(w[0]), SPLAT(w[1]), SPLAT(w[2]), SPLAT(w[3])};
  k1 r;
  limbs_from_words(word, r.n);
  return r;
}
static void make_group(const k1_constants *constants) {
  // The generator of libsecp256k1's exhaustive tests.
  static const uint64_t x[4] = {0xB76ABAD51F2703AD, 0x35108A7F051F41E5, 0x553902E27A87EA2C, 0x7FB07B5CD07C3BDA};
  static const uint64_t y[4] = {0x3A4F3116D32FF969, 0x6D6F474598990C27, 0x952A634FAC10DD4D, 0x0A2515395B4C4438};
  const k1 gx = splat_words(x), gy = splat_words(y);
  k1_point p = {gx, gy, k1_one()};
  for (int i = 1; i < ORDER199; i++) {
    k1 inverse = k1_invert_lanes(p.Z, &constants->p);
    const k1 square = k1_sqr(inverse), ax = k1_canonical(k1_mul(p.X, square)), ay = k1_canonical(k1_mul(p.Y, k1_mul(square, inverse)));
    k1_affine *row[LANES];
    for (int lane = 0; lane < LANES; lane++) row[lane] = &group[i];
    k1_store_points(row, ax, ay);
    p = i == 1 ? k1_double(p) : k1_add_affine(p, gx, gy, (M64){0});
    if (i == ORDER199 - 1) expect(LANE_BITS(k1_is_zero(p.Z)) == (1u << LANES) - 1, "the group's order");
  }
  U64 word[4];
  uint64_t turned[4];
  limbs_to_words(k1_canonical(k1_mul(gx, k1_splat(k1_beta))).n, word);
  for (int i = 0; i < 4; i++) turned[i] = word[i][0];
  for (int i = 1; i < ORDER199; i++) {
    if (memcmp(group[i].word, turned, 32) == 0 && memcmp(group[i].word + 4, group[1].word + 4, 32) == 0) eigenvalue = i;
  }
  expect(eigenvalue > 0, "the endomorphism");
}
static void set_window(U64 *limb, int limbs, int at, int lane, uint64_t value) {
  limb[at / 52][lane] |= value << at % 52 & LANE_MASK52;
  if (at / 52 + 1 < limbs && at % 52 > 0) limb[at / 52 + 1][lane] |= value >> (52 - at % 52);
}
static int same_point(const k1_affine *found, int index) { return memcmp(found->word, group[index].word, 64) == 0; }
static void load_group(k1 *x, k1 *y, const int index[LANES]) {
  const uint64_t *row[LANES];
  U64 word[8];
  for (int lane = 0; lane < LANES; lane++) row[lane] = group[index[lane]].word;
  load_rows(row, word);
  limbs_from_words(word, x->n), limbs_from_words(word + 4, y->n);
}
/// The points of a sum, canonical, by one inversion a lane.
static void store_sum(k1_affine found[LANES], k1_point sum, M64 undecided, const k1_constants *constants) {
  const k1 z = k1_invert_lanes(k1_select(undecided, k1_one(), sum.Z), &constants->p), zz = k1_sqr(z);
  k1_affine *row[LANES];
  for (int lane = 0; lane < LANES; lane++) row[lane] = &found[lane];
  k1_store_points(row, k1_canonical(k1_mul(sum.X, zz)), k1_canonical(k1_mul(sum.Y, k1_mul(zz, z))));
}

static void test_ladder(int rounds, k1_constants *constants, k1_workspace *w) {
  int shift = 1, flagged = 0;
  for (int i = 0; i < 130; i++) shift = modulo(2 * shift);
  for (int d = 1; d <= k1_G_MULTIPLES; d++) {
    constants->g[0][d - 1] = group[modulo(d)];
    constants->g[k1_G_WINDOWS / 2][d - 1] = group[modulo((int64_t)d * shift)];
  }
  for (int round = 0; round < rounds; round++) {
    k1_vector *s = &w->vector[0];
    int q[LANES], digit[2][k1_WINDOWS][LANES], g_digit[k1_G_WINDOWS][LANES];
    memset(s->u1, 0, sizeof s->u1);
    memset(s->u2, 0, sizeof s->u2);
    const uint64_t negative = random_word();
    for (int lane = 0; lane < LANES; lane++) {
      q[lane] = 1 + (int)(random_word() % (ORDER199 - 1));
      const int kind = (int)(random_word() % 3);  // dense, sparse, late
      for (int i = 0; i < k1_WINDOWS; i++) {
        for (int half = 0; half < 2; half++) {
          const int none = (kind == 1 && random_word() % 4 != 0) || (kind == 2 && i > 3);
          digit[half][i][lane] = none ? 0 : (int)(random_word() % 32) - 16;
          set_window(s->u2[half], 3, k1_WINDOW * i, lane, (uint64_t)(digit[half][i][lane] + 16));
          s->negative[half][lane] = -(int64_t)(negative >> (2 * lane + half) & 1);
        }
      }
      for (int i = 0; i < k1_G_WINDOWS; i++) {
        int d;
        do d = (kind == 1 && random_word() % 4 != 0) || (kind == 2 && i % 13 > 1) ? 0 : (int)(random_word() % 1024) - 512; while (d != 0 && d % ORDER199 == 0);
        g_digit[i][lane] = d;
        set_window(s->u1, 5, k1_G_WINDOW * i, lane, (uint64_t)(d + 512));
      }
    }
    load_group(&s->x, &s->y, q);
    k1_make_tables(w, 1, constants);
    M64 undecided;
    const k1_point sum = k1_ladder(s, constants, &undecided);
    k1_affine found[LANES];
    store_sum(found, sum, undecided, constants);
    for (int lane = 0; lane < LANES; lane++) {
      for (int d = 1; d <= k1_MULTIPLES; d++) expect(same_point(&s->multiple[d - 1][lane], modulo(d * q[lane])), "a key's multiples");
      int at = 0, started = 0, exceptional = 0;
      for (int window = k1_WINDOWS - 1; window >= 0; window--) {
        for (int i = 0; i < k1_WINDOW; i++) at = modulo(2 * at);
        for (int part = 0; part < (window % 2 == 0 ? 4 : 2); part++) {
          const int half = part % 2;
          int64_t d = part < 2 ? digit[half][window][lane] : g_digit[window / 2 + half * k1_G_WINDOWS / 2][lane];
          if (d == 0) continue;
          if (part < 2) d = (negative >> (2 * lane + half) & 1 ? -d : d) * q[lane] * (half ? eigenvalue : 1);
          else if (half) d *= shift;
          const int point = modulo(d);
          exceptional |= started && (at == point || modulo(at + point) == 0);
          started = 1, at = modulo(at + point);
        }
      }
      const int flag = undecided[lane] != 0;
      flagged += flag;
      expect(flag == (exceptional || !started), "the ladder's flag");
      if (!flag) expect(same_point(&found[lane], at), "the ladder's point");
    }
  }
  printf("  order 199, ladder: %d lanes, %d flagged\n", rounds * LANES, flagged);
}

static void test_tree(int rounds, const k1_constants *constants, k1_tree *t) {
  int flagged = 0;
  for (int round = 0; round < rounds; round++) {
    const int vectors = 1 + (int)(random_word() % k1_COMB_VECTORS);
    static int index[k1_COMB_VECTORS][k1_POINTS][LANES];
    for (int v = 0; v < vectors; v++) {
      t->undecided[v] = (M64){0};
      for (int i = 0; i < k1_POINTS; i++) {
        for (int lane = 0; lane < LANES; lane++) {
          // Few points, so that most lanes end without an exception.
          index[v][i][lane] = random_word() % 16 ? 0 : 1 + (int)(random_word() % (ORDER199 - 1));
          t->none[v][i][lane] = -(int64_t)(index[v][i][lane] == 0);
        }
        int some[LANES];
        for (int lane = 0; lane < LANES; lane++) some[lane] = index[v][i][lane] ? index[v][i][lane] : 1;
        load_group(&t->x[v][i], &t->y[v][i], some);
      }
    }
    int exceptional[k1_COMB_VECTORS][LANES] = {{0}};
    for (int points = k1_POINTS; points > 1;) {
      const int pairs = points / 2;
      for (int v = 0; v < vectors; v++) {
        for (int lane = 0; lane < LANES; lane++) {
          for (int i = 0; i < pairs; i++) {
            const int a = index[v][2 * i][lane], b = index[v][2 * i + 1][lane];
            exceptional[v][lane] |= a != 0 && b != 0 && (a == b || a + b == ORDER199);
            index[v][i][lane] = modulo(a + b);
          }
          if (points % 2 != 0) index[v][pairs][lane] = index[v][points - 1][lane];
        }
      }
      points = k1_sum_level(t, vectors, points, constants);
    }
    for (int v = 0; v < vectors; v++) {
      k1_affine found[LANES];
      store_sum(found, (k1_point){t->x[v][0], t->y[v][0], k1_one()}, (M64){0}, constants);
      for (int lane = 0; lane < LANES; lane++) {
        const int flag = t->undecided[v][lane] != 0;
        flagged += flag;
        expect(flag == exceptional[v][lane], "the tree's flag");
        if (flag) continue;
        expect((t->none[v][0][lane] != 0) == (index[v][0][lane] == 0), "the tree's infinity");
        if (index[v][0][lane] != 0) expect(same_point(&found[lane], index[v][0][lane]), "the tree's point");
      }
    }
  }
  printf("  order 199, tree: %d chunks, %d lanes flagged\n", rounds, flagged);
}

int main(int argc, char **argv) {
  MUST(argc == 2);
  const int rounds = atoi(argv[1]);
  k1_constants *constants = aligned(sizeof *constants);
  k1_memory *memory = aligned(sizeof *memory);
  k1_prepare(constants, memory);
  const unsigned mode = LANES_ENTER();
  test_k1(rounds), test_f25(rounds), test_p2(rounds);
  make_group(constants);
  test_tree(rounds / 10 + 1, constants, &memory->known.tree);
  test_ladder(rounds / 10 + 1, constants, &memory->chunk.w);
  LANES_LEAVE(mode);
  test_inverses(rounds);
  free(constants);
  free(memory);
  printf("  %d failures\n", failures);
  return failures > 0;
}
