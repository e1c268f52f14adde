// The loop that most verifiers are: one proof after the other with OpenSSL's SHA-256, context reused. Prints nanoseconds a proof of depth
// 20 for plain pairs (SSZ) and prefixed ones (RFC 6962).
#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DEPTH = 20, PROOFS = 2000, RUNS = 5 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void walk(EVP_MD_CTX *context, const EVP_MD *sha256, const uint8_t *path, uint32_t index, int prefixed, uint8_t node[32]) {
  uint8_t pair[65] = {1};
  for (int level = 0; level < DEPTH; level++, index >>= 1) {
    memcpy(pair + 1 + 32 * (index & 1), node, 32);
    memcpy(pair + 33 - 32 * (index & 1), path + 32 * level, 32);
    EVP_DigestInit_ex(context, sha256, NULL);
    EVP_DigestUpdate(context, prefixed ? pair : pair + 1, prefixed ? 65 : 64);
    EVP_DigestFinal_ex(context, node, NULL);
  }
}

int main(void) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  EVP_MD *sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
  uint8_t *paths = malloc((size_t)PROOFS * DEPTH * 32);
  if (!context || !sha256 || !paths) return 1;
  for (size_t i = 0; i < (size_t)PROOFS * DEPTH * 32; i++) paths[i] = (uint8_t)(i * 2654435761u >> 24);
  for (int prefixed = 0; prefixed < 2; prefixed++) {
    double best = 1e300;
    uint8_t check = 0;
    for (int run = 0; run < RUNS; run++) {
      double start = now();
      for (uint32_t proof = 0; proof < PROOFS; proof++) {
        uint8_t node[32] = {(uint8_t)proof};
        walk(context, sha256, paths + (size_t)proof * DEPTH * 32, proof * 2654435761u >> 12, prefixed, node);
        check ^= node[0];
      }
      double time = now() - start;
      if (time < best) best = time;
    }
    printf("openssl %s depth 20, one by one: %.0f ns a proof (%02x)\n", prefixed ? "rfc6962" : "ssz", best / PROOFS, check);
  }
  return 0;
}
