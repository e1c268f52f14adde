// Drives a plugin through assay_fpga.h: known answers, random rows against the portable kernels, the rules of the queue, and
// every fault. The Swift host has its own tests; these need no Swift.
//
//   plugin_test PLUGIN WRONG_VERSION_PLUGIN ROWS
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "assay_fpga.h"
#include "reference.h"

static int failures;
static void check(int holds, const char *what) {
  if (!holds) failures++;
  printf("%s  %s\n", holds ? "ok  " : "FAIL", what);
}
/// For setup without which nothing else makes sense.
static void need(int holds, const char *what) {
  if (holds) return;
  printf("FAIL  %s\n", what);
  exit(1);
}

enum { PAIR = 64, DIGEST = 32, DESCRIPTORS = 4, ROWS_EACH = 64, DEPTH = 8 };
enum { SECOND = 1000000000 };

static const assay_fpga_plugin *plugin;
static assay_fpga_device *device;
static assay_fpga_queue *queue;
static assay_fpga_buffer input = {.struct_size = sizeof input}, output = {.struct_size = sizeof output};
static uint32_t generation = 1;

static uint64_t random_state = 88172645463325252u;
static uint8_t random_byte(void) {  // xorshift64, Marsaglia 2003
  random_state ^= random_state << 13, random_state ^= random_state >> 7, random_state ^= random_state << 17;
  return (uint8_t)(random_state >> 32);
}

static const assay_fpga_plugin *connect_to(const char *path, assay_fpga_status *status) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  need(library != NULL, "dlopen");
  const assay_fpga_connect_function connect = (assay_fpga_connect_function)dlsym(library, ASSAY_FPGA_SYMBOL);
  need(connect != NULL, "the symbol");
  static const assay_fpga_host host = {.struct_size = sizeof host};
  const assay_fpga_plugin *table = NULL;
  *status = connect(ASSAY_FPGA_MAJOR, ASSAY_FPGA_MINOR, &host, &table);
  return table;
}

static void portable(int id, const uint8_t *pairs, uint8_t *digests, int64_t rows) {
  const assay_column columns[] = {{.data = (void *)pairs}, {.data = digests}};
  const assay_kernel kernel = reference_kernel(id);
  need(kernel != NULL, "a portable kernel");
  kernel(columns, 0, rows);
}

static assay_fpga_descriptor describe(uint32_t operation, uint64_t cookie, uint32_t first, uint32_t count) {
  return (assay_fpga_descriptor){.cookie = cookie,
                                 .operation = operation,
                                 .count = count,
                                 .input_handle = input.handle,
                                 .input_offset = (uint64_t)PAIR * first,
                                 .output_handle = output.handle,
                                 .output_offset = (uint64_t)DIGEST * first};
}

/// Reaps one completion.
static assay_fpga_status reap(assay_fpga_completion *completion, uint64_t timeout) {
  uint32_t count = 0;
  return plugin->queue_reap(queue, completion, 1, timeout, &count);
}

// What each operation must give, computed by Python's hashlib and pycryptodome over 64 zero bytes and bytes 0 ... 63.
static const struct {
  const char *name, *of_zeros, *of_counting;
} answers[] = {
  {"sha256_pair",
   "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b",
   "fdeab9acf3710362bd2658cdc9a29e8f9c757fcf9811603a8c447cd1d9151108"},
  {"sha256_rfc6962_node",
   "ae0798d0ecaed2b778eddebf18f071a561c53658c05e76cedecc27cafbdbc577",
   "1a378704c17da31e2d05b6d121c2bb2c7d76f6ee6fa8f983e596c2d034963c57"},
  {"sha256d_pair",
   "e2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9",
   "01c9f464780a1b6af4eb400fe2f2896cfb2169f5a65701439e4c2c4e213903ef"},
  {"keccak256_pair",
   "ad3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb5",
   "002030bde3d4cf89919649775cd71875c4d0ab1708a380e03fefc3a28aa24831"},
};

static const char *hex(const uint8_t *digest) {
  static char text[65];
  for (int i = 0; i < DIGEST; i++) snprintf(text + 2 * i, 3, "%02x", digest[i]);
  return text;
}

