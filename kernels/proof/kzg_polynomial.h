// Polynomials over BLS12-381's Fr as EIP-4844 and EIP-7594 carry them: values on roots of unity in bit-reversed order.
#ifndef ASSAY_PROOF_KZG_POLYNOMIAL_H
#define ASSAY_PROOF_KZG_POLYNOMIAL_H

#include "curve/pairing/bls12381.h"
#include "curve/pairing/kzg.constants.h"

enum { kzg_levels = 12, kzg_blob_bytes = 32 << kzg_levels, kzg_cell_size = 64, kzg_cells = 128 };

/// y = the value at z of the polynomial of degree < 4096 whose values a blob holds; 0 when a value is not below r.
///
/// Folding instead of the barycentric formula: neighbours in bit-reversed order are f(w) and f(-w), and
/// f(z) = (f(w) + f(-w)) / 2 + z (f(w) - f(-w)) / (2 w) interpolates the even and odd parts at w^2, so one level at a time
/// the 4096 values become one. A level takes two products a pair, z equal to a root needs no case of its own, nothing is
/// inverted and only one value a level is kept. The factor z^(2^level) / (2 w_k) moves from pair to pair by a constant that
/// depends on the trailing ones of k, the same at every level because a level's roots are the first half of the level below.
LIMBS_FUNCTION int kzg_evaluate(bls12381_fr *y, const uint8_t *blob, const bls12381_fr *z) {
  static const bls12381_fr half = KZG_HALF, ratios[] = KZG_ROOT_RATIOS;
  bls12381_fr factors[kzg_levels], waiting[kzg_levels], value, t;
  uint32_t pairs[kzg_levels] = {0};
  bls12381_fr_mul(&factors[0], z, &half);
  t = *z;
  for (int level = 1; level < kzg_levels; level++) {
    bls12381_fr_sqr(&t, &t);
    bls12381_fr_mul(&factors[level], &t, &half);
  }
  for (int i = 0; i < 1 << kzg_levels; i++) {
    if (!bls12381_fr_from_bytes(&value, blob + 32 * i)) return 0;
    // A carry through the levels, as in a binary counter.
    int level = 0;
    for (; i >> level & 1; level++) {
      bls12381_fr difference;
      bls12381_fr_sub(&difference, &waiting[level], &value);
      bls12381_fr_mul(&difference, &difference, &factors[level]);
      bls12381_fr_add(&value, &waiting[level], &value);
      bls12381_fr_halve(&value, &value);
      bls12381_fr_add(&value, &value, &difference);
      const int ones = __builtin_ctz(~pairs[level]++);
      if (ones < kzg_levels - 1) bls12381_fr_mul(&factors[level], &factors[level], &ratios[ones]);
    }
    if (level < kzg_levels) waiting[level] = value;
  }
  *y = value;
  return 1;
}

/// sums[i] += factor * (coefficient i of the polynomial of degree < 64 whose values on cell k's coset a cell holds). The
/// cell was checked before.
LIMBS_FUNCTION void kzg_add_interpolation(bls12381_fr sums[kzg_cell_size], const uint8_t *cell, uint64_t k,
                                          const bls12381_fr *factor) {
  static const bls12381_fr roots[] = KZG_CELL_ROOTS, shifts[] = KZG_CELL_SHIFTS, size_inverse = KZG_CELL_SIZE_INVERSE;
  bls12381_fr values[kzg_cell_size], t, scale, shift;
  for (int i = 0; i < kzg_cell_size; i++) (void)bls12381_fr_from_bytes(&values[i], cell + 32 * i);
  // Inverse transform by Cooley and Tukey from bit-reversed values to ordered coefficients.
  for (int width = 1; width < kzg_cell_size; width *= 2) {
    for (int start = 0; start < kzg_cell_size; start += 2 * width) {
      for (int i = 0; i < width; i++) {
        bls12381_fr *a = &values[start + i], *b = &values[start + i + width];
        bls12381_fr_mul(&t, b, &roots[i * (kzg_cell_size / 2 / width)]);
        bls12381_fr_sub(b, a, &t);
        bls12381_fr_add(a, a, &t);
      }
    }
  }
  // The coset's shift h turns coefficient i into h^-i times it.
  bls12381_fr_mul(&scale, factor, &size_inverse);
  bls12381_fr_inv(&shift, &shifts[k]);
  for (int i = 0; i < kzg_cell_size; i++) {
    bls12381_fr_mul(&t, &values[i], &scale);
    bls12381_fr_add(&sums[i], &sums[i], &t);
    bls12381_fr_mul(&scale, &scale, &shift);
  }
}

/// r = h_k^64, what tau^64 is compared with for cell k.
LIMBS_FUNCTION void kzg_cell_shift_power(bls12381_fr *r, uint64_t k) {
  static const bls12381_fr shifts[] = KZG_CELL_SHIFTS;
  *r = shifts[k];
  for (int i = 0; i < 6; i++) bls12381_fr_sqr(r, r);
}

#endif
