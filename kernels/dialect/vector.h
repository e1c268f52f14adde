// The floating-point vocabulary over LANES rows at a time, in clang's vector types. The dialect's header sets LANES, two registers
// where that puts every step beside an independent one, and as many vectors side by side as fill the pipeline with their chains
// of operations: GROUP where a vector is one chain, SWEEP where it is two. SWEEP divides GROUP.
// See scalar.h for what the words mean.
typedef double F64 __attribute__((ext_vector_type(LANES)));
typedef int64_t I64 __attribute__((ext_vector_type(LANES)));
typedef uint64_t U64 __attribute__((ext_vector_type(LANES)));
typedef I64 M64;

#define FMA(a, b, c) __builtin_elementwise_fma((F64)(a), (F64)(b), (F64)(c))
// A product that a later addition may see: written as an fma, no compiler can contract it.
#define PRODUCT(a, b) FMA(a, b, (F64)(0.0))
#define SQRT(a) __builtin_elementwise_sqrt((F64)(a))
#define LESS(a, b) ((F64)(a) < (F64)(b))
#define EQUAL(a, b) ((F64)(a) == (F64)(b))
#define SAME_BITS(a, b) ((I64)(a) == (I64)(b))
#define SELECT(mask, a, b) ((M64)(mask) ? (F64)(a) : (F64)(b))
#define SELECT_BITS(mask, a, b) ((M64)(mask) ? (I64)(a) : (I64)(b))
#define BITS(a) __builtin_bit_cast(I64, (F64)(a))
#define FLOAT(a) __builtin_bit_cast(F64, (I64)(a))
#define SHIFT_RIGHT(a, n) ((I64)((U64)(a) >> (n)))
#define SHIFT_LEFT(a, n) ((I64)((U64)(a) << (n)))

typedef uint8_t dialect_bytes __attribute__((ext_vector_type(LANES)));

/// One byte a lane, from and to memory of any alignment.
INLINE I64 dialect_load_bytes(const uint8_t *pointer) {
  dialect_bytes bytes;
  memcpy(&bytes, pointer, LANES);
  return __builtin_convertvector(bytes, I64);
}
INLINE void dialect_store_bytes(uint8_t *pointer, I64 value) {
  const dialect_bytes bytes = __builtin_convertvector(value, dialect_bytes);
  memcpy(pointer, &bytes, LANES);
}
// All ones in every lane.
#define ALL(mask) (__builtin_reduce_and((M64)(mask)) != 0)

/// A bit per lane, the first one lowest.
#if LANES < 8
// A vector of fewer than eight bits has others in its byte.
INLINE uint64_t dialect_bits(M64 mask) {
  uint64_t bits = 0;
  for (int lane = 0; lane < LANES; lane++) bits |= ((uint64_t)mask[lane] & 1) << lane;
  return bits;
}
#else
typedef _Bool dialect_lanes __attribute__((ext_vector_type(LANES)));
INLINE uint64_t dialect_bits(M64 mask) {
  const dialect_lanes lanes = __builtin_convertvector(mask, dialect_lanes);
  uint64_t bits = 0;
  memcpy(&bits, &lanes, sizeof lanes);
  return bits;
}
#endif
#define LANE_BITS(mask) dialect_bits(mask)
#define LOAD_BYTES(pointer) dialect_load_bytes(pointer)
#define STORE_BYTES(pointer, value) dialect_store_bytes(pointer, value)

#define TABLE(name, count) static const double name[count]
#define TABLE_POINTER const double *
#define UNROLL _Pragma("clang loop unroll(full)")
// A loop that stays one, so that its steps are taken in the order written: unrolled, the compiler would put chains that are
// side by side one after the other again.
#define ROLLED _Pragma("clang loop unroll(disable)")