static void test_operation(uint32_t index, uint32_t rows) {
  assay_fpga_operation_info info = {.struct_size = sizeof info};
  need(plugin->device_operation(device, index, &info) == ASSAY_FPGA_OK, "device_operation");
  int id = 0;
  while (id < ASSAY_OPERATION_COUNT && strcmp(assay_operations()[id].name, info.name) != 0) id++;
  need(id < ASSAY_OPERATION_COUNT, "an operation that operations.def knows");
  need((int32_t)info.semantics_version == assay_operations()[id].version, "its version");
  need(info.input_stride == PAIR && info.output_stride == DIGEST, "its strides");

  for (uint32_t i = 0; i < PAIR; i++) input.host[i] = 0, input.host[PAIR + i] = (uint8_t)i;
  for (uint32_t i = 2 * PAIR; i < PAIR * rows; i++) input.host[i] = random_byte();
  memset(output.host, 0, (size_t)DIGEST * rows);
  const assay_fpga_descriptor descriptor = describe(info.code, 77, 0, rows);
  uint32_t accepted = 0;
  need(plugin->queue_submit(queue, &descriptor, 1, &accepted) == ASSAY_FPGA_OK && accepted == 1, "submit");
  assay_fpga_completion completion;
  need(reap(&completion, 300ull * SECOND) == ASSAY_FPGA_OK, "reap");
  char what[200];
  const uint64_t cycles = completion.end_cycle - completion.start_cycle;
  snprintf(what, sizeof what, "%s: %u rows in %llu cycles, %.2f cycles a row", info.name, rows, (unsigned long long)cycles,
           (double)cycles / rows);
  check(completion.cookie == 77 && completion.status == 0 && completion.count == rows, what);

  for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
    if (strcmp(answers[i].name, info.name) != 0) continue;
    check(strcmp(hex(output.host), answers[i].of_zeros) == 0, "  known answer, zeros");
    check(strcmp(hex(output.host + DIGEST), answers[i].of_counting) == 0, "  known answer, counting bytes");
  }
  uint8_t *expected = malloc((size_t)DIGEST * rows);
  need(expected != NULL, "memory");
  portable(id, input.host, expected, rows);
  check(memcmp(expected, output.host, (size_t)DIGEST * rows) == 0, "  equals the portable kernel, byte for byte");
  free(expected);

  // A single row in an idle device shows the latency that the plugin states.
  const assay_fpga_descriptor single = describe(info.code, 78, 0, 1);
  need(plugin->queue_submit(queue, &single, 1, &accepted) == ASSAY_FPGA_OK, "submit one");
  need(reap(&completion, 10ull * SECOND) == ASSAY_FPGA_OK, "reap one");
  const uint32_t latency = (uint32_t)(completion.end_cycle - completion.start_cycle);
  snprintf(what, sizeof what, "  latency %u cycles, stated %u", latency, info.latency_cycles);
  check(latency == info.latency_cycles, what);
}

/// Rows of every operation at once: results find their rows by tag though they come out of order.
static void test_mixture(void) {
  uint32_t accepted = 0;
  assay_fpga_descriptor descriptors[DESCRIPTORS];
  for (uint32_t i = 0; i < DESCRIPTORS; i++) descriptors[i] = describe(i + 1, i, ROWS_EACH * i, ROWS_EACH);
  need(plugin->queue_submit(queue, descriptors, DESCRIPTORS, &accepted) == 0 && accepted == DESCRIPTORS, "submit");
  assay_fpga_completion completion;
  int good = 1;
  for (int i = 0; i < DESCRIPTORS; i++) {
    need(reap(&completion, 10ull * SECOND) == ASSAY_FPGA_OK, "reap");
    assay_fpga_operation_info info = {.struct_size = sizeof info};
    need(plugin->device_operation(device, (uint32_t)completion.cookie, &info) == 0, "device_operation");
    for (int id = 0; id < ASSAY_OPERATION_COUNT; id++) {
      if (strcmp(assay_operations()[id].name, info.name) != 0) continue;
      uint8_t expected[DIGEST * ROWS_EACH];
      const uint64_t first = ROWS_EACH * completion.cookie;
      portable(id, input.host + PAIR * first, expected, ROWS_EACH);
      good &= memcmp(expected, output.host + DIGEST * first, sizeof expected) == 0;
    }
  }
  check(good, "four operations in flight together");
}

