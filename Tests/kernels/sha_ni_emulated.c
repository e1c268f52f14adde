// The table of SHA-NI kernels with the three instructions replaced by what Intel's manual says they do (Software
// Developer's Manual, volume 2, SHA256RNDS2, SHA256MSG1, SHA256MSG2), so that their logic is tested on processors
// without them.
#include <cpuid.h>
#include <immintrin.h>
#include <stdint.h>

typedef union words {
  __m128i v;
  uint32_t w[4];
} words;

static uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

// `cdgh` and `abef` from the lowest word up: H, G, D, C and F, E, B, A. Two rounds; the result is the new abef.
static __m128i emulated_rnds2(__m128i cdgh, __m128i abef, __m128i kw) {
  const words x = {cdgh}, y = {abef}, k = {kw};
  uint32_t a = y.w[3], b = y.w[2], e = y.w[1], f = y.w[0], c = x.w[3], d = x.w[2], g = x.w[1], h = x.w[0];
  for (int i = 0; i < 2; i++) {
    const uint32_t t = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + k.w[i];
    const uint32_t u = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + t, d = c, c = b, b = a, a = t + u;
  }
  return (words){.w = {f, e, b, a}}.v;
}

static uint32_t sigma0(uint32_t x) { return rotate(x, 7) ^ rotate(x, 18) ^ x >> 3; }
static uint32_t sigma1(uint32_t x) { return rotate(x, 17) ^ rotate(x, 19) ^ x >> 10; }

static __m128i emulated_msg1(__m128i first, __m128i second) {
  const words x = {first}, y = {second};
  return (words){.w = {x.w[0] + sigma0(x.w[1]), x.w[1] + sigma0(x.w[2]), x.w[2] + sigma0(x.w[3]),
                       x.w[3] + sigma0(y.w[0])}}.v;
}

static __m128i emulated_msg2(__m128i first, __m128i second) {
  const words x = {first}, y = {second};
  const uint32_t w0 = x.w[0] + sigma1(y.w[2]), w1 = x.w[1] + sigma1(y.w[3]);
  return (words){.w = {w0, w1, x.w[2] + sigma1(w0), x.w[3] + sigma1(w1)}}.v;
}

static int emulated_cpuid(unsigned leaf, unsigned subleaf, unsigned *eax, unsigned *ebx, unsigned *ecx, unsigned *edx) {
  (void)leaf, (void)subleaf;
  *eax = *ecx = *edx = 0;
  *ebx = 1u << 29;
  return 1;
}

#define _mm_sha256rnds2_epu32 emulated_rnds2
#define _mm_sha256msg1_epu32 emulated_msg1
#define _mm_sha256msg2_epu32 emulated_msg2
#define __get_cpuid_count emulated_cpuid
#include "isa/sha_ni.c"
