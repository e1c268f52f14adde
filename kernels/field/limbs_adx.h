// The products and reductions of field/limbs.h for x86-64 with BMI2 and ADX: MULX leaves the flags alone, ADCX and ADOX
// carry two chains through one row (Ozturk, Guilford, Gopal, "New Instructions Supporting Large Integer Arithmetic", Intel
// 2012), so a row of N limbs costs N MULX and 2 N additions without a spill. Compilers do not emit the two chains. Operands
// are named by register alone, so that the text also fits when the compiler does not optimise.

/// lo:hi = rdx * limb, added into two neighbouring limbs through the two chains.
#define ADX_STEP(source, x, y)              \
  "mulxq " source ", %[lo], %[hi]\n\t"      \
  "adcxq %[lo], %[" x "]\n\t"               \
  "adoxq %[hi], %[" y "]\n\t"

#define ADX_A(offset) offset "(%[a])"
#define ADX_B(offset) offset "(%[b])"
#define ADX_M(offset) offset "(%[m])"

/// Clears a limb and both carries.
#define ADX_CLEAR(x) "xorl %k[" x "], %k[" x "]\n\t"

/// t0..t3 += rdx * (4 limbs at SOURCE), the carry into t4, which was cleared.
#define ADX_ROW4(SOURCE, t0, t1, t2, t3, t4) \
  ADX_CLEAR(t4)                              \
  ADX_STEP(SOURCE("0"), t0, t1)              \
  ADX_STEP(SOURCE("8"), t1, t2)              \
  ADX_STEP(SOURCE("16"), t2, t3)             \
  ADX_STEP(SOURCE("24"), t3, t4)             \
  "adcq $0, %[" t4 "]\n\t"

/// The same without clearing t4: t0..t4 += rdx * (4 limbs).
#define ADX_MORE4(SOURCE, t0, t1, t2, t3, t4) \
  ADX_CLEAR("lo")                             \
  ADX_STEP(SOURCE("0"), t0, t1)               \
  ADX_STEP(SOURCE("8"), t1, t2)               \
  ADX_STEP(SOURCE("16"), t2, t3)              \
  ADX_STEP(SOURCE("24"), t3, t4)              \
  "adcq $0, %[" t4 "]\n\t"

#define ADX_ROW6(SOURCE, t0, t1, t2, t3, t4, t5, t6) \
  ADX_CLEAR(t6)                                      \
  ADX_STEP(SOURCE("0"), t0, t1)                      \
  ADX_STEP(SOURCE("8"), t1, t2)                      \
  ADX_STEP(SOURCE("16"), t2, t3)                     \
  ADX_STEP(SOURCE("24"), t3, t4)                     \
  ADX_STEP(SOURCE("32"), t4, t5)                     \
  ADX_STEP(SOURCE("40"), t5, t6)                     \
  "adcq $0, %[" t6 "]\n\t"

#define ADX_MORE6(SOURCE, t0, t1, t2, t3, t4, t5, t6) \
  ADX_CLEAR("lo")                                     \
  ADX_STEP(SOURCE("0"), t0, t1)                       \
  ADX_STEP(SOURCE("8"), t1, t2)                       \
  ADX_STEP(SOURCE("16"), t2, t3)                      \
  ADX_STEP(SOURCE("24"), t3, t4)                      \
  ADX_STEP(SOURCE("32"), t4, t5)                      \
  ADX_STEP(SOURCE("40"), t5, t6)                      \
  "adcq $0, %[" t6 "]\n\t"

/// rdx = the factor that clears limb t.
#define ADX_FACTOR(t) "movq %[" t "], %%rdx\n\t" "imulq %[k], %%rdx\n\t"
#define ADX_LIMB(offset) "movq " offset "(%[a]), %%rdx\n\t"
#define ADX_STORE(t, offset) "movq %[" t "], " offset "(%[w])\n\t"


