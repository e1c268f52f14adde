// The smallest complete plugin of assay_fpga.h: a board of one operation, sha256_pair, which computes on the caller's own core. It
// keeps every rule of the header, so a driver of a real board can start as a copy and replace `compute`.
//
//   cc -std=c11 -O2 -shared -fPIC -fvisibility=hidden -I kernels/fpga/include -o board.so examples/plugin/board.c -pthread
//   assay-board-check ./board.so
#define _POSIX_C_SOURCE 200809L
#include "assay_fpga.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sha256_pair.h"

enum { OPERATION = 1, STRIDE_IN = 64, STRIDE_OUT = 32, MOST_ROWS = 4096, DEPTH = 16, BUFFERS = 16, ALIGNMENT = 64 };

struct assay_fpga_queue {
  assay_fpga_device *device;
  assay_fpga_descriptor waiting[DEPTH];  // a ring
  uint32_t depth, first, count, generation;
};

struct assay_fpga_device {
  int is_open;
  assay_fpga_queue *queue;  // there is one
  assay_fpga_buffer buffers[BUFFERS];
  // Read by telemetry, which waits for no lock that submit or reap holds.
  _Atomic uint64_t rows, descriptors;
};

static assay_fpga_device board;
// One lock for all else: submit, reap and abort may come from three threads.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

// Fills a caller's struct, of which only the bytes that both sides know are touched.
static void give(void *target, uint32_t target_size, const void *source, uint32_t source_size) {
  const uint32_t size = target_size < source_size ? target_size : source_size;
  if (size > 4) memcpy((char *)target + 4, (const char *)source + 4, size - 4);
}

// devices

static assay_fpga_status device_count(uint32_t *count) {
  *count = 1;
  return ASSAY_FPGA_OK;
}

static assay_fpga_status device_info(uint32_t index, assay_fpga_device_info *info) {
  if (index != 0) return ASSAY_FPGA_E_INVALID;
  const assay_fpga_device_info known = {
    .flags = ASSAY_FPGA_DEVICE_HOST_CORES,
    .name = "example",
    .serial = "example-0",
    .max_queues = 1,
    .max_queue_depth = DEPTH,
    .buffer_alignment = ALIGNMENT,
    .operation_count = 1,
  };
  give(info, info->struct_size, &known, sizeof known);
  return ASSAY_FPGA_OK;
}

static assay_fpga_status device_open(uint32_t index, const char *options, assay_fpga_device **device) {
  // This board has no options: any is unknown.
  if (index != 0 || (options && *options)) return ASSAY_FPGA_E_INVALID;
  pthread_mutex_lock(&lock);
  const int is_taken = board.is_open;
  if (!is_taken) {
    board.is_open = 1;
    board.rows = board.descriptors = 0;
  }
  pthread_mutex_unlock(&lock);
  if (is_taken) return ASSAY_FPGA_E_BUSY;
  *device = &board;
  return ASSAY_FPGA_OK;
}

static assay_fpga_status device_operation(assay_fpga_device *device, uint32_t index, assay_fpga_operation_info *info) {
  (void)device;
  if (index != 0) return ASSAY_FPGA_E_INVALID;
  const assay_fpga_operation_info known = {
    .code = OPERATION,
    .name = "sha256_pair",
    .semantics_version = 1,
    .input_stride = STRIDE_IN,
    .output_stride = STRIDE_OUT,
    .max_rows = MOST_ROWS,
  };
  give(info, info->struct_size, &known, sizeof known);
  return ASSAY_FPGA_OK;
}

static assay_fpga_status device_telemetry(assay_fpga_device *device, assay_fpga_telemetry *telemetry) {
  const assay_fpga_telemetry known = {
    .valid = ASSAY_FPGA_TELEMETRY_WORK,
    .rows_done = device->rows,
    .descriptors_done = device->descriptors,
  };
  give(telemetry, telemetry->struct_size, &known, sizeof known);
  return ASSAY_FPGA_OK;
}

// buffers: a handle is a place in the table, counted from 1

static assay_fpga_buffer *find(assay_fpga_device *device, uint64_t handle) {
  if (handle == 0 || handle > BUFFERS || !device->buffers[handle - 1].host) return NULL;
  return &device->buffers[handle - 1];
}

