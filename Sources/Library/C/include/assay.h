/* Assay's C interface: batches of signature and proof checks, and option pricing, with the same bits on every machine.
 *
 * Conventions that hold for every function:
 * - Every function that can fail returns an assay_status, and takes as its last argument a place for an error, which may be
 *   NULL. On failure that place receives an error that the caller releases with assay_error_release; on success it receives NULL.
 *   Other out parameters are untouched on failure.
 * - Memory that is passed in is borrowed for the call alone. It needs no alignment. An input may not overlap an output.
 * - Handles (assay_engine, assay_results, assay_text, assay_cancel, assay_error) belong to the caller, who releases them once.
 *   Every release function accepts NULL.
 * - Functions may be called from any thread, and one engine may be used from several threads at once. One results, text, error
 *   handle may be read from several threads, and is released once nobody reads it.
 * - An engine belongs to the process that made it: a child of fork() that uses it gets ASSAY_ERROR_FORKED and makes its own.
 * - Structures that may grow start with their size: set it to sizeof the structure. Fields past it count as zero.
 * - Texts are UTF-8. Names are those of the command line and of kernels/operations/operations.def.
 */
#ifndef ASSAY_H
#define ASSAY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The interface's version. Functions and fields are only added within a major version. */
#define ASSAY_ABI_MAJOR 1
#define ASSAY_ABI_MINOR 1

/* The verdict byte of an accepted row. Every other byte names a reason; see assay_reason_name. */
#define ASSAY_VERDICT_ACCEPTED 0xA5

#if defined(__GNUC__)
#define ASSAY_API __attribute__((visibility("default")))
#else
#define ASSAY_API
#endif

/* What a call came to. Bad rows are not failures: they have verdicts. */
typedef enum assay_status {
  ASSAY_OK = 0,
  ASSAY_ERROR_SHAPE = 1,       /* columns do not fit the operation */
  ASSAY_ERROR_UNAVAILABLE = 2, /* a named backend or device is not there, or supports nothing of the job */
  ASSAY_ERROR_MISMATCH = 3,    /* results or digests that must agree do not */
  ASSAY_ERROR_INPUT = 4,       /* input cannot be read, or is not in the format */
  ASSAY_ERROR_USAGE = 5,       /* an argument is NULL or outside of what the call takes */
  ASSAY_ERROR_FORKED = 6,      /* the engine was made by another process */
  ASSAY_ERROR_CANCELLED = 7,   /* assay_cancel_now was called before the last row was computed */
  ASSAY_ERROR_DEADLINE = 8     /* the call's deadline passed before the last row was computed */
} assay_status;

typedef struct assay_engine assay_engine;   /* every backend of this build behind one dispatcher */
typedef struct assay_results assay_results; /* the outputs of one call, immutable */
typedef struct assay_text assay_text;       /* bytes that the library wrote, immutable */
typedef struct assay_error assay_error;     /* why a call failed, immutable */
typedef struct assay_cancel assay_cancel;   /* a switch that ends the calls that were given it */

/* ---- versions and errors ---- */

/* Returns: the version of the interface that this library implements, major << 16 | minor. */
ASSAY_API uint32_t assay_abi_version(void);

/* Returns: the version of Assay, such as "0.2.0"; static. */
ASSAY_API const char *assay_version(void);

/* Returns: the status that the failed call returned; ASSAY_OK when error is NULL. */
ASSAY_API int32_t assay_error_status(const assay_error *error);

/* Returns: one sentence that says what is wrong and why, and one that says what to do next, valid until the error is released;
 * "" when error is NULL. */
ASSAY_API const char *assay_error_message(const assay_error *error);

ASSAY_API void assay_error_release(assay_error *error);

/* Returns: the name of the reason that a verdict byte stands for, such as "signature-mismatch"; static. NULL for an accepted row
 *          and for a byte that is not a verdict. */
ASSAY_API const char *assay_reason_name(uint8_t verdict);

/* Returns: the reason in one sentence; static. NULL as for assay_reason_name. */
ASSAY_API const char *assay_reason_sentence(uint8_t verdict);

/* ---- engines ---- */

typedef struct assay_options {
  size_t size;         /* sizeof(assay_options) */
  int32_t threads;     /* threads of the host's kernels; 0 for one per processor */
  const char *backend; /* NULL for the host's processors; else "portable", "simd", "openblas", "opencl", "fpga" or a device's id */
  int32_t strict;      /* not 0: an operation that the named backend lacks fails instead of running on the processor */
} assay_options;

