// hash_to_curve for BN254 after its message was expanded: 96 uniform bytes to a point of G1 in EIP-196's encoding.
#if DIALECT_LIMBS

#include "curve/bn254_map_g1.h"

#define ASSAY_PROVIDES_bn254_map_uniform_to_g1 ASSAY_YES
KERNEL(bn254_map_uniform_to_g1) {
  const assay_bn254_map_uniform_to_g1_columns *c = COLUMNS(bn254_map_uniform_to_g1);
  const uint8_t *uniform = c->uniform.data;
  uint8_t *point = c->point.data;
  for (int64_t row = first; row < end; row++) bn254_point_of_uniform(point + 64 * row, uniform + 96 * row);
}

#endif