static void test_rules(void) {
  uint32_t accepted = 9;
  assay_fpga_completion completion;
  assay_fpga_descriptor good = describe(1, 1, 0, 1), bad = good, many[DEPTH + 1];
  check(reap(&completion, 1000000) == ASSAY_FPGA_E_TIMEOUT, "an empty queue times out");
  bad.operation = 99;
  check(plugin->queue_submit(queue, &bad, 1, &accepted) == ASSAY_FPGA_E_UNSUPPORTED && accepted == 0,
        "unknown operation");
  bad = good, bad.input_handle = 999;
  check(plugin->queue_submit(queue, &bad, 1, &accepted) == ASSAY_FPGA_E_INVALID, "unknown buffer");
  bad = good, bad.output_offset = output.size;
  check(plugin->queue_submit(queue, &bad, 1, &accepted) == ASSAY_FPGA_E_INVALID, "beyond the buffer's end");
  bad = good, bad.input_offset = UINT64_MAX - 63;
  check(plugin->queue_submit(queue, &bad, 1, &accepted) == ASSAY_FPGA_E_INVALID, "an offset that wraps");
  bad = good, bad.count = 0;
  check(plugin->queue_submit(queue, &bad, 1, &accepted) == ASSAY_FPGA_E_INVALID, "no rows");
  const assay_fpga_descriptor two[] = {good, bad};
  check(plugin->queue_submit(queue, two, 2, &accepted) == ASSAY_FPGA_E_INVALID && accepted == 1, "a prefix is accepted");
  check(plugin->buffer_free(device, input.handle) == ASSAY_FPGA_E_BUSY, "a buffer in flight is not freed");
  for (int i = 0; i <= DEPTH; i++) many[i] = good;
  check(plugin->queue_submit(queue, many, DEPTH + 1, &accepted) == 0 && accepted == DEPTH - 1,
        "a full queue takes a prefix");
  check(plugin->queue_submit(queue, many, 1, &accepted) == ASSAY_FPGA_E_FULL && accepted == 0, "then nothing");
  check(plugin->queue_abort(queue, &generation) == 0 && generation == 2, "abort empties it and counts generations");
  check(reap(&completion, 1000000) == ASSAY_FPGA_E_TIMEOUT, "no completion of an old generation");
  assay_fpga_telemetry telemetry = {.struct_size = sizeof telemetry};
  check(plugin->device_telemetry(device, &telemetry) == 0 && telemetry.valid & ASSAY_FPGA_TELEMETRY_CYCLES &&
            telemetry.cycles > 0 && telemetry.rows_done > 0 && telemetry.reset_count == 1 &&
            !(telemetry.valid & ASSAY_FPGA_TELEMETRY_TEMPERATURE),
        "telemetry says what it knows");
}

static void *reap_until_aborted(void *status) {
  assay_fpga_completion completion;
  do *(assay_fpga_status *)status = reap(&completion, 10ull * SECOND);
  while (*(assay_fpga_status *)status == ASSAY_FPGA_E_HUNG);
  return NULL;
}

/// One thread reaps from a board that hangs; another reads telemetry, submits, and aborts.
static void test_threads(void) {
  const assay_fpga_descriptor descriptor = describe(1, 1, 0, ROWS_EACH);
  uint32_t accepted = 0;
  need(plugin->inject_fault(device, ASSAY_FPGA_FAULT_HANG, 10) == ASSAY_FPGA_OK, "inject_fault");
  need(plugin->queue_submit(queue, &descriptor, 1, &accepted) == ASSAY_FPGA_OK, "submit");
  assay_fpga_status reaped = ASSAY_FPGA_OK;
  pthread_t thread;
  need(pthread_create(&thread, NULL, reap_until_aborted, &reaped) == 0, "pthread_create");
  int answered = 1;
  for (int i = 0; i < 100; i++) {
    assay_fpga_telemetry telemetry = {.struct_size = sizeof telemetry};
    answered &= plugin->device_telemetry(device, &telemetry) == ASSAY_FPGA_OK;
    nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
  }
  const int submitted = plugin->queue_submit(queue, &descriptor, 1, &accepted) == ASSAY_FPGA_OK;
  const assay_fpga_status aborted = plugin->queue_abort(queue, &generation);
  pthread_join(thread, NULL);
  need(plugin->inject_fault(device, ASSAY_FPGA_FAULT_NONE, 0) == ASSAY_FPGA_OK, "inject_fault none");
  check(answered && submitted, "telemetry and submit do not wait for a reap");
  check(aborted == ASSAY_FPGA_OK && reaped == ASSAY_FPGA_E_ABORTED, "abort ends a reap of another thread");
}