/* Makes an engine. Drivers and plugins are opened only when options name them.
 *
 * Args:  options: what the engine is made of, or NULL for the defaults.
 * Out:   engine:  the engine; release it with assay_engine_release.
 * Returns: ASSAY_OK, ASSAY_ERROR_UNAVAILABLE when the named backend is not there, ASSAY_ERROR_USAGE.
 */
ASSAY_API int32_t assay_engine_create(const assay_options *options, assay_engine **engine, assay_error **error);

/* Releases an engine. Results that it made stay valid. */
ASSAY_API void assay_engine_release(assay_engine *engine);

/* ---- what an engine computes ---- */

typedef enum assay_value_kind {
  ASSAY_VALUE_F64 = 0,     /* IEEE 754 binary64, native byte order */
  ASSAY_VALUE_U64 = 1,
  ASSAY_VALUE_U32 = 2,
  ASSAY_VALUE_U8 = 3,
  ASSAY_VALUE_VERDICT = 4, /* one byte per row: ASSAY_VERDICT_ACCEPTED or a reason */
  ASSAY_VALUE_BYTES = 5,   /* a fixed number of bytes per row */
  ASSAY_VALUE_MESSAGE = 6  /* any number of bytes per row, with offsets */
} assay_value_kind;

typedef enum assay_column_use {
  ASSAY_USE_INPUT = 0,   /* one value per row, read */
  ASSAY_USE_SHARED = 1,  /* one value for the whole batch, read */
  ASSAY_USE_OUTPUT = 2,  /* one value per row, always computed */
  ASSAY_USE_OPTIONAL = 3 /* one value per row, computed when it is asked for */
} assay_column_use;

typedef struct assay_column_info {
  const char *name; /* static */
  int32_t kind;     /* an assay_value_kind */
  int32_t use;      /* an assay_column_use */
  int64_t width;    /* bytes per row; 0 for messages */
} assay_column_info;

typedef struct assay_operation_info {
  size_t size;          /* sizeof(assay_operation_info), set by the caller */
  const char *name;     /* static */
  uint32_t version;     /* of the results: it rises whenever the result of any row changes */
  size_t input_count;   /* input and shared columns, in the order that assay_execute takes them */
  size_t output_count;  /* output and optional columns */
  const char *digest;   /* SHA-256 of the portable kernel's results over the self-test rows, in hexadecimal; static */
} assay_operation_info;

/* Returns: how many operations this build has. */
ASSAY_API size_t assay_operation_count(void);

/* Describes operation `index`, below assay_operation_count().
 * In, Out: info: info->size is read; the other fields are written.
 * Returns: ASSAY_OK or ASSAY_ERROR_USAGE. */
ASSAY_API int32_t assay_operation_describe(size_t index, assay_operation_info *info, assay_error **error);

/* Describes column `column` of operation `index`: inputs first, then outputs.
 * Out: info: the column. */
ASSAY_API int32_t assay_operation_column(size_t index, size_t column, assay_column_info *info, assay_error **error);

/* Tests the kernels that the named operations would use, so that the next call does not have to.
 * Args: operations: `count` names. */
ASSAY_API int32_t assay_warm(
  assay_engine *engine, const char *const *operations, size_t count, assay_error **error);

/* ---- calls ---- */

/* What one call may take. A call that is cancelled or late computes no further rows and returns no results. */
typedef struct assay_call {
  size_t size;           /* sizeof(assay_call) */
  int64_t deadline_ns;   /* nanoseconds from the start of the call; 0 for none */
  assay_cancel *cancel;  /* NULL for none */
} assay_call;

/* Out: cancel: a switch that is off; release it when no call uses it any more. */
ASSAY_API int32_t assay_cancel_create(assay_cancel **cancel, assay_error **error);
/* Turns the switch on, for good. May be called from any thread, also while calls run. */
ASSAY_API void assay_cancel_now(assay_cancel *cancel);
ASSAY_API void assay_cancel_release(assay_cancel *cancel);

/* A column that is lent for one call. */
typedef struct assay_view {
  const void *data;       /* dense values, or the bytes of the messages; may be NULL when there are none */
  int64_t size;           /* bytes at `data`: rows x width, or for messages at least the last offset */
  const int64_t *offsets; /* rows + 1 offsets into `data` for messages; else NULL */
} assay_view;

/* Computes every row of a batch of any operation.
 *
 * Args:  engine:    the engine.
 *        call:      limits of this call, or NULL.
 *        operation: the operation's name, such as "ecdsa_secp256k1_low_s".
 *        rows:      how many rows there are.
 * In:    inputs:    `input_count` columns in the order of the operation's inputs; a shared column holds one value.
 *        wanted:    names of the optional outputs to compute; NULL with a count of 0 for none.
 * Out:   results:   the outputs; release them with assay_results_release.
 * Returns: ASSAY_OK also when rows were rejected; ASSAY_ERROR_SHAPE when columns do not fit.
 */