static assay_fpga_status buffer_allocate(assay_fpga_device *device, uint64_t size, assay_fpga_buffer *buffer) {
  if (size == 0) return ASSAY_FPGA_E_INVALID;
  assay_fpga_status status = ASSAY_FPGA_E_MEMORY;
  pthread_mutex_lock(&lock);
  for (uint64_t i = 0; i < BUFFERS && status != ASSAY_FPGA_OK; i++) {
    void *memory = NULL;
    if (device->buffers[i].host) continue;
    if (size > SIZE_MAX / 2 || posix_memalign(&memory, ALIGNMENT, (size_t)size) != 0) break;
    device->buffers[i] = (assay_fpga_buffer){.handle = i + 1, .size = size, .host = memory};
    give(buffer, buffer->struct_size, &device->buffers[i], sizeof device->buffers[i]);
    status = ASSAY_FPGA_OK;
  }
  pthread_mutex_unlock(&lock);
  return status;
}

static int is_in_flight(const assay_fpga_queue *queue, uint64_t handle) {
  for (uint32_t i = 0; queue && i < queue->count; i++) {
    const assay_fpga_descriptor *waiting = &queue->waiting[(queue->first + i) % DEPTH];
    if (waiting->input_handle == handle || waiting->output_handle == handle) return 1;
  }
  return 0;
}

static assay_fpga_status buffer_free(assay_fpga_device *device, uint64_t handle) {
  assay_fpga_status status = ASSAY_FPGA_OK;
  pthread_mutex_lock(&lock);
  assay_fpga_buffer *buffer = find(device, handle);
  if (!buffer) {
    status = ASSAY_FPGA_E_INVALID;
  } else if (is_in_flight(device->queue, handle)) {
    status = ASSAY_FPGA_E_BUSY;
  } else {
    free(buffer->host);
    *buffer = (assay_fpga_buffer){0};
  }
  pthread_mutex_unlock(&lock);
  return status;
}

// queues

static assay_fpga_status queue_create(assay_fpga_device *device, const assay_fpga_queue_config *config,
                                      assay_fpga_queue **queue) {
  if (config->depth == 0 || config->depth > DEPTH) return ASSAY_FPGA_E_INVALID;
  assay_fpga_queue *made = calloc(1, sizeof *made);
  if (!made) return ASSAY_FPGA_E_MEMORY;
  *made = (assay_fpga_queue){.device = device, .depth = config->depth, .generation = 1};
  pthread_mutex_lock(&lock);
  const int is_taken = device->queue != NULL;
  if (!is_taken) device->queue = made;
  pthread_mutex_unlock(&lock);
  if (is_taken) {
    free(made);
    return ASSAY_FPGA_E_MEMORY;
  }
  *queue = made;
  return ASSAY_FPGA_OK;
}

static assay_fpga_status queue_destroy(assay_fpga_queue *queue) {
  pthread_mutex_lock(&lock);
  queue->device->queue = NULL;
  pthread_mutex_unlock(&lock);
  free(queue);
  return ASSAY_FPGA_OK;
}

// Whether `count` strides from `offset` on lie in the buffer.
static int fits(const assay_fpga_buffer *buffer, uint64_t offset, uint64_t count, uint64_t stride) {
  return buffer && offset % ALIGNMENT == 0 && offset <= buffer->size && count * stride <= buffer->size - offset;
}

static assay_fpga_status judge(assay_fpga_device *device, const assay_fpga_descriptor *work) {
  if (work->operation != OPERATION) return ASSAY_FPGA_E_UNSUPPORTED;
  if (work->count == 0 || work->count > MOST_ROWS || work->reserved[0] || work->reserved[1]) return ASSAY_FPGA_E_INVALID;
  const int is_right = fits(find(device, work->input_handle), work->input_offset, work->count, STRIDE_IN)
                       && fits(find(device, work->output_handle), work->output_offset, work->count, STRIDE_OUT);
  return is_right ? ASSAY_FPGA_OK : ASSAY_FPGA_E_INVALID;
}

