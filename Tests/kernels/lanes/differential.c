// Every width of the lane kernels against the reference kernels (libsecp256k1, OpenSSL, the portable ones), byte for byte.
//
//   differential ROWS [OPERATION]     ROWS rows of each operation: signed rows, damaged in many ways, edge values, exceptional sums
//   differential time ROWS OPERATION  microseconds a row of every width and of the reference, valid rows, best of several rounds
//
// Rows are signed by libsecp256k1 and OpenSSL. Undecided rows count; they may be few only.
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_recovery.h>
#include <secp256k1_schnorrsig.h>

#include "assay_library_kernels.h"
#include "lane_tables.h"

enum { KEYS = 64 };

static secp256k1_context *context;
static uint8_t secret[KEYS][32];
static int key_count = KEYS;

/// A batch under construction: every column with room for all rows.
typedef struct batch {
  const assay_operation_description *operation;
  int id, rows;
  assay_column column[8];
} batch;

static int column_named(const batch *b, const char *name) {
  for (int i = 0; i < b->operation->column_count; i++) {
    if (strcmp(b->operation->columns[i].name, name) == 0) return i;
  }
  return -1;
}
static void append(batch *b, const char *name, const void *value, int length) {
  const int i = column_named(b, name);
  if (b->column[i].offsets == NULL) {
    memcpy((uint8_t *)b->column[i].data + (int64_t)length * b->rows, value, (size_t)length);
    return;
  }
  int64_t *offsets = (int64_t *)b->column[i].offsets;
  memcpy((uint8_t *)b->column[i].data + offsets[b->rows], value, (size_t)length);
  offsets[b->rows + 1] = offsets[b->rows] + length;
}
static batch make_batch(int id, int rows) {
  batch b = {.operation = &assay_operations()[id], .id = id};
  for (int i = 0; i < b.operation->column_count; i++) {
    const assay_column_description *c = &b.operation->columns[i];
    b.column[i].data = aligned(c->width > 0 ? (int64_t)c->width * rows : 400ll * rows);
    if (c->kind == ASSAY_KIND_MESSAGE) {
      int64_t *offsets = aligned(8ll * (rows + 1));
      offsets[0] = 0;
      b.column[i].offsets = offsets;
    }
  }
  return b;
}
static void free_batch(batch *b) {
  for (int i = 0; i < b->operation->column_count; i++) {
    free(b->column[i].data);
    free((void *)b->column[i].offsets);
  }
}

static void flip(uint8_t *bytes, int count) { bytes[random_word() % (uint64_t)count] ^= (uint8_t)(1 << random_word() % 8); }
static uint8_t *edge(uint8_t *scalar) {
  static const uint8_t n[32] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
                                0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};
  static const uint8_t half[32] = {0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                   0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0};
  static const uint8_t p[32] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xfc, 0x2f};
  switch (random_word() % 5) {
    case 0: memcpy(scalar, n, 32); break;
    case 1: memcpy(scalar, half, 32); break;
    case 2: memcpy(scalar, p, 32); break;
    case 3: memset(scalar, random_word() % 2 ? 0 : 0xff, 32); break;
    default: memset(scalar, random_word() % 2 ? 0 : 0xff, 16);
  }
  scalar[31] = (uint8_t)(scalar[31] + random_word() % 3 - 1);
  return scalar;
}