// The host's side of a drill in small: commit each descriptor once, abort on anything odd, recompute the rest.
static void drill(const char *name, uint32_t fault, uint64_t argument, assay_fpga_status expected_abort) {
  enum { ROWS = DESCRIPTORS * ROWS_EACH };
  static uint8_t committed[DIGEST * ROWS], expected[DIGEST * ROWS];
  static uint64_t next_cookie = 1000;
  uint64_t cookies[DESCRIPTORS];
  int live[DESCRIPTORS], commits[DESCRIPTORS] = {0}, open = DESCRIPTORS, odd = 0, recomputed = 0;
  assay_fpga_descriptor descriptors[DESCRIPTORS];
  portable(ASSAY_OPERATION_sha256_pair, input.host, expected, ROWS);
  memset(committed, 0, sizeof committed);
  memset(output.host, 0, sizeof committed);
  for (int i = 0; i < DESCRIPTORS; i++) {
    cookies[i] = next_cookie++, live[i] = 1;
    descriptors[i] = describe(1, cookies[i], (uint32_t)(ROWS_EACH * i), ROWS_EACH);
  }
  uint32_t accepted = 0;
  need(plugin->inject_fault(device, fault, argument) == ASSAY_FPGA_OK, "inject_fault");
  need(plugin->queue_submit(queue, descriptors, DESCRIPTORS, &accepted) == 0 && accepted == DESCRIPTORS, "submit");
  assay_fpga_status last = ASSAY_FPGA_OK;
  while (!odd) {
    assay_fpga_completion completion;
    // Once nothing is open, a short look shows whether the device says anything more.
    last = reap(&completion, open ? 2ull * SECOND : SECOND / 100);
    if (last != ASSAY_FPGA_OK) {
      odd = open > 0;
      break;
    }
    int slot = -1;
    for (int i = 0; i < DESCRIPTORS; i++) slot = live[i] && cookies[i] == completion.cookie ? i : slot;
    const int whole = slot >= 0 && completion.status == ASSAY_FPGA_OK && completion.count == ROWS_EACH &&
                      completion.generation == generation;
    const int64_t first = (int64_t)ROWS_EACH * slot;
    odd = !whole || memcmp(expected + DIGEST * first, output.host + DIGEST * first, DIGEST * ROWS_EACH) != 0;
    if (odd) break;
    memcpy(committed + DIGEST * first, output.host + DIGEST * first, DIGEST * ROWS_EACH);
    commits[slot]++, live[slot] = 0, open--;
  }
  assay_fpga_status aborted = ASSAY_FPGA_OK;
  if (odd) aborted = plugin->queue_abort(queue, &generation);
  int from_device = 0, once = 1;
  for (int i = 0; i < DESCRIPTORS; i++) {
    from_device += commits[i];
    if (live[i]) {
      const int first = ROWS_EACH * i;
      portable(ASSAY_OPERATION_sha256_pair, input.host + PAIR * first, committed + DIGEST * first, ROWS_EACH);
      commits[i]++, recomputed++;
    }
    once &= commits[i] == 1;
  }
  need(plugin->inject_fault(device, ASSAY_FPGA_FAULT_NONE, 0) == ASSAY_FPGA_OK, "inject_fault none");
  if (aborted == ASSAY_FPGA_E_LOST) need(plugin->queue_abort(queue, &generation) == ASSAY_FPGA_OK, "abort after the drill");
  char what[200];
  snprintf(what, sizeof what, "drill %-10s reap %4d  abort %4d  from device %d  recomputed %d", name, last, aborted,
           from_device, recomputed);
  check(once && aborted == expected_abort && odd == (fault != ASSAY_FPGA_FAULT_NONE) &&
            memcmp(committed, expected, sizeof committed) == 0,
        what);
}