INLINE void limbs4_mul(uint64_t *w, const uint64_t *a, const uint64_t *b) {
  uint64_t t0, t1, t2, t3, t4, lo, hi;
  __asm__(
    ADX_LIMB("0")
    "mulxq 0(%[b]), %[t0], %[t1]\n\t"
    "mulxq 8(%[b]), %[lo], %[t2]\n\t"
    "addq %[lo], %[t1]\n\t"
    "mulxq 16(%[b]), %[lo], %[t3]\n\t"
    "adcq %[lo], %[t2]\n\t"
    "mulxq 24(%[b]), %[lo], %[t4]\n\t"
    "adcq %[lo], %[t3]\n\t"
    "adcq $0, %[t4]\n\t"
    ADX_STORE("t0", "0")
    ADX_LIMB("8") ADX_ROW4(ADX_B, "t1", "t2", "t3", "t4", "t0") ADX_STORE("t1", "8")
    ADX_LIMB("16") ADX_ROW4(ADX_B, "t2", "t3", "t4", "t0", "t1") ADX_STORE("t2", "16")
    ADX_LIMB("24") ADX_ROW4(ADX_B, "t3", "t4", "t0", "t1", "t2") ADX_STORE("t3", "24")
    ADX_STORE("t4", "32") ADX_STORE("t0", "40") ADX_STORE("t1", "48") ADX_STORE("t2", "56")
    : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [lo] "=&r"(lo), [hi] "=&r"(hi)
    : [w] "r"(w), [a] "r"(a), [b] "r"(b)
    : "rdx", "cc", "memory");
}

INLINE void limbs6_mul(uint64_t *w, const uint64_t *a, const uint64_t *b) {
  uint64_t t0, t1, t2, t3, t4, t5, t6, lo, hi;
  __asm__(
    ADX_LIMB("0")
    "mulxq 0(%[b]), %[t0], %[t1]\n\t"
    "mulxq 8(%[b]), %[lo], %[t2]\n\t"
    "addq %[lo], %[t1]\n\t"
    "mulxq 16(%[b]), %[lo], %[t3]\n\t"
    "adcq %[lo], %[t2]\n\t"
    "mulxq 24(%[b]), %[lo], %[t4]\n\t"
    "adcq %[lo], %[t3]\n\t"
    "mulxq 32(%[b]), %[lo], %[t5]\n\t"
    "adcq %[lo], %[t4]\n\t"
    "mulxq 40(%[b]), %[lo], %[t6]\n\t"
    "adcq %[lo], %[t5]\n\t"
    "adcq $0, %[t6]\n\t"
    ADX_STORE("t0", "0")
    ADX_LIMB("8") ADX_ROW6(ADX_B, "t1", "t2", "t3", "t4", "t5", "t6", "t0") ADX_STORE("t1", "8")
    ADX_LIMB("16") ADX_ROW6(ADX_B, "t2", "t3", "t4", "t5", "t6", "t0", "t1") ADX_STORE("t2", "16")
    ADX_LIMB("24") ADX_ROW6(ADX_B, "t3", "t4", "t5", "t6", "t0", "t1", "t2") ADX_STORE("t3", "24")
    ADX_LIMB("32") ADX_ROW6(ADX_B, "t4", "t5", "t6", "t0", "t1", "t2", "t3") ADX_STORE("t4", "32")
    ADX_LIMB("40") ADX_ROW6(ADX_B, "t5", "t6", "t0", "t1", "t2", "t3", "t4") ADX_STORE("t5", "40")
    ADX_STORE("t6", "48") ADX_STORE("t0", "56") ADX_STORE("t1", "64") ADX_STORE("t2", "72") ADX_STORE("t3", "80")
    ADX_STORE("t4", "88")
    : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [t5] "=&r"(t5), [t6] "=&r"(t6),
      [lo] "=&r"(lo), [hi] "=&r"(hi)
    : [w] "r"(w), [a] "r"(a), [b] "r"(b)
    : "rdx", "cc", "memory");
}