static assay_fpga_status queue_submit(assay_fpga_queue *queue, const assay_fpga_descriptor *descriptors, uint32_t count,
                                      uint32_t *accepted) {
  assay_fpga_status status = ASSAY_FPGA_OK;
  *accepted = 0;
  pthread_mutex_lock(&lock);
  while (*accepted < count && queue->count < queue->depth) {
    status = judge(queue->device, &descriptors[*accepted]);
    if (status != ASSAY_FPGA_OK) break;
    queue->waiting[(queue->first + queue->count++) % DEPTH] = descriptors[(*accepted)++];
  }
  if (status == ASSAY_FPGA_OK && count > 0 && *accepted == 0) status = ASSAY_FPGA_E_FULL;
  pthread_mutex_unlock(&lock);
  return status;
}

// The board's work. A real one would have been given it by submit.
static void compute(assay_fpga_queue *queue, const assay_fpga_descriptor *work, assay_fpga_completion *completion) {
  assay_fpga_device *device = queue->device;
  const uint8_t *in = find(device, work->input_handle)->host + work->input_offset;
  uint8_t *out = find(device, work->output_handle)->host + work->output_offset;
  for (uint32_t row = 0; row < work->count; row++) sha256_pair(in + (size_t)row * STRIDE_IN, out + (size_t)row * STRIDE_OUT);
  device->rows += work->count;
  device->descriptors++;
  *completion = (assay_fpga_completion){.cookie = work->cookie, .count = work->count, .generation = queue->generation};
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static assay_fpga_status queue_reap(assay_fpga_queue *queue, assay_fpga_completion *completions, uint32_t capacity,
                                    uint64_t timeout_ns, uint32_t *count) {
  const uint64_t start = now();
  *count = 0;
  if (capacity == 0) return ASSAY_FPGA_E_INVALID;
  pthread_mutex_lock(&lock);
  const uint32_t generation = queue->generation;
  for (;;) {
    while (*count < capacity && queue->count > 0) {
      compute(queue, &queue->waiting[queue->first], &completions[(*count)++]);
      queue->first = (queue->first + 1) % DEPTH;
      queue->count--;
    }
    if (*count > 0 || queue->generation != generation || now() - start >= timeout_ns) break;
    // Another thread may submit or abort meanwhile.
    pthread_mutex_unlock(&lock);
    nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    pthread_mutex_lock(&lock);
  }
  const int is_aborted = queue->generation != generation;
  pthread_mutex_unlock(&lock);
  if (*count > 0) return ASSAY_FPGA_OK;
  return is_aborted ? ASSAY_FPGA_E_ABORTED : ASSAY_FPGA_E_TIMEOUT;
}

static assay_fpga_status queue_abort(assay_fpga_queue *queue, uint32_t *generation) {
  pthread_mutex_lock(&lock);
  queue->count = 0;
  *generation = ++queue->generation;
  pthread_mutex_unlock(&lock);
  return ASSAY_FPGA_OK;
}

static assay_fpga_status device_close(assay_fpga_device *device) {
  if (device->queue) queue_destroy(device->queue);
  pthread_mutex_lock(&lock);
  for (int i = 0; i < BUFFERS; i++) {
    free(device->buffers[i].host);
    device->buffers[i] = (assay_fpga_buffer){0};
  }
  device->is_open = 0;
  pthread_mutex_unlock(&lock);
  return ASSAY_FPGA_OK;
}

// the one exported symbol

static const assay_fpga_plugin plugin = {
  .head = {.struct_size = sizeof plugin, .major = ASSAY_FPGA_MAJOR, .minor = ASSAY_FPGA_MINOR, .name = "assay-example", .version = "1.0"},
  .device_count = device_count,
  .device_info = device_info,
  .device_open = device_open,
  .device_close = device_close,
  .device_operation = device_operation,
  .device_telemetry = device_telemetry,
  .buffer_allocate = buffer_allocate,
  .buffer_free = buffer_free,
  .queue_create = queue_create,
  .queue_destroy = queue_destroy,
  .queue_submit = queue_submit,
  .queue_reap = queue_reap,
  .queue_abort = queue_abort,
};

__attribute__((visibility("default"))) assay_fpga_status assay_fpga_connect(uint32_t major, uint32_t minor,
                                                                            const assay_fpga_host *host,
                                                                            const assay_fpga_plugin **table) {
  (void)minor;
  (void)host;
  *table = &plugin;
  return major == ASSAY_FPGA_MAJOR ? ASSAY_FPGA_OK : ASSAY_FPGA_E_VERSION;
}
