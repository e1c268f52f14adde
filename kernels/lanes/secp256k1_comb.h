// secp256k1 in lanes for registered keys: a key's comb holds the multiples of 22 windows of its point, which the two halves of u2 share, and G
// has its own: 44 + 26 points a row.

enum {
  k1_COMB_WINDOW = 6, k1_COMB_WINDOWS = 22, k1_COMB_MULTIPLES = 32,
  k1_POINTS = 2 * k1_COMB_WINDOWS + k1_G_WINDOWS,
  k1_COMB_VECTORS = 64 / LANES,
};

#define CURVE k1
#define ORDER k1n
#include "lanes/affine_tree_types.inc.h"

/// Finds the points of u1 and u2 and has them fetched.
CALLED void k1_find_points(k1_places *to, k1n u1, k1n u2, U64 combs, const k1_constants *constants) {
  U64 digits[5], k[2][3];
  M64 negative[2];
  k1_set_u1(digits, k1_plain(u1));
  k1_split(k1_plain(u2), k, negative, k1_comb_halves);
  for (int i = 0; i < k1_POINTS; i++) {
    const int half = i / k1_COMB_WINDOWS, window = i - half * k1_COMB_WINDOWS, place = i - 2 * k1_COMB_WINDOWS;
    U64 row;
    if (half < 2) {
      row = digit_row(limbs_window(k[half], 3, k1_COMB_WINDOW * window, k1_COMB_WINDOW), k1_COMB_MULTIPLES, &to->minus[i], &to->none[i]);
      to->minus[i] ^= negative[half];
      to->address[i] = combs + (row + SPLAT(window * k1_COMB_MULTIPLES)) * sizeof(k1_affine);
    } else {
      row = digit_row(limbs_window(digits, 5, k1_G_WINDOW * place, k1_G_WINDOW), k1_G_MULTIPLES, &to->minus[i], &to->none[i]);
      to->address[i] = (row * sizeof(k1_affine)) + SPLAT((uintptr_t)constants->g[place]);
    }
    prefetch_rows(to->address[i]);
  }
}
/// The second half of u2 is that of beta x.
INLINE k1 k1_turned(int i, k1 x) { return i / k1_COMB_WINDOWS == 1 ? k1_mul(x, k1_splat(k1_beta)) : x; }

#include "lanes/affine_tree.inc.h"
#undef ORDER
#undef CURVE