/// The low half is reduced on its own to less than m, then the high half joins.
INLINE void limbs4_redc(uint64_t *r, const uint64_t *w, const uint64_t *m, uint64_t k) {
  uint64_t t0 = w[0], t1 = w[1], t2 = w[2], t3 = w[3], t4, lo, hi;
  __asm__(
    ADX_FACTOR("t0") ADX_ROW4(ADX_M, "t0", "t1", "t2", "t3", "t4")
    ADX_FACTOR("t1") ADX_ROW4(ADX_M, "t1", "t2", "t3", "t4", "t0")
    ADX_FACTOR("t2") ADX_ROW4(ADX_M, "t2", "t3", "t4", "t0", "t1")
    ADX_FACTOR("t3") ADX_ROW4(ADX_M, "t3", "t4", "t0", "t1", "t2")
    : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "=&r"(t4), [lo] "=&r"(lo), [hi] "=&r"(hi)
    : [m] "r"(m), [k] "m"(k)
    : "rdx", "cc", "memory");
  unsigned long long carry = 0;
  uint64_t sum[4];
  sum[0] = __builtin_addcll(t4, w[4], 0, &carry);
  sum[1] = __builtin_addcll(t0, w[5], carry, &carry);
  sum[2] = __builtin_addcll(t1, w[6], carry, &carry);
  sum[3] = __builtin_addcll(t2, w[7], carry, &carry);
  limbs4_subtract_once(r, sum, m);
}

INLINE void limbs6_redc(uint64_t *r, const uint64_t *w, const uint64_t *m, uint64_t k) {
  uint64_t t0 = w[0], t1 = w[1], t2 = w[2], t3 = w[3], t4 = w[4], t5 = w[5], t6, lo, hi;
  __asm__(
    ADX_FACTOR("t0") ADX_ROW6(ADX_M, "t0", "t1", "t2", "t3", "t4", "t5", "t6")
    ADX_FACTOR("t1") ADX_ROW6(ADX_M, "t1", "t2", "t3", "t4", "t5", "t6", "t0")
    ADX_FACTOR("t2") ADX_ROW6(ADX_M, "t2", "t3", "t4", "t5", "t6", "t0", "t1")
    ADX_FACTOR("t3") ADX_ROW6(ADX_M, "t3", "t4", "t5", "t6", "t0", "t1", "t2")
    ADX_FACTOR("t4") ADX_ROW6(ADX_M, "t4", "t5", "t6", "t0", "t1", "t2", "t3")
    ADX_FACTOR("t5") ADX_ROW6(ADX_M, "t5", "t6", "t0", "t1", "t2", "t3", "t4")
    : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5), [t6] "=&r"(t6),
      [lo] "=&r"(lo), [hi] "=&r"(hi)
    : [m] "r"(m), [k] "m"(k)
    : "rdx", "cc", "memory");
  unsigned long long carry = 0;
  uint64_t sum[6];
  sum[0] = __builtin_addcll(t6, w[6], 0, &carry);
  sum[1] = __builtin_addcll(t0, w[7], carry, &carry);
  sum[2] = __builtin_addcll(t1, w[8], carry, &carry);
  sum[3] = __builtin_addcll(t2, w[9], carry, &carry);
  sum[4] = __builtin_addcll(t3, w[10], carry, &carry);
  sum[5] = __builtin_addcll(t4, w[11], carry, &carry);
  limbs6_subtract_once(r, sum, m);
}

INLINE void limbs4_montgomery(uint64_t *r, const uint64_t *a, const uint64_t *b, const uint64_t *m, uint64_t k) {
  uint64_t t0, t1, t2, t3, t4, lo, hi;
  __asm__(
    ADX_LIMB("0")
    "mulxq 0(%[b]), %[t0], %[t1]\n\t"
    "mulxq 8(%[b]), %[lo], %[t2]\n\t"
    "addq %[lo], %[t1]\n\t"
    "mulxq 16(%[b]), %[lo], %[t3]\n\t"
    "adcq %[lo], %[t2]\n\t"
    "mulxq 24(%[b]), %[lo], %[t4]\n\t"
    "adcq %[lo], %[t3]\n\t"
    "adcq $0, %[t4]\n\t"
    ADX_FACTOR("t0") ADX_MORE4(ADX_M, "t0", "t1", "t2", "t3", "t4")
    ADX_LIMB("8") ADX_ROW4(ADX_B, "t1", "t2", "t3", "t4", "t0")
    ADX_FACTOR("t1") ADX_MORE4(ADX_M, "t1", "t2", "t3", "t4", "t0")
    ADX_LIMB("16") ADX_ROW4(ADX_B, "t2", "t3", "t4", "t0", "t1")
    ADX_FACTOR("t2") ADX_MORE4(ADX_M, "t2", "t3", "t4", "t0", "t1")
    ADX_LIMB("24") ADX_ROW4(ADX_B, "t3", "t4", "t0", "t1", "t2")
    ADX_FACTOR("t3") ADX_MORE4(ADX_M, "t3", "t4", "t0", "t1", "t2")
    : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [lo] "=&r"(lo), [hi] "=&r"(hi)
    : [a] "r"(a), [b] "r"(b), [m] "r"(m), [k] "m"(k)
    : "rdx", "cc", "memory");
  const uint64_t t[4] = {t4, t0, t1, t2};
  limbs4_subtract_once(r, t, m);
}

