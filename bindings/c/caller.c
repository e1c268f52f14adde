/* A C11 caller of libassay: see bindings/README.md for its arguments. */
#define _POSIX_C_SOURCE 200809L
#include <assay.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int failures = 0;

#define EXPECT(condition)                                                     \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      failures++;                                                             \
    }                                                                         \
  } while (0)

/* Ends the program with the error's words when a call failed. */
static void must(int32_t status, assay_error *const *error) {
  if (status == ASSAY_OK) return;
  fprintf(stderr, "%s\n", assay_error_message(*error));
  exit(1);
}

static assay_engine *make_engine(void) {
  assay_engine *engine = NULL;
  assay_error *error = NULL;
  must(assay_engine_create(NULL, &engine, &error), &error);
  return engine;
}

static char *path_of(const char *folder, const char *name) {
  static char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

/* The bytes of a file, which the caller frees. */
static void *contents(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file) {
    perror(path);
    exit(1);
  }
  size_t capacity = 1 << 16, used = 0;
  char *bytes = malloc(capacity);
  for (size_t got; (got = fread(bytes + used, 1, capacity - used, file)) > 0;) {
    used += got;
    if (used == capacity) bytes = realloc(bytes, capacity *= 2);
  }
  fclose(file);
  *size = used;
  return bytes;
}

static void store(const char *path, const void *bytes, size_t size) {
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
    perror(path);
    exit(1);
  }
}

static int price(const char *folder) {
  static const char *const names[] = {"spot", "strike", "years", "rate", "dividendYield", "volatility"};
  size_t size;
  uint8_t *type = contents(path_of(folder, "type"), &size);
  const int64_t rows = (int64_t)size;
  double *columns[6];
  for (int i = 0; i < 6; i++) {
    columns[i] = contents(path_of(folder, names[i]), &size);
    EXPECT(size == (size_t)rows * sizeof(double));
  }
  const assay_book book = {
    .size = sizeof book, .rows = rows, .type = type, .underlying = columns[0], .strike = columns[1],
    .years = columns[2], .rate = columns[3], .dividend_yield = columns[4], .volatility = columns[5]};
  static const char *const measures[] = {"price", "delta"};
  double *out[2] = {malloc((size_t)rows * sizeof(double)), malloc((size_t)rows * sizeof(double))};
  uint8_t *verdicts = malloc((size_t)rows);
  assay_engine *engine = make_engine();
  assay_error *error = NULL;
  must(assay_price(engine, NULL, &book, measures, 2, out, verdicts, &error), &error);
  store(path_of(folder, "out.price"), out[0], (size_t)rows * sizeof(double));
  store(path_of(folder, "out.delta"), out[1], (size_t)rows * sizeof(double));
  store(path_of(folder, "out.verdict"), verdicts, (size_t)rows);
  assay_engine_release(engine);
  for (int i = 0; i < 6; i++) free(columns[i]);
  free(out[0]);
  free(out[1]);
  free(verdicts);
  free(type);
  return failures;
}

static int verify(const char *path) {
  size_t size;
  char *rows = contents(path, &size);
  assay_engine *engine = make_engine();
  assay_text *lines = NULL;
  assay_error *error = NULL;
  must(assay_verify_rows(engine, NULL, rows, size, &lines, &error), &error);
  fwrite(assay_text_data(lines), 1, assay_text_size(lines), stdout);
  assay_text_release(lines);
  assay_engine_release(engine);
  free(rows);
  return 0;
}

/* One call that must fail, with words. */
static void refused(int32_t status, assay_error **error, int32_t expected) {
  EXPECT(status == expected);
  EXPECT(assay_error_status(*error) == expected);
  EXPECT(strlen(assay_error_message(*error)) > 10);
  assay_error_release(*error);
}

