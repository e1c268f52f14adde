// One width of the lane kernels. The including file has chosen a width (lanes/*.h), defined available(), and sets LANES_TABLE, LANES_NAME,
// LANES_FAMILY and LANES_REQUIRES.
#include "assay_lanes.h"

#define LANE_KERNEL(operation) \
  static void lanes_##operation(const assay_column *columns, const int64_t *rows, int64_t count, const assay_lane_memory *memory)

#include "signature/ed25519.lanes.h"
#include "signature/p256.lanes.h"
#include "signature/secp256k1.lanes.h"

const assay_lane_table LANES_TABLE = {
  .name = LANES_NAME,
  .family = LANES_FAMILY,
  .lanes = LANES,
  .requires = LANES_REQUIRES,
  .available = available,
  .entries = {
#define LANES_ENTRY(operation, scheme, combs) [ASSAY_OPERATION_##operation] = {lanes_##operation, &scheme, combs},
    LANES_ENTRY(ecdsa_secp256k1_low_s, k1_scheme, k1_make_combs)
    LANES_ENTRY(ecdsa_secp256k1_any_s, k1_scheme, k1_make_combs)
    LANES_ENTRY(ecdsa_secp256k1_recover, k1_scheme, NULL)
    LANES_ENTRY(schnorr_secp256k1, k1_scheme, k1_make_x_only_combs)
    LANES_ENTRY(ecdsa_p256_low_s, p2_scheme, p2_make_combs)
    LANES_ENTRY(ecdsa_p256_any_s, p2_scheme, p2_make_combs)
    LANES_ENTRY(ed25519_rfc8032, ed_scheme, ed_make_combs)
    LANES_ENTRY(ed25519_dalek_strict, ed_scheme, ed_make_combs)
    LANES_ENTRY(ed25519_libsodium, ed_scheme, ed_make_combs)
    LANES_ENTRY(ed25519_zip215, ed_scheme, ed_make_combs)
    LANES_ENTRY(ed25519_simd_0376, ed_scheme, ed_make_combs)
  },
};
