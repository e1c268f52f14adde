// Every rule of assay_fpga.h that a plugin can be seen to keep.
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define OPENED(tried)                              \
  const char *trouble_opening = open_board(tried); \
  if (trouble_opening) return trouble_opening
#define CALL(call) ((tried)->plugin->call)

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * SECOND + time.tv_nsec;
}

// connecting

static const char *other_major(board *tried) {
  static const assay_fpga_host host = {.struct_size = sizeof host};
  void *library = dlopen(tried->path, RTLD_NOW | RTLD_LOCAL);
  EXPECT(library, "it does not load: %s", dlerror());
  void *symbol = dlsym(library, ASSAY_FPGA_SYMBOL);
  EXPECT(symbol, "it does not export " ASSAY_FPGA_SYMBOL);
  assay_fpga_connect_function connect = NULL;
  memcpy(&connect, &symbol, sizeof connect);
  const assay_fpga_plugin *table = NULL;
  const assay_fpga_status status = connect(ASSAY_FPGA_MAJOR + 1000, 0, &host, &table);
  EXPECT(status == ASSAY_FPGA_E_VERSION, "it answers %d", status);
  EXPECT(table && table->head.major == ASSAY_FPGA_MAJOR, "it does not point at its table");
  return NULL;
}

static const char *head(board *tried) {
  const char *problem = load(tried);
  if (problem) return problem;
  const assay_fpga_head *known = &tried->plugin->head;
  EXPECT(known->major == ASSAY_FPGA_MAJOR, "it speaks version %u.%u", known->major, known->minor);
  EXPECT(known->struct_size >= offsetof(assay_fpga_plugin, inject_fault), "its table has %u bytes, too few", known->struct_size);
  EXPECT(known->name && known->name[0] && known->version && known->version[0], "it has no name or no version");
  return NULL;
}

static const char *functions(board *tried) {
  const char *problem = load(tried);
  if (problem) return problem;
#define REQUIRE(name) EXPECT(tried->plugin->name, "it lacks " #name)
  REQUIRE(device_count);
  REQUIRE(device_info);
  REQUIRE(device_open);
  REQUIRE(device_close);
  REQUIRE(device_operation);
  REQUIRE(device_telemetry);
  REQUIRE(buffer_allocate);
  REQUIRE(buffer_free);
  REQUIRE(queue_create);
  REQUIRE(queue_destroy);
  REQUIRE(queue_submit);
  REQUIRE(queue_reap);
  REQUIRE(queue_abort);
  return NULL;
}

// devices

static const char *counts(board *tried) {
  const char *problem = load(tried);
  if (problem) return problem;
  uint32_t count = 0;
  const assay_fpga_status status = CALL(device_count)(&count);
  EXPECT(status == ASSAY_FPGA_OK && count > 0 && count <= 64, "it answers %d and counts %u boards", status, count);
  EXPECT(tried->index < count, "there is no board %u", tried->index);
  return NULL;
}

static const char *describes(board *tried) {
  OPENED(tried);
  const assay_fpga_device_info *info = &tried->info;
  EXPECT(memchr(info->name, 0, sizeof info->name) && info->name[0], "it has no name, or one that does not end");
  EXPECT(memchr(info->location, 0, sizeof info->location), "its location does not end");
  EXPECT(memchr(info->serial, 0, sizeof info->serial), "its serial does not end");
  const uint32_t alignment = info->buffer_alignment;
  EXPECT(alignment && !(alignment & (alignment - 1)) && alignment <= 2u << 20, "its buffer_alignment is %u", alignment);
  EXPECT(info->max_queues > 0 && info->max_queue_depth > 0, "it has no queue");
  EXPECT(info->operation_count > 0, "it has no operation");
  return NULL;
}