static void ecdsa_row(batch *b, int valid) {
  const int k = (int)(random_word() % (uint64_t)key_count);
  uint8_t digest[32], key[66], signature[64];
  size_t length = random_word() % 2 ? 33 : 65;
  random_bytes(digest, 32);
  if (!valid && random_word() % 16 == 0) edge(digest);
  secp256k1_pubkey point;
  secp256k1_ecdsa_signature s;
  MUST(secp256k1_ec_pubkey_create(context, &point, secret[k]));
  secp256k1_ec_pubkey_serialize(context, key, &length, &point, length == 33 ? SECP256K1_EC_COMPRESSED : SECP256K1_EC_UNCOMPRESSED);
  MUST(secp256k1_ecdsa_sign(context, &s, digest, secret[k], NULL, NULL));
  secp256k1_ecdsa_signature_serialize_compact(context, signature, &s);
  int size = (int)length;
  switch (valid ? 99 : random_word() % 16) {
    case 0: flip(signature, 64); break;
    case 1: flip(digest, 32); break;
    case 2: flip(key, size); break;
    case 3: edge(signature + 32 * (random_word() % 2)); break;
    case 4: memcpy(signature + 32, signature, 32), memcpy(digest, signature, 32); break;                // u1 = u2 = 1
    case 5: memcpy(signature, key + 1, 32), memcpy(signature + 32, key + 1, 32), memset(digest, 0, 32); break;  // u1 = 0, u2 = 1
    case 6: size = (int)(random_word() % 67); break;
    case 7: edge(key + 1 + (size == 65 && random_word() % 2 ? 32 : 0)); break;
    case 8: {  // n - s
      unsigned borrow = 0;
      uint8_t n[32];
      do edge(n); while (n[31] != 0x41);
      for (int i = 31; i >= 0; i--) {
        const unsigned d = 256u + n[i] - signature[32 + i] - borrow;
        signature[32 + i] = (uint8_t)d, borrow = d < 256;
      }
      break;
    }
    default: break;
  }
  append(b, "digest", digest, 32);
  append(b, "publicKey", key, size);
  append(b, "signature", signature, 64);
}

static void recover_row(batch *b, int valid) {
  const int k = (int)(random_word() % (uint64_t)key_count);
  uint8_t digest[32], signature[65];
  random_bytes(digest, 32);
  secp256k1_ecdsa_recoverable_signature s;
  int v;
  MUST(secp256k1_ecdsa_sign_recoverable(context, &s, digest, secret[k], NULL, NULL));
  secp256k1_ecdsa_recoverable_signature_serialize_compact(context, signature, &v, &s);
  signature[64] = (uint8_t)((v & 1) + (random_word() % 2 ? 27 : 0));
  switch (valid ? 99 : random_word() % 10) {
    case 0: flip(signature, 65); break;
    case 1: flip(digest, 32); break;
    case 2: edge(signature + 32 * (random_word() % 2)); break;
    case 3: random_bytes(signature, 32); break;
    case 4: edge(digest); break;
    case 5: signature[64] = (uint8_t)random_word(); break;
    case 6: {  // R = G and s = e: the key is infinity, or 2 G by an exceptional addition when the parity is the other one.
      uint8_t one[32] = {[31] = 1}, key[33];
      size_t length = 33;
      secp256k1_pubkey g;
      MUST(secp256k1_ec_pubkey_create(context, &g, one));
      secp256k1_ec_pubkey_serialize(context, key, &length, &g, SECP256K1_EC_COMPRESSED);
      memcpy(signature, key + 1, 32), memcpy(signature + 32, digest, 32);
      break;
    }
    default: break;
  }
  append(b, "digest", digest, 32);
  append(b, "signature", signature, 65);
}

static void schnorr_row(batch *b, int valid) {
  const int k = (int)(random_word() % (uint64_t)key_count);
  uint8_t message[400], key[32], signature[64];
  int length = valid ? 32 : (int)(random_word() % 200);
  random_bytes(message, length);
  secp256k1_keypair pair;
  secp256k1_xonly_pubkey x;
  MUST(secp256k1_keypair_create(context, &pair, secret[k]) && secp256k1_keypair_xonly_pub(context, &x, NULL, &pair));
  secp256k1_xonly_pubkey_serialize(context, key, &x);
  MUST(secp256k1_schnorrsig_sign_custom(context, signature, message, (size_t)length, &pair, NULL));
  switch (valid ? 99 : random_word() % 8) {
    case 0: flip(signature, 64); break;
    case 1: flip(key, 32); break;
    case 2: edge(signature + 32 * (random_word() % 2)); break;
    case 3: edge(key); break;
    case 4: message[length++] = (uint8_t)random_word(); break;
    case 5: memset(signature + 32, 0, 32); break;
    default: break;
  }
  append(b, "publicKey", key, 32);
  append(b, "message", message, length);
  append(b, "signature", signature, 64);
}

