// Positions whose value is their price: what a book holds beside options.
//
// linear: one unit of the underlying (type 0: a spot, a future, a perpetual) is worth `spot`, which may be negative; cash (type 1) is
// worth 1, whatever the spot. Delta is 1.
//
// linear_inverse: a future or perpetual on one coin, settled in the coin and entered at `entry` (type 0). Its value in coin is that coin
// and what it has gained, 1 + (1 - entry/forward); a move of the forward by s gains s/(1 + s). Coin itself (type 1) is worth 1. Delta is
// 1; coinDelta and coinGamma are the derivatives of the value in coin by the forward. Source: Deribit's definition of inverse futures.
//
// A number that is not finite, a forward or entry that is not above 0 and another type have a reason, and canonical NaN in every measure.

#if DIALECT_ROWS

/// Stores a measure that somebody asked for: canonical NaN where the row has a reason.
INLINE void linear_store(assay_column column, int64_t row, uint8_t reason, double value) {
  if (column.data) ((GLOBAL double *)column.data)[row] = reason ? FLOAT((I64)0x7FF8000000000000) : value;
}

INLINE void linear_verdict(assay_column column, int64_t row, uint8_t reason) {
  ((GLOBAL uint8_t *)column.data)[row] = reason ? reason : (uint8_t)ASSAY_ACCEPTED;
}

#define ASSAY_PROVIDES_linear ASSAY_YES
KERNEL(linear) {
  const assay_linear_columns *c = COLUMNS(linear);
  for (int64_t row = first; row < end; row++) {
    const uint8_t type = ((GLOBAL const uint8_t *)c->type.data)[row];
    const double spot = type == 1 ? 1.0 : ((GLOBAL const double *)c->spot.data)[row];
    uint8_t reason = spot - spot == 0.0 ? 0 : ASSAY_REASON_invalidSpot;
    if (type > 1) reason = ASSAY_REASON_unsupportedType;
    linear_verdict(c->verdict, row, reason);
    linear_store(c->price, row, reason, spot + 0.0);
    linear_store(c->delta, row, reason, 1.0);
  }
}

#define ASSAY_PROVIDES_linear_inverse ASSAY_YES
KERNEL(linear_inverse) {
  const assay_linear_inverse_columns *c = COLUMNS(linear_inverse);
  for (int64_t row = first; row < end; row++) {
    const uint8_t type = ((GLOBAL const uint8_t *)c->type.data)[row];
    const double forward = ((GLOBAL const double *)c->forward.data)[row], entry = ((GLOBAL const double *)c->entry.data)[row];
    uint8_t reason = forward > 0.0 && forward - forward == 0.0 && entry > 0.0 && entry - entry == 0.0 ? 0 : ASSAY_REASON_invalidSpot;
    if (type > 1) reason = ASSAY_REASON_unsupportedType;
    const double bought = type == 1 ? 0.0 : entry / forward, slope = bought / forward;
    linear_verdict(c->verdict, row, reason);
    linear_store(c->price, row, reason, type == 1 ? 1.0 : 1.0 + (1.0 - bought));
    linear_store(c->delta, row, reason, 1.0);
    linear_store(c->coinDelta, row, reason, slope);
    linear_store(c->coinGamma, row, reason, (-2.0 * slope) / forward);
  }
}

#endif
