// libFuzzer over the functions of assay.h, under AddressSanitizer: NULL handles and pointers, wrong sizes and counts, unaligned
// columns, offsets that go anywhere, bytes that are no JSON, no book and no state. Whatever comes in, a call returns a status of
// the closed list, an error exactly when it fails, and touches nothing outside of what it was given. A pointer to memory that is
// too short cannot be seen by the library and is not tried.
//
// Input: function | choices, a byte each | the rest, which columns are cut from.
//
//   Tests/fuzz/c-interface/run.sh SECONDS
#include <assay.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arrow_c_data.h"

enum { MOST_COLUMNS = 64, MOST_ROWS = 9 };

static assay_engine *engine;
static const uint8_t *input;
static size_t left;

static uint8_t byte(void) {
  if (left == 0) return 0;
  left--;
  return *input++;
}

/// A number that is mostly small, and sometimes as large as numbers get.
static int64_t count_of(uint8_t choice, int64_t expected) {
  static const int64_t odd[] = {-1, 0, 1, 3, INT64_MAX, INT64_MIN, (int64_t)1 << 40, ((int64_t)1 << 40) + 1};
  return choice < 200 ? expected : odd[choice % 8];
}

/// Memory of exactly `size` bytes, filled from the input; at an odd address when `shift` is 1. The caller frees what `owner` holds.
static void *take(size_t size, int shift, void **owner) {
  uint8_t *memory = malloc(size + (size_t)shift);
  if (!memory) abort();
  *owner = memory;
  for (size_t i = 0; i < size; i++) memory[shift + i] = byte();
  return memory + shift;
}

static void checked(int32_t status, assay_error *error) {
  if (status < ASSAY_OK || status > ASSAY_ERROR_DEADLINE || (status == ASSAY_OK) != (error == NULL)) abort();
  if (error && (assay_error_status(error) != status || strlen(assay_error_message(error)) < 10)) abort();
  assay_error_release(error);
}