static const uint8_t *ed25519_odd_point(void) {
  // The eight points whose order divides 8, and other encodings of those with y of 0, 1 and -1.
  static const char *const text[] = {
    "0100000000000000000000000000000000000000000000000000000000000000", "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0000000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"};
  static uint8_t bytes[32];
  const char *hex = text[random_word() % 14];
  for (int i = 0; i < 32; i++) {
    unsigned value;
    sscanf(hex + 2 * i, "%2x", &value);
    bytes[i] = (uint8_t)value;
  }
  return bytes;
}

static void ed25519_row(batch *b, int valid) {
  static EVP_PKEY *pair[KEYS];
  static uint8_t encoded[KEYS][32];
  const int k = (int)(random_word() % KEYS);
  if (pair[k] == NULL) {
    size_t length = 32;
    uint8_t seed[32];
    random_bytes(seed, 32);
    pair[k] = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
    MUST(pair[k] != NULL && EVP_PKEY_get_raw_public_key(pair[k], encoded[k], &length) == 1);
  }
  uint8_t message[400], key[32], signature[64];
  size_t length = 64;
  int bytes = valid ? 64 : (int)(random_word() % 300);
  random_bytes(message, bytes);
  memcpy(key, encoded[k], 32);
  EVP_MD_CTX *hash = EVP_MD_CTX_new();
  MUST(EVP_DigestSignInit(hash, NULL, NULL, NULL, pair[k]) == 1);
  MUST(EVP_DigestSign(hash, signature, &length, message, (size_t)bytes) == 1);
  EVP_MD_CTX_free(hash);
  static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                    [31] = 0x10};
  switch (valid ? 99 : random_word() % 14) {
    case 0: flip(signature, 64); break;
    case 1: flip(key, 32); break;
    case 2: memcpy(key, ed25519_odd_point(), 32); break;
    case 3: memcpy(signature, ed25519_odd_point(), 32); break;
    case 4: memcpy(key, ed25519_odd_point(), 32), memcpy(signature, ed25519_odd_point(), 32), memset(signature + 32, 0, 32); break;
    case 5: {  // S + L
      unsigned carry = 0;
      for (int i = 0; i < 32; i++) carry += signature[32 + i] + order[i], signature[32 + i] = (uint8_t)carry, carry >>= 8;
      break;
    }
    case 6: memset(key, 0xff, 32), key[0] = (uint8_t)(0xed + random_word() % 19), key[31] = random_word() % 2 ? 0x7f : 0xff; break;
    case 7: memset(signature, 0xff, 32), signature[0] = (uint8_t)(0xed + random_word() % 19), signature[31] = random_word() % 2 ? 0x7f : 0xff; break;
    case 8: memcpy(signature + 32, order, 32), signature[32] = (uint8_t)(signature[32] + random_word() % 3 - 1); break;
    default: break;
  }
  append(b, "publicKey", key, 32);
  append(b, "message", message, bytes);
  append(b, "signature", signature, 64);
}