ASSAY_API int32_t assay_execute(
  assay_engine *engine, const assay_call *call, const char *operation, int64_t rows, const assay_view *inputs,
  size_t input_count, const char *const *wanted, size_t wanted_count, assay_results **results, assay_error **error);

/* Memory of the caller's for one output; data == NULL leaves an optional output out. */
typedef struct assay_target {
  void *data;
  int64_t size; /* bytes at `data`; must be rows x width */
} assay_target;

/* The same, with the outputs written into the caller's memory.
 * Out:   outputs: `output_count` targets in the order of the operation's outputs. On failure they hold zeros or results of
 *                 rows that were computed. */
ASSAY_API int32_t assay_execute_into(
  assay_engine *engine, const assay_call *call, const char *operation, int64_t rows, const assay_view *inputs,
  size_t input_count, const assay_target *outputs, size_t output_count, assay_error **error);

/* ---- results ---- */

/* Returns: how many rows there are; 0 when results is NULL. */
ASSAY_API int64_t assay_results_rows(const assay_results *results);

/* Returns: how many rows were accepted; all of them for an operation without verdicts. */
ASSAY_API int64_t assay_results_accepted(const assay_results *results);

/* Args:  name:  an output's name.
 * Out:   bytes: how many bytes the column has; may be NULL.
 * Returns: the column's memory, 64-byte aligned, valid until the results are released. NULL when the column was not asked for or
 *          does not exist. */
ASSAY_API const void *assay_results_column(const assay_results *results, const char *name, size_t *bytes);

/* Out:   json: a JSON array, an object per row range: which device and kernel computed it, how long it took, which devices
 *              were asked before and why they did not deliver. */
ASSAY_API int32_t assay_results_receipt(const assay_results *results, assay_text **json, assay_error **error);

ASSAY_API void assay_results_release(assay_results *results);

/* The Arrow C data interface (https://arrow.apache.org/docs/format/CDataInterface.html). */
struct ArrowSchema;
struct ArrowArray;

/* Hands outputs over as an Arrow struct array without a copy. Numbers of a row that was not accepted are null.
 *
 * Args:  results: the results; they may be released before the array is.
 * In:    names:   `count` outputs, in the order wanted.
 * Out:   schema, array: structures of the caller's, filled; their release callbacks free what they hold.
 */
ASSAY_API int32_t assay_results_export(
  const assay_results *results, const char *const *names, size_t count, struct ArrowSchema *schema,
  struct ArrowArray *array, assay_error **error);

/* The same as assay_execute over the columns of an Arrow struct array, whose children have the names of the operation's inputs, in any
 * order. Nothing is copied but offsets of 32 bits and columns with nulls.
 *
 * In:    schema, array: structures of the caller's, of which nothing is released; the buffers are borrowed for the call.
 *        Formats:       "g" for binary64, "L", "I", "C" for whole numbers, "w:N" for N bytes, "z", "Z", "u" or "U" for messages.
 *                       A binary64 value that is null rejects its row; other nulls are ASSAY_ERROR_SHAPE. A shared input is a column
 *                       with the same value in every row.
 *        wanted:        as for assay_execute.
 * Out:   results:       the outputs; release them with assay_results_release.
 * Returns: ASSAY_OK also when rows were rejected; ASSAY_ERROR_SHAPE when a column is missing, of another type or not an input.
 */
ASSAY_API int32_t assay_execute_arrow(
  assay_engine *engine, const assay_call *call, const char *operation, const struct ArrowSchema *schema,
  const struct ArrowArray *array, const char *const *wanted, size_t wanted_count, assay_results **results,
  assay_error **error);

/* ---- option books ---- */

/* A book of options under one model, as columns of `rows` values. */
typedef struct assay_book {
  size_t size;                  /* sizeof(assay_book) */
  int64_t rows;
  const char *model;            /* as `assay measures` prints them; NULL for "black-scholes" */
  const uint8_t *type;          /* 0 call, 1 put */
  const double *underlying;     /* the spot, or the forward for models on forwards */
  const double *strike;
  const double *years;          /* to expiry, ACT/365 */
  const double *rate;           /* annual, continuous; NULL for 0 */
  const double *dividend_yield; /* annual, continuous; NULL for 0, and for models without one */
  const double *volatility;     /* annual, 0.2 for 20%; for assay_price */
  const double *price;          /* per unit; for assay_implied_volatility */
} assay_book;

/* Prices a book.
 *
 * In:    book:     the options.
 *        measures: `count` names, such as "price" or "delta".
 * Out:   out:      `count` arrays of `rows` numbers; a row that was not accepted has NaN.
 *        verdicts: `rows` verdict bytes; may be NULL.
 * Units: everything annual, continuous and per 1.00, not per 1% or per day; theta as time passes.
 */