// Not inlined: with a frame pointer, which SwiftPM keeps, and a caller's realigned stack the registers would not suffice.
static __attribute__((noinline, unused)) void limbs6_montgomery(uint64_t *r, const uint64_t *a, const uint64_t *b, const uint64_t *m, uint64_t k) {
  uint64_t t0, t1, t2, t3, t4, t5, t6, lo, hi;
  __asm__(
    ADX_LIMB("0")
    "mulxq 0(%[b]), %[t0], %[t1]\n\t"
    "mulxq 8(%[b]), %[lo], %[t2]\n\t"
    "addq %[lo], %[t1]\n\t"
    "mulxq 16(%[b]), %[lo], %[t3]\n\t"
    "adcq %[lo], %[t2]\n\t"
    "mulxq 24(%[b]), %[lo], %[t4]\n\t"
    "adcq %[lo], %[t3]\n\t"
    "mulxq 32(%[b]), %[lo], %[t5]\n\t"
    "adcq %[lo], %[t4]\n\t"
    "mulxq 40(%[b]), %[lo], %[t6]\n\t"
    "adcq %[lo], %[t5]\n\t"
    "adcq $0, %[t6]\n\t"
    ADX_FACTOR("t0") ADX_MORE6(ADX_M, "t0", "t1", "t2", "t3", "t4", "t5", "t6")
    ADX_LIMB("8") ADX_ROW6(ADX_B, "t1", "t2", "t3", "t4", "t5", "t6", "t0")
    ADX_FACTOR("t1") ADX_MORE6(ADX_M, "t1", "t2", "t3", "t4", "t5", "t6", "t0")
    ADX_LIMB("16") ADX_ROW6(ADX_B, "t2", "t3", "t4", "t5", "t6", "t0", "t1")
    ADX_FACTOR("t2") ADX_MORE6(ADX_M, "t2", "t3", "t4", "t5", "t6", "t0", "t1")
    ADX_LIMB("24") ADX_ROW6(ADX_B, "t3", "t4", "t5", "t6", "t0", "t1", "t2")
    ADX_FACTOR("t3") ADX_MORE6(ADX_M, "t3", "t4", "t5", "t6", "t0", "t1", "t2")
    ADX_LIMB("32") ADX_ROW6(ADX_B, "t4", "t5", "t6", "t0", "t1", "t2", "t3")
    ADX_FACTOR("t4") ADX_MORE6(ADX_M, "t4", "t5", "t6", "t0", "t1", "t2", "t3")
    ADX_LIMB("40") ADX_ROW6(ADX_B, "t5", "t6", "t0", "t1", "t2", "t3", "t4")
    ADX_FACTOR("t5") ADX_MORE6(ADX_M, "t5", "t6", "t0", "t1", "t2", "t3", "t4")
    : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [t5] "=&r"(t5), [t6] "=&r"(t6),
      [lo] "=&r"(lo), [hi] "=&r"(hi)
    : [a] "r"(a), [b] "r"(b), [m] "r"(m), [k] "m"(k)
    : "rdx", "cc", "memory");
  const uint64_t t[6] = {t6, t0, t1, t2, t3, t4};
  limbs6_subtract_once(r, t, m);
}