/// Rows of one operation, through one of its three entrances.
static void execute(int entrance) {
  assay_operation_info info = {.size = sizeof info};
  assay_error *error = NULL;
  if (assay_operation_describe(byte() % assay_operation_count(), &info, NULL) != ASSAY_OK) abort();
  size_t index = 0;
  for (assay_operation_info other = info; index < assay_operation_count(); index++) {
    assay_operation_describe(index, &other, NULL);
    if (strcmp(other.name, info.name) == 0) break;
  }
  const int64_t rows = byte() % MOST_ROWS;
  const int shift = byte() & 1;
  void *owners[2 * MOST_COLUMNS] = {0};
  assay_view views[MOST_COLUMNS];
  struct ArrowSchema schemas[MOST_COLUMNS], *schema_places[MOST_COLUMNS];
  struct ArrowArray arrays[MOST_COLUMNS], *array_places[MOST_COLUMNS];
  const void *buffers[MOST_COLUMNS][3];
  char formats[MOST_COLUMNS][24];
  memset(schemas, 0, sizeof schemas);
  memset(arrays, 0, sizeof arrays);
  for (size_t i = 0; i < info.input_count; i++) {
    assay_column_info column;
    if (assay_operation_column(index, i, &column, NULL) != ASSAY_OK) abort();
    const int64_t values = column.use == ASSAY_USE_SHARED && entrance != 2 ? 1 : rows;
    if (column.kind == ASSAY_VALUE_MESSAGE) {
      const size_t size = byte() % 96u;
      int64_t *offsets = calloc((size_t)values + 1, sizeof *offsets);
      if (!offsets) abort();
      owners[2 * i + 1] = offsets;
      // Ascending and inside, or, through the plain entrances that know the size, anything at all.
      for (int64_t row = 1; row <= values; row++)
        offsets[row] = entrance != 2 && byte() > 250 ? (int64_t)byte() << 40 : offsets[row - 1] + byte() % 48;
      const size_t needed = entrance == 2 ? (size_t)offsets[values] : size;
      views[i] = (assay_view){.data = take(needed, shift, &owners[2 * i]), .size = (int64_t)needed, .offsets = offsets};
    } else {
      const size_t size = (size_t)values * (size_t)column.width;
      views[i] = (assay_view){.data = take(size, shift, &owners[2 * i]), .size = entrance == 2 ? (int64_t)size : count_of(byte(), (int64_t)size)};
      // More than there is would be the caller's lie.
      if (views[i].size > (int64_t)size) views[i].size = -1;
    }
    snprintf(
      formats[i], sizeof formats[i], column.kind == ASSAY_VALUE_BYTES ? "w:%lld" : "%.0lld%s", (long long)(column.kind == ASSAY_VALUE_BYTES ? column.width : 0),
      column.kind == ASSAY_VALUE_F64 ? "g" : column.kind == ASSAY_VALUE_U64 ? "L" : column.kind == ASSAY_VALUE_U32 ? "I" : column.kind == ASSAY_VALUE_MESSAGE ? "Z" : "C");
    if (byte() > 250) formats[i][0] = (char)byte();
    buffers[i][0] = NULL, buffers[i][1] = views[i].offsets ? (const void *)views[i].offsets : views[i].data, buffers[i][2] = views[i].data;
    schemas[i] = (struct ArrowSchema){.format = byte() > 252 ? NULL : formats[i], .name = byte() > 252 ? NULL : column.name,
                                      .release = (void (*)(struct ArrowSchema *))abort};
    arrays[i] = (struct ArrowArray){.length = rows, .null_count = byte() > 200 ? -1 : 0, .n_buffers = views[i].offsets ? 3 : 2, .buffers = buffers[i],
                                    .release = (void (*)(struct ArrowArray *))abort};
    if (byte() > 250) arrays[i].length = count_of(255, 0);
    if (byte() > 250) arrays[i].n_buffers = byte() % 2;
    if (arrays[i].length > rows) arrays[i].length = rows;
    schema_places[i] = &schemas[i], array_places[i] = &arrays[i];
  }
  const assay_call call = {.size = byte() > 240 ? byte() : sizeof call, .deadline_ns = byte() > 240 ? byte() - 8 : 0};
  const int64_t told = count_of(byte(), rows);
  const char *wanted[] = {byte() > 200 ? "price" : NULL};
  const size_t wanted_count = wanted[0] && byte() > 100 ? 1 : 0;
  assay_engine *const handle = byte() > 250 ? NULL : engine;
  assay_results *results = NULL;
  int32_t status;
  // More rows than there are would be the caller's lie where only offsets could tell.
  if (entrance == 0) {
    const size_t inputs = byte() > 240 ? byte() % (info.input_count + 1) : info.input_count;
    int is_told = 1;
    for (size_t i = 0; i < info.input_count; i++) is_told = is_told && !views[i].offsets;
    status = told <= rows || is_told ? assay_execute(handle, &call, info.name, told, views, inputs, wanted, wanted_count, &results, &error) : ASSAY_OK;
  } else if (entrance == 1) {
    assay_target targets[MOST_COLUMNS];
    void *memory[MOST_COLUMNS] = {0};
    for (size_t i = 0; i < info.output_count; i++) {
      assay_column_info column;
      assay_operation_column(index, info.input_count + i, &column, NULL);
      const size_t size = (size_t)rows * (size_t)column.width;
      memory[i] = malloc(size ? size : 1);
      targets[i] = (assay_target){.data = byte() > 128 ? memory[i] : NULL, .size = byte() > 240 ? (int64_t)size - 1 : (int64_t)size};
    }
    status = assay_execute_into(handle, &call, info.name, rows, views, info.input_count, targets, info.output_count, &error);
    for (size_t i = 0; i < info.output_count; i++) free(memory[i]);
  } else {
    const void *no_buffer[1] = {NULL};
    const struct ArrowSchema schema = {.format = byte() > 250 ? "g" : "+s", .n_children = (int64_t)info.input_count - (byte() > 250), .children = schema_places,
                                       .release = (void (*)(struct ArrowSchema *))abort};
    const struct ArrowArray array = {.length = rows, .n_buffers = 1, .buffers = no_buffer, .n_children = (int64_t)info.input_count, .children = array_places,
                                     .release = byte() > 250 ? NULL : (void (*)(struct ArrowArray *))abort};
    status = assay_execute_arrow(handle, &call, info.name, &schema, byte() > 250 ? NULL : &array, wanted, wanted_count, &results, &error);
  }
  checked(status, error);
  if (results) {
    size_t bytes = 0;
    const uint8_t *verdict = assay_results_column(results, "verdict", &bytes);
    for (size_t i = 0; verdict && i < bytes; i++)
      if (verdict[i] != ASSAY_VERDICT_ACCEPTED && !assay_reason_name(verdict[i])) abort();
    const char *exported[] = {"verdict"};
    struct ArrowSchema schema;
    struct ArrowArray array;
    if (assay_results_export(results, exported, 1, &schema, &array, NULL) == ASSAY_OK) {
      schema.release(&schema);
      array.release(&array);
    }
    assay_results_release(results);
  }
  for (size_t i = 0; i < 2 * MOST_COLUMNS; i++) free(owners[i]);
}