static void p256_row(batch *b, int valid) {
  static EC_KEY *pair[KEYS];
  const int k = (int)(random_word() % KEYS);
  if (pair[k] == NULL) {
    pair[k] = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
    MUST(pair[k] != NULL && EC_KEY_generate_key(pair[k]) == 1);
  }
  uint8_t digest[32], key[66], signature[64];
  random_bytes(digest, 32);
  const int is_short = random_word() % 2;
  int size = (int)EC_POINT_point2oct(EC_KEY_get0_group(pair[k]), EC_KEY_get0_public_key(pair[k]),
                                     is_short ? POINT_CONVERSION_COMPRESSED : POINT_CONVERSION_UNCOMPRESSED, key, 65, NULL);
  ECDSA_SIG *s = ECDSA_do_sign(digest, 32, pair[k]);
  MUST(s != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(s), signature, 32) == 32 && BN_bn2binpad(ECDSA_SIG_get0_s(s), signature + 32, 32) == 32);
  ECDSA_SIG_free(s);
  static const uint8_t number[4][32] = {
    {0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84,
     0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51},
    {0x7f, 0xff, 0xff, 0xff, 0x80, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf, 0x42,
     0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8},
    {0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, [20] = 0xff, [21] = 0xff, [22] = 0xff, [23] = 0xff, [24] = 0xff, [25] = 0xff, [26] = 0xff,
     [27] = 0xff, [28] = 0xff, [29] = 0xff, [30] = 0xff, [31] = 0xff},
    {0}};
  switch (valid ? 99 : random_word() % 14) {
    case 0: flip(signature, 64); break;
    case 1: flip(digest, 32); break;
    case 2: flip(key, size); break;
    case 3: {
      uint8_t *scalar = signature + 32 * (random_word() % 2);
      memcpy(scalar, number[random_word() % 4], 32), scalar[31] = (uint8_t)(scalar[31] + random_word() % 3 - 1);
      break;
    }
    case 4: memcpy(signature + 32, signature, 32), memcpy(digest, signature, 32); break;
    case 5: memcpy(signature, key + 1, 32), memcpy(signature + 32, key + 1, 32), memset(digest, 0, 32); break;
    case 6: size = (int)(random_word() % 67); break;
    case 7: memcpy(key + 1, number[random_word() % 4], 32); break;
    case 8: memcpy(digest, number[random_word() % 4], 32); break;
    default: break;
  }
  append(b, "digest", digest, 32);
  append(b, "publicKey", key, size);
  append(b, "signature", signature, 64);
}

static void row(batch *b, int valid) {
  const char *name = b->operation->name;
  if (strcmp(name, "ecdsa_secp256k1_recover") == 0) recover_row(b, valid);
  else if (strncmp(name, "ecdsa_p256", 10) == 0) p256_row(b, valid);
  else if (strncmp(name, "ecdsa_secp256k1", 15) == 0) ecdsa_row(b, valid);
  else if (strncmp(name, "schnorr", 7) == 0) schnorr_row(b, valid);
  else if (strncmp(name, "ed25519", 7) == 0) ed25519_row(b, valid);
  b->rows++;
}

static assay_kernel reference(int id, const char **name) {
  const assay_kernel_table *portable = assay_kernel_tables()[0];
  *name = portable->name;
  if (portable->kernels[id] != NULL) return portable->kernels[id];
  for (const assay_kernel_table *const *t = assay_library_kernel_tables(); *t != NULL; t++) {
    *name = (*t)->name;
    if ((*t)->kernels[id] != NULL) return (*t)->kernels[id];
  }
  return NULL;
}

