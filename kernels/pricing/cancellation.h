// Measures whose terms nearly cancel, once more in double-double.
//
// A theta, a charm and their kin are all of the form
//   front (a1 e^y N(-z1) + a2 N(-z2) + u phi(z2)),  e^y phi(z1) = phi(z2).
// Their terms carry the errors of the exponentials, a few ulp, and a row where they cancel to less than PRICING_NEAR of the larger
// ones is computed here. With Y(z) = N(-z) exp(z^2/2) the exponentials of a row out of the money are one common factor:
//   front exp(-z2^2/2) (a1 Y(z1) + a2 Y(z2) + u / sqrt(2 pi)),
// so that only Y needs more digits. Where a z is negative, N(-z) = 1 - N(z) adds a1 e^y or a2, and exp is needed to as many.
// Whether a row is computed here depends on the row alone, and so does what comes out.
#ifndef PRICING_CANCELLATION_H
#define PRICING_CANCELLATION_H

#include "number/double_double_functions.h"

/// A measure below this part of its terms is computed here.
#define PRICING_NEAR 0.15

/// One measure's terms, a row per lane.
typedef struct pricing_terms {
  number_dd y, z1, z2, a1, a2, u;
  /// `front`, and front exp(-z2^2/2) as the price phases know it; then factors that both have in common.
  F64 front, dense, factor[4];
} pricing_terms;

/// |d| and its sign bit.
INLINE number_dd pricing_distance(number_dd d, I64 *sign) {
  *sign = BITS(d.high) & (I64)0x8000000000000000;
  return number_dd_turned(d, *sign);
}

/// The value where `negative` is the sign bit, 0 where it is 0.
INLINE number_dd pricing_where(I64 negative, number_dd value) {
  const M64 holds = ~SAME_BITS(negative, (I64)0);
  const number_dd chosen = {SELECT(holds, value.high, 0.0), SELECT(holds, value.low, 0.0)};
  return chosen;
}

/// The measures of `many` rows, at most GROUP, side by side.
INLINE void pricing_cancelled(int many, const pricing_terms *terms, F64 *value) {
  const number_dd root = {(F64)(NUMBER_INVERSE_SQRT_2PI), (F64)(NUMBER_INVERSE_SQRT_2PI_LOW)};
  I64 sign[2 * GROUP];
  number_dd distance[2 * GROUP], tail[2 * GROUP], exponent[2 * GROUP], whole[2 * GROUP];
  UNROLL for (int i = 0; i < many; i++) {
    distance[2 * i] = pricing_distance(terms[i].z1, &sign[2 * i]);
    distance[2 * i + 1] = pricing_distance(terms[i].z2, &sign[2 * i + 1]);
    const number_dd square = number_dd_product(distance[2 * i + 1], distance[2 * i + 1]);
    exponent[2 * i] = terms[i].y;
    exponent[2 * i + 1].high = square.high * -0.5;
    exponent[2 * i + 1].low = square.low * -0.5;
  }
  number_dd_tail(2 * many, distance, tail);
  number_dd_exp(2 * many, exponent, whole);
  UNROLL for (int i = 0; i < many; i++) {
    const I64 sign1 = sign[2 * i], sign2 = sign[2 * i + 1];
    const number_dd tail1 = number_dd_product(number_dd_turned(terms[i].a1, sign1), tail[2 * i]);
    const number_dd tail2 = number_dd_product(number_dd_turned(terms[i].a2, sign2), tail[2 * i + 1]);
    const number_dd tails = number_dd_sum(number_dd_sum(tail1, tail2), number_dd_product(terms[i].u, root));
    const number_dd whole1 = pricing_where(sign1, number_dd_product(terms[i].a1, whole[2 * i]));
    const number_dd wholes = number_dd_sum(whole1, pricing_where(sign2, terms[i].a2));
    const number_dd all = number_dd_sum(wholes, number_dd_product(tails, whole[2 * i + 1]));
    const M64 inside = ~SAME_BITS(sign1 | sign2, (I64)0);
    value[i] = SELECT(inside, (all.high + all.low) * terms[i].front, (tails.high + tails.low) * terms[i].dense);
    UNROLL for (int j = 0; j < 4; j++) value[i] = value[i] * terms[i].factor[j];
  }
}

#ifndef DIALECT_OPENCL

/// Of a model's row so many fields wait at most; and so many rows, for they cost less side by side.
#define PRICING_FIELDS 22
#define PRICING_WAITING (4 * LANES)
/// Vectors computed side by side.
#define PRICING_SIDE (LANES < 8 ? 2 : 1)

/// How the terms of one measure come from a row, of whichever model, and how many of its fields, from the first, they need.
typedef struct pricing_source {
  void (*terms)(const void *row, pricing_terms *terms);
  int fields;
} pricing_source;

typedef struct pricing_queue {
  pricing_source source;
  int count;
  double *to[PRICING_WAITING];
  /// A field of every row beside those of the others: vectors of rows, as they are computed.
  double field[PRICING_FIELDS][PRICING_WAITING];
} pricing_queue;

static void pricing_empty(pricing_queue *queue) {
  const int step = PRICING_SIDE * LANES, end = (queue->count + step - 1) / step * step;
  for (int field = 0; field < queue->source.fields; field++) {
    for (int row = queue->count; row < end; row++) queue->field[field][row] = queue->field[field][0];
  }
  for (int first = 0; first < end; first += step) {
    pricing_terms terms[PRICING_SIDE];
    F64 values[PRICING_SIDE];
    double lanes[PRICING_SIDE * LANES];
    for (int i = 0; i < PRICING_SIDE; i++) {
      F64 row[PRICING_FIELDS];
      for (int field = 0; field < queue->source.fields; field++) {
        memcpy(&row[field], &queue->field[field][first + i * LANES], sizeof row[field]);
      }
      queue->source.terms(row, &terms[i]);
    }
    pricing_cancelled(PRICING_SIDE, terms, values);
    memcpy(lanes, values, sizeof values);
    for (int i = 0; i < step && first + i < queue->count; i++) memcpy(queue->to[first + i], &lanes[i], sizeof(double));
  }
  queue->count = 0;
}

/// Puts rows into the queue, at least as many fields as its source has: those of an array of `size` bytes a vector whose bits are set. Their
/// values go to their places from `to` on.
INLINE void pricing_defer(pricing_queue *queue, int fields, const void *rows, size_t size, uint64_t chosen, double *to) {
  for (; chosen; chosen &= chosen - 1) {
    const int row = __builtin_ctzll(chosen), place = queue->count++;
    const char *from = (const char *)rows + (size_t)(row / LANES) * size + (size_t)(row % LANES) * sizeof(double);
    UNROLL for (int field = 0; field < fields; field++) {
      memcpy(&queue->field[field][place], from + (size_t)field * sizeof(F64), sizeof(double));
    }
    queue->to[place] = to + row;
    if (queue->count == PRICING_WAITING) pricing_empty(queue);
  }
}

#endif

#endif