static void check_errors(assay_engine *engine) {
  assay_error *error = NULL;
  assay_results *results = NULL;
  const uint8_t pairs[64] = {0};
  assay_view view = {.data = pairs, .size = 64};
  refused(assay_execute(NULL, NULL, "sha256_pair", 1, &view, 1, NULL, 0, &results, &error), &error, ASSAY_ERROR_USAGE);
  refused(assay_execute(engine, NULL, NULL, 1, &view, 1, NULL, 0, &results, &error), &error, ASSAY_ERROR_USAGE);
  refused(assay_execute(engine, NULL, "no_such", 1, &view, 1, NULL, 0, &results, &error), &error, ASSAY_ERROR_USAGE);
  refused(assay_execute(engine, NULL, "sha256_pair", 1, &view, 2, NULL, 0, &results, &error), &error, ASSAY_ERROR_SHAPE);
  refused(assay_execute(engine, NULL, "sha256_pair", 2, &view, 1, NULL, 0, &results, &error), &error, ASSAY_ERROR_SHAPE);
  refused(assay_execute(engine, NULL, "sha256_pair", -1, &view, 1, NULL, 0, &results, &error), &error, ASSAY_ERROR_SHAPE);
  refused(
    assay_execute(engine, NULL, "sha256_pair", INT64_MAX, &view, 1, NULL, 0, &results, &error), &error, ASSAY_ERROR_SHAPE);
  refused(assay_execute(engine, NULL, "sha256_pair", 1, NULL, 1, NULL, 0, &results, &error), &error, ASSAY_ERROR_SHAPE);
  refused(assay_execute(engine, NULL, "sha256_pair", 1, &view, 1, NULL, 0, NULL, &error), &error, ASSAY_ERROR_USAGE);
  const int64_t wild[2] = {0, 1 << 20};
  const assay_view message = {.data = pairs, .size = 64, .offsets = wild};
  refused(
    assay_execute(engine, NULL, "sha256_message", 1, &message, 1, NULL, 0, &results, &error), &error, ASSAY_ERROR_SHAPE);
  const char *const wanted[] = {"colour"};
  refused(assay_execute(engine, NULL, "sha256_pair", 1, &view, 1, wanted, 1, &results, &error), &error, ASSAY_ERROR_USAGE);
  assay_options options = {.size = 3};
  refused(assay_engine_create(&options, &engine, &error), &error, ASSAY_ERROR_USAGE);
  options.size = 17;
  refused(assay_engine_create(&options, &engine, &error), &error, ASSAY_ERROR_USAGE);
  options = (assay_options){.size = sizeof options, .backend = "abacus"};
  refused(assay_engine_create(&options, &engine, &error), &error, ASSAY_ERROR_UNAVAILABLE);
  uint8_t state[ASSAY_EXACT_STATE_BYTES];
  double sum;
  memset(state, 0xFF, sizeof state);
  refused(assay_exact_round(state, &sum, &error), &error, ASSAY_ERROR_INPUT);
  EXPECT(assay_execute(engine, NULL, "no_such", 1, &view, 1, NULL, 0, &results, NULL) == ASSAY_ERROR_USAGE);
}

static void check_limits(assay_engine *engine) {
  assay_error *error = NULL;
  assay_results *results = NULL;
  const uint8_t pairs[64] = {0};
  const assay_view view = {.data = pairs, .size = 64};
  assay_call call = {.size = sizeof call};
  must(assay_cancel_create(&call.cancel, &error), &error);
  must(assay_execute(engine, &call, "sha256_pair", 1, &view, 1, NULL, 0, &results, &error), &error);
  assay_results_release(results);
  assay_cancel_now(call.cancel);
  refused(
    assay_execute(engine, &call, "sha256_pair", 1, &view, 1, NULL, 0, &results, &error), &error, ASSAY_ERROR_CANCELLED);
  assay_cancel_release(call.cancel);
  const assay_call late = {.size = sizeof late, .deadline_ns = 1};
  refused(
    assay_execute(engine, &late, "sha256_pair", 1, &view, 1, NULL, 0, &results, &error), &error, ASSAY_ERROR_DEADLINE);
}

static void check_sums(void) {
  assay_error *error = NULL;
  const double values[] = {1e300, 1.0, -1e300, 0x1p-1074};
  uint8_t states[2][ASSAY_EXACT_STATE_BYTES], merged[2][ASSAY_EXACT_STATE_BYTES];
  must(assay_exact_sum(values, 2, states[0], &error), &error);
  must(assay_exact_sum(values + 2, 2, states[1], &error), &error);
  must(assay_exact_merge(states[0], 2, merged[0], &error), &error);
  must(assay_exact_sum(values, 4, merged[1], &error), &error);
  EXPECT(memcmp(merged[0], merged[1], sizeof merged[0]) == 0);
  double sum = 0;
  must(assay_exact_round(merged[0], &sum, &error), &error);
  EXPECT(sum == 1.0);
}

static void check_reports(assay_engine *engine) {
  assay_error *error = NULL;
  assay_text *document = NULL;
  static const char book[] =
    "type,spot,strike,years,volatility,quantity,desk\ncall,100,100,1,0.2,2,a\nput,100,90,1,0.2,-1,b\ncall,100,,1,0.2,1,a\n";
  const assay_file files[] = {{.name = "book", .data = book, .size = sizeof book - 1}};
  must(
    assay_risk(engine, NULL, files, 1, "{\"by\": [\"desk\"], \"measures\": \"price,delta\"}", &document, &error), &error);
  EXPECT(strstr(assay_text_data(document), "\"by\" : [\"desk\"]") != NULL);
  EXPECT(strstr(assay_text_data(document), "\"malformed-row\":1") != NULL);
  assay_text_release(document);
  refused(assay_risk(engine, NULL, files, 1, "{\"desk\": 1}", &document, &error), &error, ASSAY_ERROR_INPUT);
  refused(assay_risk(engine, NULL, files, 0, NULL, &document, &error), &error, ASSAY_ERROR_USAGE);
  refused(assay_risk(engine, NULL, NULL, 1, NULL, &document, &error), &error, ASSAY_ERROR_USAGE);
  const assay_call late = {.size = sizeof late, .deadline_ns = 1};
  refused(assay_risk(engine, &late, files, 1, NULL, &document, &error), &error, ASSAY_ERROR_DEADLINE);
  static const char leaves[] = "0x00\n0x01\n0x02\n";
  must(assay_merkle(engine, NULL, leaves, sizeof leaves - 1, "{\"index\": 1}", &document, &error), &error);
  assay_text *verdicts = NULL;
  must(assay_verify_rows(engine, NULL, assay_text_data(document), assay_text_size(document), &verdicts, &error), &error);
  EXPECT(strstr(assay_text_data(verdicts), "\"accepted\":true") != NULL);
  assay_text_release(document);
  assay_text_release(verdicts);
  refused(assay_merkle(engine, NULL, leaves, 5, "{\"index\": 9}", &document, &error), &error, ASSAY_ERROR_INPUT);
}