/// The combs of the rows' keys: up to `most` different keys, null for rows of others and of invalid ones.
static const void **make_combs(const assay_lane_table *table, const batch *b, const assay_lane_memory *memory, int most) {
  const assay_lane_entry entry = table->entries[b->id];
  const void **combs = calloc((size_t)b->rows, sizeof *combs);
  const assay_column *column = &b->column[column_named(b, "publicKey")];
  const int width = b->operation->columns[column_named(b, "publicKey")].width;
  assay_lane_key *known = calloc((size_t)most, sizeof *known);
  void **comb = calloc((size_t)most, sizeof *comb);
  int count = 0;
  for (int row = 0; row < b->rows; row++) {
    const int64_t at = width > 0 ? (int64_t)width * row : column->offsets[row];
    const assay_lane_key key = {(const uint8_t *)column->data + at, width > 0 ? width : column->offsets[row + 1] - at};
    int i = 0;
    while (i < count && (known[i].length != key.length || memcmp(known[i].bytes, key.bytes, (size_t)key.length) != 0)) i++;
    if (i == most) continue;
    if (i == count) {
      known[count] = key;
      comb[count++] = aligned(entry.scheme->comb_bytes);
    }
    combs[row] = comb[i];
  }
  for (int first = 0; first < count; first += table->lanes) {
    const int part = count - first < table->lanes ? count - first : table->lanes;
    const unsigned good = entry.make_combs(known + first, comb + first, part, memory);
    for (int i = 0; i < part; i++) {
      if (good >> i & 1) continue;
      for (int row = 0; row < b->rows; row++) {
        if (combs[row] == comb[first + i]) combs[row] = NULL;
      }
    }
  }
  free(known);
  free(comb);
  return combs;
}

/// Runs a width over all rows in ranges of many lengths. Returns how many rows it left undecided.
static int64_t run(const assay_lane_table *table, batch *b, assay_lane_memory *memory, const void *const *combs, int whole) {
  int64_t *rows = aligned(8ll * b->rows);
  for (int i = 0; i < b->rows; i++) rows[i] = i;
  for (int first = 0; first < b->rows;) {
    int count = whole ? 128 : 1 + (int)(random_word() % 300);
    if (count > b->rows - first) count = b->rows - first;
    memory->combs = combs == NULL ? NULL : combs + first;
    table->entries[b->id].kernel(b->column, rows + first, count, memory);
    first += count;
  }
  free(rows);
  int64_t undecided = 0;
  const uint8_t *verdict = b->column[column_named(b, "verdict")].data;
  for (int i = 0; i < b->rows; i++) undecided += verdict[i] == ASSAY_UNWRITTEN;
  return undecided;
}

static int check(int id, int rows) {
  const char *name;
  const assay_kernel kernel = reference(id, &name);
  batch b = make_batch(id, rows);
  for (int i = 0; i < rows; i++) row(&b, 0);
  kernel(b.column, 0, rows);
  const int columns = b.operation->column_count, at = column_named(&b, "verdict");
  uint8_t *expected[8] = {0};
  for (int i = 0; i < columns; i++) {
    if (b.operation->columns[i].role != ASSAY_ROLE_OUT) continue;
    const int64_t bytes = (int64_t)b.operation->columns[i].width * rows;
    expected[i] = aligned(bytes);
    memcpy(expected[i], b.column[i].data, (size_t)bytes);
  }
  int accepted = 0, failures = 0;
  for (int i = 0; i < rows; i++) accepted += expected[at][i] == ASSAY_ACCEPTED;
  for (const assay_lane_table *const *t = assay_lane_tables(); *t != NULL; t++) {
    const assay_lane_entry entry = (*t)->entries[id];
    if (entry.kernel == NULL || !(*t)->available()) continue;
    assay_lane_memory memory = lane_memory(entry.scheme);
    for (int registered = 0; registered <= (entry.make_combs != NULL); registered++) {
      for (int i = 0; i < columns; i++) {
        if (expected[i] != NULL) memset(b.column[i].data, 0x77, (size_t)b.operation->columns[i].width * (size_t)rows);
      }
      const void **combs = registered ? make_combs(*t, &b, &memory, 40) : NULL;
      const int64_t undecided = run(*t, &b, &memory, combs, 0);
      int wrong = 0, known = 0;
      for (int row = 0; row < rows; row++) {
        int same = 1;
        known += registered && combs[row] != NULL;
        if (((uint8_t *)b.column[at].data)[row] == ASSAY_UNWRITTEN) kernel(b.column, row, row + 1);
        for (int i = 0; i < columns; i++) {
          const int width = b.operation->columns[i].width;
          if (expected[i] != NULL) same &= memcmp((uint8_t *)b.column[i].data + width * row, expected[i] + width * row, (size_t)width) == 0;
        }
        if (!same && wrong++ < 5) {
          printf("  row %d: %d, the reference says %d\n", row, ((uint8_t *)b.column[at].data)[row], expected[at][row]);
        }
      }
      printf("%s %s against %s: %d rows, %d of registered keys, %d accepted, %d differ, %lld undecided\n", b.operation->name, (*t)->name,
             name, rows, known, accepted, wrong, (long long)undecided);
      failures += wrong > 0 || undecided * 4 > rows;
      free(combs);
    }
    free_lane_memory(memory);
  }
  for (int i = 0; i < columns; i++) free(expected[i]);
  free_batch(&b);
  return failures;
}

