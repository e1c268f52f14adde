// OpenSSL always; hashtree, isa-l_crypto and XKCP where peers.sh has built them (HAVE_...).
#include "peers.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stddef.h>
#include <string.h>

#if HAVE_HASHTREE
#include "hashtree.h"
static int has_avx2(void) { return __builtin_cpu_supports("avx2"); }
static int has_avx512(void) { return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl"); }
static int has_sha(void) {
  unsigned eax = 7, ebx, ecx = 0, edx;
  __asm__("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
  return ebx >> 29 & 1;
}
static void hashtree_avx2(rows in, uint8_t *out) { hashtree_sha256_avx2_x8(out, in.data, (uint64_t)in.count); }
static void hashtree_avx512(rows in, uint8_t *out) { hashtree_sha256_avx512_x16(out, in.data, (uint64_t)in.count); }
static void hashtree_shani(rows in, uint8_t *out) { hashtree_sha256_shani_x2(out, in.data, (uint64_t)in.count); }
static void hashtree_twice(rows in, uint8_t *out) {  // it has no double hash: pairs, then 32-byte digests by OpenSSL
  hashtree_hash(out, in.data, (uint64_t)in.count);
  for (int64_t i = 0; i < in.count; i++) SHA256(out + 32 * i, 32, out + 32 * i);
}
#endif

// OpenSSL

static void openssl_once(rows in, uint8_t *out) {
  for (int64_t i = 0; i < in.count; i++) {
    SHA256(in.data + in.offsets[i], (size_t)(in.offsets[i + 1] - in.offsets[i]), out + 32 * i);
  }
}
static void openssl_twice(rows in, uint8_t *out) {
  for (int64_t i = 0; i < in.count; i++) {
    SHA256(in.data + in.offsets[i], (size_t)(in.offsets[i + 1] - in.offsets[i]), out + 32 * i);
    SHA256(out + 32 * i, 32, out + 32 * i);
  }
}
static void openssl_nodes(rows in, uint8_t *out) {
  uint8_t node[65] = {0x01};
  for (int64_t i = 0; i < in.count; i++) {
    memcpy(node + 1, in.data + 64 * i, 64);
    SHA256(node, sizeof node, out + 32 * i);
  }
}
static void openssl_reused(const EVP_MD *md, rows in, uint8_t *out) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  EVP_DigestInit_ex2(context, md, NULL);
  for (int64_t i = 0; i < in.count; i++) {
    EVP_DigestInit_ex2(context, NULL, NULL);
    EVP_DigestUpdate(context, in.data + in.offsets[i], (size_t)(in.offsets[i + 1] - in.offsets[i]));
    EVP_DigestFinal_ex(context, out + 32 * i, NULL);
  }
  EVP_MD_CTX_free(context);
}
static void openssl_sha256_reused(rows in, uint8_t *out) { openssl_reused(EVP_sha256(), in, out); }
static void openssl_sha3_reused(rows in, uint8_t *out) { openssl_reused(EVP_sha3_256(), in, out); }

#if HAVE_ISAL
#include <isa-l_crypto.h>
// Its manager takes jobs and gives back finished ones; every job's digest is written when the manager has been flushed.
static void isal_multi_buffer(rows in, uint8_t *out) {
  enum { JOBS = 1024 };
  static ISAL_SHA256_HASH_CTX_MGR manager __attribute__((aligned(64)));
  static ISAL_SHA256_HASH_CTX jobs[JOBS] __attribute__((aligned(64)));
  ISAL_SHA256_HASH_CTX *done;
  for (int64_t base = 0; base < in.count; base += JOBS) {
    const int64_t count = in.count - base < JOBS ? in.count - base : JOBS;
    isal_sha256_ctx_mgr_init(&manager);
    for (int64_t i = 0; i < count; i++) {
      isal_hash_ctx_init(&jobs[i]);
      const int64_t at = in.offsets[base + i], end = in.offsets[base + i + 1];
      isal_sha256_ctx_mgr_submit(&manager, &jobs[i], &done, in.data + at, (uint32_t)(end - at), ISAL_HASH_ENTIRE);
    }
    do {
      isal_sha256_ctx_mgr_flush(&manager, &done);
    } while (done);
    for (int64_t i = 0; i < count; i++) {
      for (int k = 0; k < 8; k++) {
        const uint32_t word = __builtin_bswap32(jobs[i].job.result_digest[k]);
        memcpy(out + 32 * (base + i) + 4 * k, &word, 4);
      }
    }
  }
}
#endif

#if HAVE_XKCP
#include "KeccakP-1600-times4-SnP.h"
static const uint8_t padding[72] = {[0] = 0x01, [71] = 0x80};
static void xkcp_times4(rows in, uint8_t *out) {
  for (int64_t i = 0; i + 4 <= in.count; i += 4) {
    KeccakP1600times4_states states;
    KeccakP1600times4_InitializeAll(&states);
    KeccakP1600times4_AddLanesAll(&states, in.data + 64 * i, 8, 8);
    for (unsigned lane = 0; lane < 4; lane++) KeccakP1600times4_AddBytes(&states, lane, padding, 64, 72);
    KeccakP1600times4_PermuteAll_24rounds(&states);
    KeccakP1600times4_ExtractLanesAll(&states, out + 32 * i, 4, 4);
  }
}
#if HAVE_XKCP8
// Declared here, because its header redefines names of the times4 header.
typedef struct { uint64_t a[25][8] __attribute__((aligned(64))); } times8_states;
void KeccakP1600times8_InitializeAll(times8_states *states);
void KeccakP1600times8_AddBytes(times8_states *states, unsigned lane, const uint8_t *data, unsigned offset,
                                unsigned length);
void KeccakP1600times8_AddLanesAll(times8_states *states, const uint8_t *data, unsigned count, unsigned offset);
void KeccakP1600times8_PermuteAll_24rounds(times8_states *states);
void KeccakP1600times8_ExtractLanesAll(const times8_states *states, uint8_t *data, unsigned count, unsigned offset);
static void xkcp_times8(rows in, uint8_t *out) {
  for (int64_t i = 0; i + 8 <= in.count; i += 8) {
    times8_states states;
    KeccakP1600times8_InitializeAll(&states);
    KeccakP1600times8_AddLanesAll(&states, in.data + 64 * i, 8, 8);
    for (unsigned lane = 0; lane < 8; lane++) KeccakP1600times8_AddBytes(&states, lane, padding, 64, 72);
    KeccakP1600times8_PermuteAll_24rounds(&states);
    KeccakP1600times8_ExtractLanesAll(&states, out + 32 * i, 4, 4);
  }
}
static int has_times8(void) { return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl"); }
#endif
static int has_times4(void) { return __builtin_cpu_supports("avx2"); }
#endif

const peer bench_peers[] = {
#if HAVE_HASHTREE
  {"sha256_pair", "hashtree SHA-NI x2", hashtree_shani, has_sha, 1},
  {"sha256_pair", "hashtree AVX-512 x16", hashtree_avx512, has_avx512, 1},
  {"sha256_pair", "hashtree AVX2 x8", hashtree_avx2, has_avx2, 1},
  {"sha256d_pair", "hashtree, then OpenSSL", hashtree_twice, NULL, 1},
#endif
#if HAVE_ISAL
  {"sha256_pair", "isa-l_crypto multi-buffer", isal_multi_buffer, NULL, 1},
  {"sha256_message", "isa-l_crypto multi-buffer", isal_multi_buffer, NULL, 1},
#endif
  {"sha256_pair", "OpenSSL, context reused", openssl_sha256_reused, NULL, 1},
  {"sha256_pair", "OpenSSL one-shot", openssl_once, NULL, 1},
  {"sha256d_pair", "OpenSSL one-shot", openssl_twice, NULL, 1},
  {"sha256_rfc6962_node", "OpenSSL one-shot", openssl_nodes, NULL, 1},
  {"sha256_message", "OpenSSL, context reused", openssl_sha256_reused, NULL, 1},
  {"sha256_message", "OpenSSL one-shot", openssl_once, NULL, 1},
  {"sha256d_message", "OpenSSL one-shot", openssl_twice, NULL, 1},
#if HAVE_XKCP8
  {"keccak256_pair", "XKCP AVX-512 times8", xkcp_times8, has_times8, 1},
#endif
#if HAVE_XKCP
  {"keccak256_pair", "XKCP AVX2 times4", xkcp_times4, has_times4, 1},
#endif
  {"keccak256_pair", "OpenSSL SHA3-256, reused", openssl_sha3_reused, NULL, 0},
  {"keccak256_message", "OpenSSL SHA3-256, reused", openssl_sha3_reused, NULL, 0},
  {NULL, NULL, NULL, NULL, 0},
};
