// Multi-limb integers of 4 and 6 limbs, least significant first: products, Montgomery reduction, modular addition.
//
//   limbsN_mul(w, a, b)         w[2N] = a * b
//   limbsN_redc(r, w, m, k)     r = w / 2^(64 N) mod m, fully reduced, for w < m * 2^(64 N) and k = -1/m mod 2^64
//   limbsN_montgomery(r, a, b, m, k)   r = a * b / 2^(64 N) mod m for a * b < m * 2^(64 N)
//   limbsN_add(r, a, b, m)      r = a + b mod m for a, b < m and 2 m < 2^(64 N)
//   limbsN_sub(r, a, b, m)      r = a - b mod m
//
// These hold public data only: verification has no secrets, so nothing here promises constant time.
#ifndef ASSAY_FIELD_LIMBS_H
#define ASSAY_FIELD_LIMBS_H

#define LIMBS_UNROLL _Pragma("clang loop unroll(full)")
#define LIMBS_FUNCTION static __attribute__((unused))

#define LIMBS_PASTE_(a, b) a##b
#define LIMBS_PASTE(a, b) LIMBS_PASTE_(a, b)

// ADX is part of the AVX2 table's requirements; every other table takes the portable products.
#if defined(DIALECT_AVX2) && defined(__x86_64__)
#define LIMBS_ADX 1
#endif

#define LIMBS 4
#include "field/limbs.inc.h"
#undef LIMBS
#define LIMBS 6
#include "field/limbs.inc.h"
#undef LIMBS

#if LIMBS_ADX
#include "field/limbs_adx.h"
#endif

#endif