/* Makes, uses and releases one of everything. */
static void one_cycle(void) {
  static const char *const operations[] = {"sha256_pair"};
  const uint8_t pairs[64] = {0};
  const assay_view view = {.data = pairs, .size = 64};
  assay_engine *engine = make_engine();
  assay_results *results = NULL;
  assay_error *error = NULL;
  must(assay_warm(engine, operations, 1, &error), &error);
  must(assay_execute(engine, NULL, "sha256_pair", 1, &view, 1, NULL, 0, &results, &error), &error);
  check_reports(engine);
  check_errors(engine);
  assay_engine_release(engine);
  assay_text *receipt = NULL;
  must(assay_results_receipt(results, &receipt, &error), &error);
  assay_text_release(receipt);
  assay_results_release(results);
}

/* A leak of one byte per cycle would be seen in blocks of 16 or more; tables that are made once and kept are not leaks. */
static void check_cycles(void) {
  enum { CYCLES = 200 };
  for (int i = 0; i < CYCLES; i++) one_cycle();
  const size_t before = mallinfo2().uordblks;
  for (int i = 0; i < CYCLES; i++) one_cycle();
  const size_t after = mallinfo2().uordblks;
  EXPECT(after < before + CYCLES * 16);
}

static assay_engine *shared;

static void *one_thread(void *context) {
  (void)context;
  const uint8_t pairs[64] = {0};
  const assay_view view = {.data = pairs, .size = 64};
  for (int i = 0; i < 50; i++) {
    assay_results *results = NULL;
    assay_error *error = NULL;
    must(assay_execute(shared, NULL, "sha256_pair", 1, &view, 1, NULL, 0, &results, &error), &error);
    size_t bytes = 0;
    const uint8_t *digest = assay_results_column(results, "digest", &bytes);
    if (bytes != 32 || digest[0] != 0xf5 || digest[31] != 0x4b) exit(1);
    assay_results_release(results);
  }
  return NULL;
}

static int check(void) {
  assay_engine *engine = make_engine();
  EXPECT(assay_abi_version() >> 16 == ASSAY_ABI_MAJOR);
  EXPECT(strlen(assay_version()) > 0);
  EXPECT(assay_reason_name(ASSAY_VERDICT_ACCEPTED) == NULL);
  EXPECT(strcmp(assay_reason_name(1), "") != 0);
  size_t inputs = 0;
  for (size_t i = 0; i < assay_operation_count(); i++) {
    assay_operation_info info = {.size = sizeof info};
    assay_error *error = NULL;
    must(assay_operation_describe(i, &info, &error), &error);
    for (size_t c = 0; c < info.input_count + info.output_count; c++) {
      assay_column_info column;
      must(assay_operation_column(i, c, &column, &error), &error);
      inputs += column.use == ASSAY_USE_INPUT;
    }
  }
  EXPECT(inputs > assay_operation_count() / 2);
  check_errors(engine);
  check_limits(engine);
  check_sums();
  check_reports(engine);
  check_cycles();
  shared = engine;
  pthread_t threads[64];
  for (int i = 0; i < 64; i++) pthread_create(&threads[i], NULL, one_thread, NULL);
  for (int i = 0; i < 64; i++) pthread_join(threads[i], NULL);
  const pid_t child = fork();
  if (child == 0) {
    const uint8_t pairs[64] = {0};
    const assay_view view = {.data = pairs, .size = 64};
    assay_results *results = NULL;
    assay_error *error = NULL;
    refused(assay_execute(engine, NULL, "sha256_pair", 1, &view, 1, NULL, 0, &results, &error), &error, ASSAY_ERROR_FORKED);
    _exit(failures);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  assay_engine_release(engine);
  return failures;
}

int main(int count, char **arguments) {
  if (count == 3 && strcmp(arguments[1], "price") == 0) return price(arguments[2]);
  if (count == 3 && strcmp(arguments[1], "verify") == 0) return verify(arguments[2]);
  if (count == 2 && strcmp(arguments[1], "check") == 0) return check();
  fprintf(stderr, "usage: caller price FOLDER | verify FILE | check\n");
  return 2;
}
