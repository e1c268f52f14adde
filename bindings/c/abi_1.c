/* The C interface of version 1.1 once more: every declaration as callers were compiled with it, every layout on 64-bit
 * machines. A change to one does not compile, beside the header. Lines are added when the interface grows, and never
 * changed within version 1. */
#include <assay.h>
#include <stddef.h>

#define PLACE(structure, field, offset) \
  _Static_assert(offsetof(structure, field) == (offset), #structure "." #field " has moved")
#define SIZE(structure, bytes) _Static_assert(sizeof(structure) == (bytes), #structure " has another size")

_Static_assert(ASSAY_ABI_MAJOR == 1, "another major version has a file of its own");
_Static_assert(ASSAY_VERDICT_ACCEPTED == 0xA5 && ASSAY_EXACT_STATE_BYTES == 288, "a constant changed");
_Static_assert(
  ASSAY_OK == 0 && ASSAY_ERROR_SHAPE == 1 && ASSAY_ERROR_UNAVAILABLE == 2 && ASSAY_ERROR_MISMATCH == 3 && ASSAY_ERROR_INPUT == 4 &&
    ASSAY_ERROR_USAGE == 5 && ASSAY_ERROR_FORKED == 6 && ASSAY_ERROR_CANCELLED == 7 && ASSAY_ERROR_DEADLINE == 8,
  "a status changed");
_Static_assert(
  ASSAY_VALUE_F64 == 0 && ASSAY_VALUE_U64 == 1 && ASSAY_VALUE_U32 == 2 && ASSAY_VALUE_U8 == 3 && ASSAY_VALUE_VERDICT == 4 &&
    ASSAY_VALUE_BYTES == 5 && ASSAY_VALUE_MESSAGE == 6,
  "a kind changed");
_Static_assert(
  ASSAY_USE_INPUT == 0 && ASSAY_USE_SHARED == 1 && ASSAY_USE_OUTPUT == 2 && ASSAY_USE_OPTIONAL == 3, "a use changed");

PLACE(assay_options, size, 0);
PLACE(assay_options, threads, 8);
PLACE(assay_options, backend, 16);
PLACE(assay_options, strict, 24);
SIZE(assay_options, 32);

PLACE(assay_column_info, name, 0);
PLACE(assay_column_info, kind, 8);
PLACE(assay_column_info, use, 12);
PLACE(assay_column_info, width, 16);
SIZE(assay_column_info, 24);

PLACE(assay_operation_info, size, 0);
PLACE(assay_operation_info, name, 8);
PLACE(assay_operation_info, version, 16);
PLACE(assay_operation_info, input_count, 24);
PLACE(assay_operation_info, output_count, 32);
PLACE(assay_operation_info, digest, 40);
SIZE(assay_operation_info, 48);

PLACE(assay_call, size, 0);
PLACE(assay_call, deadline_ns, 8);
PLACE(assay_call, cancel, 16);
SIZE(assay_call, 24);

PLACE(assay_view, data, 0);
PLACE(assay_view, size, 8);
PLACE(assay_view, offsets, 16);
SIZE(assay_view, 24);

PLACE(assay_target, data, 0);
PLACE(assay_target, size, 8);
SIZE(assay_target, 16);

PLACE(assay_book, size, 0);
PLACE(assay_book, rows, 8);
PLACE(assay_book, model, 16);
PLACE(assay_book, type, 24);
PLACE(assay_book, underlying, 32);
PLACE(assay_book, strike, 40);
PLACE(assay_book, years, 48);
PLACE(assay_book, rate, 56);
PLACE(assay_book, dividend_yield, 64);
PLACE(assay_book, volatility, 72);
PLACE(assay_book, price, 80);
SIZE(assay_book, 88);

PLACE(assay_file, name, 0);
PLACE(assay_file, data, 8);
PLACE(assay_file, size, 16);
SIZE(assay_file, 24);

uint32_t assay_abi_version(void);
const char *assay_version(void);
int32_t assay_error_status(const assay_error *error);
const char *assay_error_message(const assay_error *error);
void assay_error_release(assay_error *error);
const char *assay_reason_name(uint8_t verdict);
const char *assay_reason_sentence(uint8_t verdict);
int32_t assay_engine_create(const assay_options *options, assay_engine **engine, assay_error **error);
void assay_engine_release(assay_engine *engine);
size_t assay_operation_count(void);
int32_t assay_operation_describe(size_t index, assay_operation_info *info, assay_error **error);
int32_t assay_operation_column(size_t index, size_t column, assay_column_info *info, assay_error **error);
int32_t assay_warm( assay_engine *engine, const char *const *operations, size_t count, assay_error **error);
int32_t assay_cancel_create(assay_cancel **cancel, assay_error **error);
void assay_cancel_now(assay_cancel *cancel);
void assay_cancel_release(assay_cancel *cancel);
int32_t assay_execute(
   assay_engine *engine, const assay_call *call, const char *operation, int64_t rows, const assay_view *inputs,
  size_t input_count, const char *const *wanted, size_t wanted_count, assay_results **results, assay_error **error);
int32_t assay_execute_into(
   assay_engine *engine, const assay_call *call, const char *operation, int64_t rows, const assay_view *inputs,
  size_t input_count, const assay_target *outputs, size_t output_count, assay_error **error);
int64_t assay_results_rows(const assay_results *results);
int64_t assay_results_accepted(const assay_results *results);
const void *assay_results_column(const assay_results *results, const char *name, size_t *bytes);
int32_t assay_results_receipt(const assay_results *results, assay_text **json, assay_error **error);
void assay_results_release(assay_results *results);
int32_t assay_results_export(
   const assay_results *results, const char *const *names, size_t count, struct ArrowSchema *schema, struct
  ArrowArray *array, assay_error **error);
int32_t assay_execute_arrow(
   assay_engine *engine, const assay_call *call, const char *operation, const struct ArrowSchema *schema, const
  struct ArrowArray *array, const char *const *wanted, size_t wanted_count, assay_results **results, assay_error
  **error);
int32_t assay_price(
   assay_engine *engine, const assay_call *call, const assay_book *book, const char *const *measures, size_t count,
  double *const *out, uint8_t *verdicts, assay_error **error);
int32_t assay_implied_volatility(
   assay_engine *engine, const assay_call *call, const assay_book *book, double *volatility, uint8_t *verdicts,
  assay_error **error);
int32_t assay_verify_rows(
   assay_engine *engine, const assay_call *call, const char *rows, size_t size, assay_text **verdicts, assay_error
  **error);
int32_t assay_risk(
   assay_engine *engine, const assay_call *call, const assay_file *files, size_t count, const char *options,
  assay_text **document, assay_error **error);
int32_t assay_merkle(
   assay_engine *engine, const assay_call *call, const void *leaves, size_t size, const char *options, assay_text
  **document, assay_error **error);
const char *assay_text_data(const assay_text *text);
size_t assay_text_size(const assay_text *text);
void assay_text_release(assay_text *text);
int32_t assay_exact_sum(const double *values, int64_t count, uint8_t *state, assay_error **error);
int32_t assay_exact_merge(const uint8_t *states, int64_t count, uint8_t *state, assay_error **error);
int32_t assay_exact_round(const uint8_t *state, double *value, assay_error **error);
