// The list of tables in this build, and the floating-point mode that their bits depend on.
#include "assay_kernels.h"

#include <stddef.h>

extern const assay_kernel_table assay_table_portable;
#if defined(__x86_64__)
#include <immintrin.h>
extern const assay_kernel_table assay_table_sha_ni, assay_table_avx2, assay_table_avx512;
#elif defined(__aarch64__)
extern const assay_kernel_table assay_table_neon, assay_table_sha2_arm;
#endif

const assay_kernel_table *const *assay_kernel_tables(void) {
  static const assay_kernel_table *const tables[] = {
    &assay_table_portable,
#if defined(__x86_64__)
    &assay_table_sha_ni,
    &assay_table_avx2,
    &assay_table_avx512,
#elif defined(__aarch64__)
    &assay_table_sha2_arm,
    &assay_table_neon,
#endif
    NULL,
  };
  return tables;
}

assay_kernel assay_kernel_of(const assay_kernel_table *table, int operation) { return table->kernels[operation]; }

#if defined(__x86_64__)
// MXCSR: 0x1F80 masks every exception; the six low bits are sticky flags that no result depends on.
static uint64_t float_mode(void) { return _mm_getcsr() & ~0x3Fu; }
static void set_float_mode(uint64_t mode) { _mm_setcsr((unsigned)mode); }
static const uint64_t default_mode = 0x1F80;
#elif defined(__aarch64__)
static uint64_t float_mode(void) {
  uint64_t mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  return mode;
}
static void set_float_mode(uint64_t mode) { __asm__ volatile("msr fpcr, %0" : : "r"(mode)); }
static const uint64_t default_mode = 0;
#else
static uint64_t float_mode(void) { return 0; }
static void set_float_mode(uint64_t mode) { (void)mode; }
static const uint64_t default_mode = 0;
#endif

int assay_float_mode_is_default(void) { return float_mode() == default_mode; }

uint64_t assay_float_mode_set_default(void) {
  const uint64_t mode = float_mode();
  set_float_mode(default_mode);
  return mode;
}

void assay_float_mode_restore(uint64_t mode) { set_float_mode(mode); }