static void book(int implied) {
  const int64_t rows = byte() % MOST_ROWS;
  const int shift = byte() & 1;
  void *owners[10] = {0};
  double *columns[8];
  for (int i = 0; i < 8; i++) columns[i] = byte() > 245 ? NULL : take((size_t)rows * 8, shift, &owners[i]);
  static const char *const models[] = {"black-scholes", "black-76", "bachelier", "inverse", "american", "", "abacus"};
  assay_book book = {
    .size = byte() > 245 ? byte() : sizeof book, .rows = byte() > 245 ? -1 : rows, .model = byte() > 200 ? NULL : models[byte() % 7],
    .type = take((size_t)rows, 0, &owners[8]), .underlying = columns[0], .strike = columns[1], .years = columns[2], .rate = columns[3],
    .dividend_yield = columns[4], .volatility = columns[5], .price = columns[6]};
  double *out = malloc((size_t)rows * 8 + 1);
  uint8_t *verdicts = malloc((size_t)rows + 1);
  assay_error *error = NULL;
  const char *const names[] = {byte() > 200 ? "delta" : byte() > 200 ? NULL : "price"};
  double *const places[] = {byte() > 245 ? NULL : out};
  assay_engine *const handle = byte() > 250 ? NULL : engine;
  checked(
    implied ? assay_implied_volatility(handle, NULL, &book, places[0], verdicts, &error)
            : assay_price(handle, NULL, &book, names, byte() > 245 ? 0 : 1, places, byte() > 128 ? verdicts : NULL, &error),
    error);
  free(out);
  free(verdicts);
  for (int i = 0; i < 10; i++) free(owners[i]);
}

static void texts(int function) {
  static const char *const books[] = {"type,spot,strike,years,volatility,account\n", "{", "ARROW1\0\0", ""};
  static const char *const rows[] = {"{\"type\":\"ed25519\",", "{\"type\":\"merkle-keccak-sorted\",\"leaf\":\"0x", "[", ""};
  static const char *const options[] = {NULL, "{}", "{\"by\":\"account\"}", "{\"scenarios\":{\"spot\":[0.1]}}", "{\"measures\":\"all\"}", "{\"index\":0}", "{\"rule\":\"ssz\",\"depth\":3}", "{"};
  const char *const option = options[byte() % 8];
  const char *const start = function == 0 ? rows[byte() % 4] : function == 1 ? books[byte() % 4] : "";
  const size_t head = strlen(start), size = head + left;
  char *text = malloc(size ? size : 1);
  if (!text) abort();
  memcpy(text, start, head);
  if (left) memcpy(text + head, input, left);
  assay_text *document = NULL;
  assay_error *error = NULL;
  const char *const names[] = {"book", "margin", "accounts", "what-if"};
  const assay_file files[] = {{"book", text, size}, {names[size % 4], text, size / 2}};
  checked(
    function == 0 ? assay_verify_rows(engine, NULL, text, size, &document, &error)
    : function == 1 ? assay_risk(engine, NULL, files, 1 + (size % 3 == 0), option, &document, &error)
                    : assay_merkle(engine, NULL, text, size, option, &document, &error),
    error);
  if (document && strlen(assay_text_data(document)) > assay_text_size(document)) abort();
  assay_text_release(document);
  free(text);
}

static void sums(void) {
  void *owner[2];
  const int64_t count = byte() % MOST_ROWS;
  double *values = take((size_t)count * 8, byte() & 1, &owner[0]);
  const int64_t state_count = 1 + byte() % 3;
  uint8_t *states = take((size_t)state_count * ASSAY_EXACT_STATE_BYTES, 0, &owner[1]);
  uint8_t state[ASSAY_EXACT_STATE_BYTES];
  assay_error *error = NULL;
  checked(assay_exact_sum(byte() > 250 ? NULL : values, count_of(byte(), count) > count ? -1 : count, state, &error), error);
  if (byte() > 64) memcpy(states, state, 8);
  checked(assay_exact_merge(states, state_count, state, &error), error);
  double sum;
  checked(assay_exact_round(states, &sum, &error), error);
  free(owner[0]);
  free(owner[1]);
}

static void engines(void) {
  static const char *const backends[] = {NULL, "portable", "simd", "abacus", ""};
  const assay_options options = {
    .size = byte() > 200 ? byte() : sizeof options, .threads = (int8_t)byte() % 4, .backend = backends[byte() % 5], .strict = byte() & 1};
  assay_engine *made = NULL;
  assay_error *error = NULL;
  checked(assay_engine_create(&options, byte() > 250 ? NULL : &made, &error), error);
  assay_engine_release(made);
  assay_operation_info info = {.size = byte()};
  void *owner;
  assay_operation_info *memory = take(sizeof info, 0, &owner);
  memory->size = info.size;
  checked(assay_operation_describe(byte(), memory, &error), error);
  free(owner);
  assay_column_info column;
  checked(assay_operation_column(byte(), byte(), &column, &error), error);
  const char *const names[] = {"sha256_pair", byte() > 128 ? "no_such" : NULL};
  checked(assay_warm(engine, names, byte() % 3, &error), error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!engine) {
    const assay_options options = {.size = sizeof options, .threads = 1, .backend = "portable"};
    if (assay_engine_create(&options, &engine, NULL) != ASSAY_OK) abort();
  }
  input = data, left = size;
  switch (byte() % 10) {
    case 0: execute(0); break;
    case 1: execute(1); break;
    case 2: execute(2); break;
    case 3: book(0); break;
    case 4: book(1); break;
    case 5: texts(0); break;
    case 6: texts(1); break;
    case 7: texts(2); break;
    case 8: sums(); break;
    default: engines();
  }
  return 0;
}