// A struct of an older host: what lies behind struct_size is not the plugin's.
static const char *older_host(board *tried) {
  OPENED(tried);
  struct {
    assay_fpga_device_info info;
    assay_fpga_operation_info operation;
    assay_fpga_telemetry telemetry;
  } given;
  memset(&given, 0x77, sizeof given);
  enum { SHORT = 24 };
  given.info.struct_size = given.operation.struct_size = given.telemetry.struct_size = SHORT;
  CALL(device_info)(tried->index, &given.info);
  CALL(device_operation)(tried->device, 0, &given.operation);
  CALL(device_telemetry)(tried->device, &given.telemetry);
#define UNTOUCHED(name)                                                                                          \
  for (size_t i = SHORT; i < sizeof given.name; i++) {                                                           \
    EXPECT(((const uint8_t *)&given.name)[i] == 0x77, "byte %zu of a " #name " of 24 bytes was written", i);     \
  }
  UNTOUCHED(info)
  UNTOUCHED(operation)
  UNTOUCHED(telemetry)
  return NULL;
}

static const char *no_options(board *tried) {
  const char *problem = load(tried);
  if (problem) return problem;
  EXPECT(CALL(device_open)(tried->index, NULL, &tried->device) == ASSAY_FPGA_OK, "it does not open without options");
  EXPECT(CALL(device_close)(tried->device) == ASSAY_FPGA_OK, "it does not close");
  EXPECT(CALL(device_open)(tried->index, "", &tried->device) == ASSAY_FPGA_OK, "it does not open with empty options");
  return NULL;
}

static const char *opens_twice(board *tried) {
  OPENED(tried);
  assay_fpga_device *other = NULL;
  const assay_fpga_status status = CALL(device_open)(tried->index, tried->options, &other);
  if (status == ASSAY_FPGA_E_BUSY) return NULL;
  EXPECT(status == ASSAY_FPGA_OK && other && other != tried->device, "it answers %d", status);
  EXPECT(CALL(device_close)(other) == ASSAY_FPGA_OK, "the second one does not close");
  return NULL;
}

static const char *reopens(board *tried) {
  for (int time = 0; time < 3; time++) {
    OPENED(tried);
    const assay_fpga_descriptor work = describe(tried, 0, 9);
    EXPECT(submit(tried, &work) == ASSAY_FPGA_OK, "time %d: it takes no work", time);
    const assay_fpga_status status = CALL(device_close)(tried->device);
    EXPECT(status == ASSAY_FPGA_OK, "time %d: closing with work in flight answers %d", time, status);
  }
  return NULL;
}

static const char *operations(board *tried) {
  OPENED(tried);
  for (uint32_t i = 0; i < tried->info.operation_count; i++) {
    assay_fpga_operation_info operation = {.struct_size = sizeof operation};
    const assay_fpga_status status = CALL(device_operation)(tried->device, i, &operation);
    EXPECT(status == ASSAY_FPGA_OK, "operation %u: it answers %d", i, status);
    const char *problem = mismatch(&operation);
    if (problem) return problem;
    for (uint32_t j = 0; j < i; j++) {
      assay_fpga_operation_info other = {.struct_size = sizeof other};
      CALL(device_operation)(tried->device, j, &other);
      EXPECT(other.code != operation.code && strcmp(other.name, operation.name) != 0, "two operations are called %s or have code %u",
             operation.name, operation.code);
    }
  }
  return NULL;
}

static const char *telemetry(board *tried) {
  OPENED(tried);
  assay_fpga_telemetry before = {.struct_size = sizeof before}, after = before;
  EXPECT(CALL(device_telemetry)(tried->device, &before) == ASSAY_FPGA_OK, "it does not answer");
  EXPECT(before.valid >> 9 == 0, "its mask has bits that mean nothing: %llx", (unsigned long long)before.valid);
  const assay_fpga_descriptor work = describe(tried, 0, 1);
  assay_fpga_completion completion;
  EXPECT(submit(tried, &work) == ASSAY_FPGA_OK && reap(tried, &completion) == ASSAY_FPGA_OK, "it does no work");
  EXPECT(CALL(device_telemetry)(tried->device, &after) == ASSAY_FPGA_OK, "it does not answer after work");
  if (after.valid & ASSAY_FPGA_TELEMETRY_WORK) {
    EXPECT(after.rows_done - before.rows_done == tried->rows, "it counts %llu rows of %u",
           (unsigned long long)(after.rows_done - before.rows_done), tried->rows);
    EXPECT(after.descriptors_done - before.descriptors_done == 1, "it does not count one descriptor");
  }
  if (after.valid & ASSAY_FPGA_TELEMETRY_CYCLES) EXPECT(after.cycles >= before.cycles, "its cycles run backwards");
  return NULL;
}

// memory

static const char *memory(board *tried) {
  OPENED(tried);
  EXPECT(tried->input.handle && tried->output.handle && tried->input.handle != tried->output.handle, "handles are 0 or equal");
  EXPECT(tried->input.size >= tried->input_step * tried->depth, "a buffer is smaller than was asked for");
  EXPECT((uintptr_t)tried->input.host % tried->info.buffer_alignment == 0, "a buffer is not aligned");
  const uint8_t *a = tried->input.host, *b = tried->output.host;
  EXPECT(a + tried->input.size <= b || b + tried->output.size <= a, "buffers overlap");
  return NULL;
}

// work

static const char *computes(board *tried) {
  OPENED(tried);
  for (uint32_t i = 0; i < tried->info.operation_count; i++) {
    tried->operation.struct_size = sizeof tried->operation;
    CALL(device_operation)(tried->device, i, &tried->operation);
    const uint32_t rows = tried->operation.max_rows < ROWS ? tried->operation.max_rows : ROWS;
    const uint64_t room_in = (uint64_t)rows * tried->operation.input_stride, room_out = (uint64_t)rows * tried->operation.output_stride;
    assay_fpga_buffer in = {.struct_size = sizeof in}, out = {.struct_size = sizeof out};
    EXPECT(CALL(buffer_allocate)(tried->device, room_in, &in) == ASSAY_FPGA_OK
             && CALL(buffer_allocate)(tried->device, room_out + 64, &out) == ASSAY_FPGA_OK, "there is no memory");
    for (uint32_t count = 1; count <= rows; count += count < 4 ? 1 : 20) {
      fill(&tried->operation, in.host, rows, count);
      uint8_t *kept = malloc(room_in);
      EXPECT(kept, "there is no memory");
      memcpy(kept, in.host, room_in);
      memset(out.host, 0xEE, room_out + 64);
      const assay_fpga_descriptor work = {.cookie = count, .operation = tried->operation.code, .count = count,
                                          .input_handle = in.handle, .output_handle = out.handle};
      assay_fpga_completion completion;
      EXPECT(submit(tried, &work) == ASSAY_FPGA_OK && reap(tried, &completion) == ASSAY_FPGA_OK, "%s: it does no work",
             tried->operation.name);
      EXPECT(completion.cookie == count && completion.status == ASSAY_FPGA_OK && completion.count == count && completion.generation == 1,
             "%s: its completion is of another descriptor", tried->operation.name);
      EXPECT(completion.start_cycle <= completion.end_cycle, "its cycles run backwards");
      const char *problem = difference(&tried->operation, in.host, out.host, count);
      if (problem) return problem;
      EXPECT(memcmp(kept, in.host, room_in) == 0, "%s: it wrote to its input", tried->operation.name);
      for (uint64_t byte = (uint64_t)count * tried->operation.output_stride; byte < room_out + 64; byte++) {
        EXPECT(out.host[byte] == 0xEE, "%s: it wrote past its %u results", tried->operation.name, count);
      }
      free(kept);
    }
    EXPECT(CALL(buffer_free)(tried->device, in.handle) == ASSAY_FPGA_OK && CALL(buffer_free)(tried->device, out.handle) == ASSAY_FPGA_OK,
           "memory is not taken back");
  }
  return NULL;
}

static const char *every_cookie_once(board *tried) {
  OPENED(tried);
  enum { WORK = 500 };
  uint8_t seen[WORK] = {0};
  uint32_t sent = 0, done = 0;
  while (done < WORK) {
    while (sent < WORK && sent - done < tried->depth) {
      // Any place may be written again once all before it were reaped; the same input gives the same results.
      const assay_fpga_descriptor work = describe(tried, sent % tried->depth, sent);
      const assay_fpga_status status = submit(tried, &work);
      if (status == ASSAY_FPGA_E_FULL) break;
      EXPECT(status == ASSAY_FPGA_OK, "descriptor %u: it answers %d", sent, status);
      sent++;
    }
    assay_fpga_completion completions[16];
    uint32_t count = 0;
    const assay_fpga_status status = CALL(queue_reap)(tried->queue, completions, 16, 20ull * SECOND, &count);
    EXPECT(status == ASSAY_FPGA_OK && count > 0 && count <= 16, "reaping answers %d with %u completions", status, count);
    for (uint32_t i = 0; i < count; i++) {
      EXPECT(completions[i].cookie < sent && !seen[completions[i].cookie]++, "a cookie came twice, or from nowhere");
    }
    done += count;
  }
  assay_fpga_completion more;
  uint32_t count = 0;
  const assay_fpga_status status = CALL(queue_reap)(tried->queue, &more, 1, 0, &count);
  EXPECT(status == ASSAY_FPGA_E_TIMEOUT, "after the last completion it answers %d", status);
  return NULL;
}

static const char *takes_a_prefix(board *tried) {
  OPENED(tried);
  assay_fpga_descriptor work[9];
  for (uint32_t i = 0; i <= tried->depth; i++) work[i] = describe(tried, i % tried->depth, i);
  uint32_t accepted = 0;
  const assay_fpga_status status = CALL(queue_submit)(tried->queue, work, tried->depth + 1, &accepted);
  EXPECT(status == ASSAY_FPGA_OK && accepted > 0 && accepted <= tried->depth, "of one more than it has room for it took %u and answered %d",
         accepted, status);
  uint32_t total = accepted;
  for (uint32_t i = 0; i < 64 && accepted > 0; i++, total += accepted) {
    const assay_fpga_status more = CALL(queue_submit)(tried->queue, work, 1, &accepted);
    if (accepted == 0) EXPECT(more == ASSAY_FPGA_E_FULL, "a full queue answers %d", more);
  }
  EXPECT(accepted == 0 && total <= tried->depth, "it took %u descriptors, of which it has room for %u", total, tried->depth);
  return NULL;
}

static const char *blames(board *tried) {
  OPENED(tried);
  EXPECT(tried->depth >= 2, "its queue holds one descriptor, which leaves nothing to try");
  assay_fpga_descriptor work[2] = {describe(tried, 0, 1), describe(tried, 1, 2)};
  work[1].count = 0;
  uint32_t accepted = 9;
  const assay_fpga_status status = CALL(queue_submit)(tried->queue, work, 2, &accepted);
  EXPECT(status == ASSAY_FPGA_E_INVALID && accepted == 1, "it answers %d and blames descriptor %u, not 1", status, accepted);
  assay_fpga_completion completion;
  EXPECT(reap(tried, &completion) == ASSAY_FPGA_OK && completion.cookie == 1, "the descriptor before it was not done");
  return NULL;
}

static const char *deadlines(board *tried) {
  OPENED(tried);
  assay_fpga_completion completion;
  uint32_t count = 0;
  const uint64_t times[] = {0, 1, 20000000, 100000000};
  for (int i = 0; i < 4; i++) {
    const int64_t start = now();
    const assay_fpga_status status = CALL(queue_reap)(tried->queue, &completion, 1, times[i], &count);
    const int64_t took = now() - start;
    EXPECT(status == ASSAY_FPGA_E_TIMEOUT && count == 0, "with nothing to reap it answers %d and %u", status, count);
    EXPECT(took >= (int64_t)times[i] - 5000000, "it gave up after %lld ns of %llu", (long long)took, (unsigned long long)times[i]);
    // The header gives 10 ms; a busy machine may take the rest.
    EXPECT(took < (int64_t)times[i] + SECOND, "it took %lld ns of %llu", (long long)took, (unsigned long long)times[i]);
  }
  return NULL;
}

// aborting

static const char *aborts(board *tried) {
  OPENED(tried);
  uint32_t last = 1;
  for (int time = 0; time < 5; time++) {
    for (uint32_t i = 0; i < tried->depth; i++) {
      const assay_fpga_descriptor work = describe(tried, i, 100 + i);
      if (submit(tried, &work) != ASSAY_FPGA_OK) break;
    }
    uint32_t generation = 0, count = 0;
    assay_fpga_status status = CALL(queue_abort)(tried->queue, &generation);
    EXPECT(status == ASSAY_FPGA_OK, "it answers %d", status);
    EXPECT(generation != last, "its generation is the one before");
    last = generation;
    assay_fpga_completion completion;
    status = CALL(queue_reap)(tried->queue, &completion, 1, 20000000, &count);
    EXPECT(status == ASSAY_FPGA_E_TIMEOUT, "after an abort reaping answers %d", status);
    const assay_fpga_descriptor work = describe(tried, 0, 7);
    EXPECT(submit(tried, &work) == ASSAY_FPGA_OK && reap(tried, &completion) == ASSAY_FPGA_OK, "it does no work after an abort");
    EXPECT(completion.cookie == 7 && completion.generation == generation, "a completion after an abort is of generation %u, not %u",
           completion.generation, generation);
  }
  return NULL;
}

static void *abort_soon(void *context) {
  board *tried = context;
  uint32_t generation = 0;
  nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
  CALL(queue_abort)(tried->queue, &generation);
  return NULL;
}

static const char *aborts_a_reap(board *tried) {
  OPENED(tried);
  pthread_t thread;
  EXPECT(pthread_create(&thread, NULL, abort_soon, tried) == 0, "there is no thread");
  assay_fpga_completion completion;
  uint32_t count = 0;
  const assay_fpga_status status = CALL(queue_reap)(tried->queue, &completion, 1, 20ull * SECOND, &count);
  pthread_join(thread, NULL);
  EXPECT(status == ASSAY_FPGA_E_ABORTED, "the reap answers %d", status);
  return NULL;
}

static const char *destroys(board *tried) {
  OPENED(tried);
  const assay_fpga_descriptor work = describe(tried, 0, 1);
  EXPECT(submit(tried, &work) == ASSAY_FPGA_OK, "it takes no work");
  EXPECT(CALL(queue_destroy)(tried->queue) == ASSAY_FPGA_OK, "it is not destroyed with work in flight");
  EXPECT(CALL(buffer_free)(tried->device, tried->input.handle) == ASSAY_FPGA_OK, "its buffer is still in flight");
  const assay_fpga_queue_config config = {.struct_size = sizeof config, .depth = 1};
  EXPECT(CALL(queue_create)(tried->device, &config, &tried->queue) == ASSAY_FPGA_OK, "there is no queue after it");
  return NULL;
}

// threads

static atomic_int stop;

static void *submit_all(void *context) {
  board *tried = context;
  for (uint32_t sent = 0; sent < 2000 && !stop;) {
    const assay_fpga_descriptor work = describe(tried, sent % tried->depth, sent);
    if (submit(tried, &work) == ASSAY_FPGA_OK) sent++;
  }
  return NULL;
}

static void *ask_telemetry(void *context) {
  board *tried = context;
  while (!stop) {
    assay_fpga_telemetry given = {.struct_size = sizeof given};
    CALL(device_telemetry)(tried->device, &given);
  }
  return NULL;
}

static const char *three_threads(board *tried) {
  OPENED(tried);
  pthread_t submitter, asker;
  EXPECT(pthread_create(&submitter, NULL, submit_all, tried) == 0 && pthread_create(&asker, NULL, ask_telemetry, tried) == 0,
         "there is no thread");
  uint8_t seen[2000] = {0};
  const char *problem = NULL;
  for (int done = 0; done < 2000 && !problem; done++) {
    assay_fpga_completion completion;
    const assay_fpga_status status = reap(tried, &completion);
    if (status != ASSAY_FPGA_OK) problem = words("after %d descriptors it answers %d", done, status);
    else if (completion.cookie >= 2000 || seen[completion.cookie]++) problem = "a cookie came twice, or from nowhere";
  }
  stop = 1;
  pthread_join(submitter, NULL);
  pthread_join(asker, NULL);
  return problem;
}

const trial rules[] = {
  {"another major version is refused by E_VERSION, with a table", other_major},
  {"the table's head has size, version and names", head},
  {"no required function is missing", functions},
  {"it counts its boards", counts},
  {"a board describes itself: texts end, alignment is a power of two, queues have room", describes},
  {"nothing is written past the struct_size of a host that knows less", older_host},
  {"null options and empty options are none", no_options},
  {"opening a board again is BUSY, or gives another one", opens_twice},
  {"closing with work in flight, and opening again", reopens},
  {"operations are those of operations.def: name, version, strides; codes differ", operations},
  {"telemetry counts what was done and marks what it knows", telemetry},
  {"buffers are large enough, aligned, apart from each other", memory},
  {"results are the portable kernels', inputs are kept, nothing is written past results", computes},
  {"every descriptor completes once, and then nothing comes", every_cookie_once},
  {"submit takes a prefix, and answers FULL when it takes none", takes_a_prefix},
  {"submit blames the first wrong descriptor and does those before it", blames},
  {"reap keeps its deadline", deadlines},
  {"abort empties the queue, counts a new generation and leaves it usable", aborts},
  {"a reap under way answers ABORTED", aborts_a_reap},
  {"a queue is destroyed with work in flight, and frees its buffers", destroys},
  {"one thread submits, one reaps, one asks for telemetry", three_threads},
};
const int rule_count = sizeof rules / sizeof rules[0];