int main(int argument_count, char **arguments) {
  need(argument_count == 4, "usage: plugin_test PLUGIN WRONG_VERSION_PLUGIN ROWS");
  const uint32_t rows = (uint32_t)strtoul(arguments[3], NULL, 10);
  need(rows >= DESCRIPTORS * ROWS_EACH, "at least 256 rows");
  assay_fpga_status status;
  const assay_fpga_plugin *other = connect_to(arguments[2], &status);
  check(status == ASSAY_FPGA_E_VERSION && other->head.major == 2 && strcmp(other->head.name, "assay-of-tomorrow") == 0,
        "another major version is refused by name");
  plugin = connect_to(arguments[1], &status);
  need(status == ASSAY_FPGA_OK && plugin->head.struct_size >= sizeof *plugin, "connect");

  assay_fpga_device_info info = {.struct_size = sizeof info};
  need(plugin->device_info(0, &info) == ASSAY_FPGA_OK, "device_info");
  printf("      %s %s: %s\n", plugin->head.name, plugin->head.version, info.name);
  check(info.flags & ASSAY_FPGA_DEVICE_SIMULATED && info.clock_hz == 0, "it says that it is simulated");
  check(plugin->device_open(0, "colour=red", &device) == ASSAY_FPGA_E_INVALID, "an unknown option is refused");
  need(plugin->device_open(0, NULL, &device) == ASSAY_FPGA_OK, "device_open");
  need(plugin->buffer_allocate(device, (uint64_t)PAIR * rows, &input) == ASSAY_FPGA_OK, "buffer_allocate");
  need(plugin->buffer_allocate(device, (uint64_t)DIGEST * rows, &output) == ASSAY_FPGA_OK, "buffer_allocate");
  assay_fpga_buffer absurd = {.struct_size = sizeof absurd};
  check(plugin->buffer_allocate(device, UINT64_MAX, &absurd) == ASSAY_FPGA_E_MEMORY, "absurd sizes are refused");
  const assay_fpga_queue_config config = {.struct_size = sizeof config, .depth = DEPTH, .watchdog_ns = SECOND / 5};
  need(plugin->queue_create(device, &config, &queue) == ASSAY_FPGA_OK, "queue_create");

  for (uint32_t i = 0; i < info.operation_count; i++) test_operation(i, rows);
  test_mixture();
  test_rules();
  test_threads();
  drill("none", ASSAY_FPGA_FAULT_NONE, 0, 0);
  drill("hang", ASSAY_FPGA_FAULT_HANG, 70, 0);
  drill("drop", ASSAY_FPGA_FAULT_DROP, 0, 0);
  drill("duplicate", ASSAY_FPGA_FAULT_DUPLICATE, 0, 0);
  drill("stale", ASSAY_FPGA_FAULT_STALE, 0, 0);
  drill("flip", ASSAY_FPGA_FAULT_FLIP, 256 * 100 + 13, 0);
  drill("short", ASSAY_FPGA_FAULT_SHORT, 2, 0);
  drill("data", ASSAY_FPGA_FAULT_DATA, 0, 0);
  drill("link-down", ASSAY_FPGA_FAULT_LINK_DOWN, 70, ASSAY_FPGA_E_LOST);
  drill("none again", ASSAY_FPGA_FAULT_NONE, 0, 0);

  check(plugin->queue_destroy(queue) == ASSAY_FPGA_OK, "queue_destroy");
  check(plugin->buffer_free(device, input.handle) == ASSAY_FPGA_OK &&
            plugin->buffer_free(device, output.handle) == ASSAY_FPGA_OK &&
            plugin->buffer_free(device, output.handle) == ASSAY_FPGA_E_INVALID,
        "buffers are freed once");
  check(plugin->device_close(device) == ASSAY_FPGA_OK, "device_close");
  printf(failures ? "%d FAILED\n" : "all passed\n", failures);
  return failures != 0;
}