static void measure(int id, int rows) {
  const char *name;
  const assay_kernel kernel = reference(id, &name);
  batch b = make_batch(id, rows);
  for (int i = 0; i < rows; i++) row(&b, 1);
  double best[9], known[8], making[8];
  assay_lane_memory memory[8];
  const void **combs[8] = {0};
  for (int i = 0; i < 9; i++) best[i] = 1e9;
  for (int i = 0; i < 8; i++) known[i] = 1e9;
  const assay_lane_table *const *tables = assay_lane_tables();
  for (int round = 0; round < 12; round++) {
    double t = seconds();
    if (round < 4) {
      kernel(b.column, 0, rows);
      t = seconds() - t;
      if (t < best[8]) best[8] = t;
    }
    for (int i = 0; tables[i] != NULL; i++) {
      if (tables[i]->entries[id].kernel == NULL || !tables[i]->available()) continue;
      if (round == 0) memory[i] = lane_memory(tables[i]->entries[id].scheme);
      t = seconds();
      run(tables[i], &b, &memory[i], NULL, 1);
      t = seconds() - t;
      if (t < best[i]) best[i] = t;
      if (tables[i]->entries[id].make_combs == NULL) continue;
      if (round == 0) {
        t = seconds();
        combs[i] = make_combs(tables[i], &b, &memory[i], KEYS * 2);
        making[i] = seconds() - t;
      }
      t = seconds();
      run(tables[i], &b, &memory[i], combs[i], 1);
      t = seconds() - t;
      if (t < known[i]) known[i] = t;
    }
  }
  printf("%s: %s %.2f us", b.operation->name, name, best[8] / rows * 1e6);
  for (int i = 0; tables[i] != NULL; i++) {
    if (best[i] < 1e9) printf(", %s %.2f (%.2f)", tables[i]->name, best[i] / rows * 1e6, best[8] / best[i]);
    if (known[i] < 1e9) {
      printf(" registered %.2f (%.2f), combs %.0f a key", known[i] / rows * 1e6, best[8] / known[i], making[i] / (2 * KEYS) * 1e6);
    }
  }
  printf("\n");
}

int main(int argc, char **argv) {
  const int timing = argc > 1 && strcmp(argv[1], "time") == 0;
  MUST(argc > 1 + timing);
  const int rows = atoi(argv[1 + timing]);
  const char *only = argc > 2 + timing ? argv[2 + timing] : NULL;
  context = secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY);
  for (int k = 0; k < KEYS; k++) {
    random_bytes(secret[k], 32);
    // Small multiples of G meet exceptional additions.
    if (k < 4 && !timing) memset(secret[k], 0, 31), secret[k][31] = (uint8_t)(k + 1);
  }
  int failures = 0;
  for (int id = 0; id < ASSAY_OPERATION_COUNT; id++) {
    int offered = 0;
    for (const assay_lane_table *const *t = assay_lane_tables(); *t != NULL; t++) offered |= (*t)->entries[id].kernel != NULL;
    if (!offered || (only != NULL && strcmp(only, assay_operations()[id].name) != 0)) continue;
    if (timing) measure(id, rows);
    else failures += check(id, rows);
  }
  secp256k1_context_destroy(context);
  return failures > 0;
}