ASSAY_API int32_t assay_price(
  assay_engine *engine, const assay_call *call, const assay_book *book, const char *const *measures, size_t count,
  double *const *out, uint8_t *verdicts, assay_error **error);

/* Finds the volatilities at which the model gives book->price.
 * Out:   volatility: `rows` numbers, NaN for a row that was not accepted.
 *        verdicts:   `rows` verdict bytes; may be NULL. */
ASSAY_API int32_t assay_implied_volatility(
  assay_engine *engine, const assay_call *call, const assay_book *book, double *volatility, uint8_t *verdicts,
  assay_error **error);

/* ---- rows of text ---- */

/* Verifies JSON Lines rows as `assay verify` does: types may be mixed, and a verdict line per row comes back in order.
 *
 * Args:  rows, size: the bytes of the rows.
 * Out:   verdicts:   the lines that `assay verify` writes for them, byte for byte.
 * Rows that name files are rejected: the interface opens none.
 */
ASSAY_API int32_t assay_verify_rows(
  assay_engine *engine, const assay_call *call, const char *rows, size_t size, assay_text **verdicts,
  assay_error **error);

/* ---- reports ---- */

/* A file that lies in memory. */
typedef struct assay_file {
  const char *name; /* what it is; see the function that takes it */
  const void *data; /* its bytes; may be NULL when there are none */
  size_t size;
} assay_file;

/* Totals a book's measures by group and its profit and loss in scenarios, or computes its accounts' margins.
 *
 * Args:  options:  a JSON object, or NULL for none: "asOf" and "model" as the command line has them; "strictFields", true to refuse
 *                  columns that are not known; "by" and "measures", lists of names; "scenarios" and "fx", the objects that
 *                  files of these options are; "units", "annual" or "market". With a file "margin" instead of the last five
 *                  "quorum", "maxAge" and "explain". An unknown name is an error.
 * In:    files:    `count` files: "book", CSV or an Arrow file; for margins also "margin", the rule, and if wanted
 *                  "accounts", "prices", "signers" and "whatIf", each as the command's option of that name takes it.
 * Out:   document: the JSON document that `assay risk --json` writes, byte for byte.
 * Returns: ASSAY_OK also when rows were rejected: the document counts them. ASSAY_ERROR_INPUT when a file cannot be read.
 * Limits are seen between pieces of the book.
 */
ASSAY_API int32_t assay_risk(
  assay_engine *engine, const assay_call *call, const assay_file *files, size_t count, const char *options,
  assay_text **document, assay_error **error);

/* Builds a Merkle tree.
 *
 * Args:  leaves, size: leaves as `assay merkle` reads them: hexadecimal, one per line, or an Arrow file.
 *        options:      a JSON object, or NULL for none: "rule" ("rfc6962", "ssz", "keccak-sorted" or "keccak-standard"), "text",
 *                      "skipHeader", "depth", "list" as the command's options, and "index".
 * Out:   document:     the JSON document that `assay merkle root --json` writes; with an index the row that
 *                      `assay merkle prove --index` writes, which assay_verify_rows takes.
 */
ASSAY_API int32_t assay_merkle(
  assay_engine *engine, const assay_call *call, const void *leaves, size_t size, const char *options,
  assay_text **document, assay_error **error);

/* Returns: the first byte, valid until the text is released; a zero byte follows the last. "" when text is NULL. */
ASSAY_API const char *assay_text_data(const assay_text *text);
/* Returns: how many bytes there are, the final zero byte not counted. */
ASSAY_API size_t assay_text_size(const assay_text *text);
ASSAY_API void assay_text_release(assay_text *text);

/* ---- exact sums ---- */

/* The bytes of one exact partial sum. */
#define ASSAY_EXACT_STATE_BYTES 288

/* Adds numbers up without rounding.
 * Out:   state: the sum, as ASSAY_EXACT_STATE_BYTES bytes that any machine of this interface's major version reads. */
ASSAY_API int32_t assay_exact_sum(const double *values, int64_t count, uint8_t *state, assay_error **error);
/* Adds `count` states that lie end to end. The result does not depend on their order. A malformed state is ASSAY_ERROR_INPUT. */
ASSAY_API int32_t assay_exact_merge(const uint8_t *states, int64_t count, uint8_t *state, assay_error **error);
/* Out:   value: the sum, rounded once, to nearest with ties to even. */
ASSAY_API int32_t assay_exact_round(const uint8_t *state, double *value, assay_error **error);

#ifdef __cplusplus
}
#endif
#endif
