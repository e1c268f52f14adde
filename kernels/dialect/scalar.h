// The floating-point vocabulary, one row at a time: what F64, FMA and SELECT are where a lane is a plain double.
//
// Kernel text uses + - * / on F64, and FMA wherever a product feeds an addition. A mask (M64) is a 64-bit integer of all
// ones or all zeros, so & | ~ combine masks in every dialect.
#define LANES 1
#define GROUP 4
#define SWEEP 4
typedef double F64;
typedef int64_t I64;
typedef uint64_t U64;
typedef int64_t M64;

#define FMA(a, b, c) __builtin_fma((a), (b), (c))
// A product that a later addition may see: written as an fma, no compiler can contract it.
#define PRODUCT(a, b) FMA(a, b, (F64)(0.0))
#define SQRT(a) __builtin_elementwise_sqrt((F64)(a))
#define LESS(a, b) (-(M64)((F64)(a) < (F64)(b)))
#define EQUAL(a, b) (-(M64)((F64)(a) == (F64)(b)))
#define SAME_BITS(a, b) (-(M64)((a) == (b)))
#define SELECT(mask, a, b) ((mask) ? (F64)(a) : (F64)(b))
#define SELECT_BITS(mask, a, b) ((mask) ? (I64)(a) : (I64)(b))
#define BITS(a) __builtin_bit_cast(I64, (F64)(a))
#define FLOAT(a) __builtin_bit_cast(F64, (I64)(a))
#define SHIFT_RIGHT(a, n) ((I64)((U64)(a) >> (n)))
#define SHIFT_LEFT(a, n) ((I64)((U64)(a) << (n)))

// All ones in every lane.
#define ALL(mask) ((mask) != 0)
// A bit per lane.
#define LANE_BITS(mask) ((uint64_t)(mask) & 1)
#define LOAD_BYTES(pointer) ((I64) * (pointer))
#define STORE_BYTES(pointer, value) (*(pointer) = (uint8_t)(value))

#define TABLE(name, count) static const double name[count]
#define TABLE_POINTER const double *
#define UNROLL _Pragma("clang loop unroll(full)")
// A loop that stays one, so that its steps are taken in the order written: unrolled, the compiler would put chains that are
// side by side one after the other again.
#define ROLLED _Pragma("clang loop unroll(disable)")
