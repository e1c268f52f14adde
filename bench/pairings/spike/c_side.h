#include <stdint.h>
void c_fp12_multiply(uint64_t *r, const uint64_t *a, const uint64_t *b, int64_t times);
void c_miller(uint64_t *f, const uint64_t *p, const uint64_t *q);
void adx_fp12_multiply(uint64_t *r, const uint64_t *a, const uint64_t *b, int64_t times);
void adx_miller(uint64_t *f, const uint64_t *p, const uint64_t *q);
