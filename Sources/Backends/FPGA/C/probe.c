// What a probe's child asks of a board's plugin: everything that the host asks before it gives work to a board.
#include "assay_fpga_probe.h"
#include "assay_fpga.h"
#include "assay_outside.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

enum { BUFFER_BYTES = 1 << 16, LONGEST_NAME = 1024 };

static void log_nothing(void *context, int32_t level, const char *message) {
  (void)context;
  (void)level;
  (void)message;
}

// Gives a queue one row of `operation`, waits for it as long as a probe has time, and aborts. What comes of it is for the host to judge.
static void try_work(const assay_probe_child *child, const assay_fpga_plugin *plugin, assay_fpga_queue *queue,
                     const assay_fpga_operation_info *operation, const assay_fpga_buffer buffers[2]) {
  const assay_fpga_descriptor work = {
    .cookie = 1,
    .operation = operation->code,
    .count = 1,
    .input_handle = buffers[0].handle,
    .output_handle = buffers[1].handle,
  };
  uint32_t accepted = 0, generation = 0, count = 0;
  assay_probe_step(child, "when given a row (queue_submit)");
  if (plugin->queue_submit(queue, &work, 1, &accepted) == ASSAY_FPGA_OK && accepted == 1) {
    assay_fpga_completion completions[4];
    assay_probe_step(child, "when asked for a result (queue_reap)");
    plugin->queue_reap(queue, completions, 4, 500000000, &count);
  }
  assay_probe_step(child, "when a queue is aborted (queue_abort)");
  plugin->queue_abort(queue, &generation);
}

// Opens one board, asks it what it computes and how it is, gives it a queue, memory and a row, and closes it again. What it refuses is
// for the host to tell.
static void try_board(const assay_probe_child *child, const assay_fpga_plugin *plugin, uint32_t index) {
  assay_fpga_device_info info = {.struct_size = sizeof info};
  assay_fpga_device *device = NULL;
  assay_probe_step(child, "when asked about a board (device_info)");
  if (plugin->device_info(index, &info) != ASSAY_FPGA_OK) return;
  assay_probe_step(child, "when a board is opened (device_open)");
  if (plugin->device_open(index, child->second, &device) != ASSAY_FPGA_OK || !device) return;
  assay_probe_step(child, "when asked what a board computes (device_operation)");
  assay_fpga_operation_info tried = {.struct_size = sizeof tried};
  for (uint32_t i = 0; i < info.operation_count && i < ASSAY_FPGA_MOST_OPERATIONS; i++) {
    assay_fpga_operation_info operation = {.struct_size = sizeof operation};
    const assay_fpga_status status = plugin->device_operation(device, i, &operation);
    if (status == ASSAY_FPGA_OK && !tried.code && operation.input_stride <= BUFFER_BYTES && operation.output_stride <= BUFFER_BYTES) {
      tried = operation;
    }
  }
  assay_probe_step(child, "when asked how a board is (device_telemetry)");
  assay_fpga_telemetry telemetry = {.struct_size = sizeof telemetry};
  plugin->device_telemetry(device, &telemetry);
  assay_probe_step(child, "when asked for memory (buffer_allocate)");
  assay_fpga_buffer buffers[2] = {{.struct_size = sizeof buffers[0]}, {.struct_size = sizeof buffers[1]}};
  assay_fpga_status allocated[2];
  for (int i = 0; i < 2; i++) allocated[i] = plugin->buffer_allocate(device, BUFFER_BYTES, &buffers[i]);
  const int has_memory = allocated[0] == ASSAY_FPGA_OK && allocated[1] == ASSAY_FPGA_OK;
  assay_probe_step(child, "when asked for a queue (queue_create)");
  const assay_fpga_queue_config config = {.struct_size = sizeof config, .depth = 1};
  assay_fpga_queue *queue = NULL;
  const int has_queue = plugin->queue_create(device, &config, &queue) == ASSAY_FPGA_OK && queue;
  if (has_queue && has_memory && tried.code) try_work(child, plugin, queue, &tried, buffers);
  assay_probe_step(child, "when a queue is given back (queue_destroy)");
  if (has_queue) plugin->queue_destroy(queue);
  assay_probe_step(child, "when memory is given back (buffer_free)");
  for (int i = 0; i < 2; i++) {
    if (allocated[i] == ASSAY_FPGA_OK) plugin->buffer_free(device, buffers[i].handle);
  }
  assay_probe_step(child, "when a board is closed (device_close)");
  plugin->device_close(device);
}

static size_t length(const char *text) { return text ? strlen(text) : 0; }

// Whether every function that is called here is there; the host names those that are not.
static int has_functions(const assay_fpga_plugin *plugin) {
  return plugin->head.struct_size >= offsetof(assay_fpga_plugin, inject_fault) && plugin->device_count && plugin->device_info
         && plugin->device_open && plugin->device_close && plugin->device_operation && plugin->device_telemetry
         && plugin->buffer_allocate && plugin->buffer_free && plugin->queue_create && plugin->queue_destroy
         && plugin->queue_submit && plugin->queue_reap && plugin->queue_abort;
}

static const char *answer(assay_probe_child *child) {
  static const assay_fpga_host host = {.struct_size = sizeof host, .log = log_nothing};
  if (!child->first) return "no path was given";
  assay_probe_step(child, "when it is loaded");
  void *library = dlopen(child->first, RTLD_NOW | RTLD_LOCAL);
  void *symbol = library ? dlsym(library, ASSAY_FPGA_SYMBOL) : NULL;
  if (!symbol) return NULL;
  assay_fpga_connect_function connect = NULL;
  memcpy(&connect, &symbol, sizeof connect);
  const assay_fpga_plugin *plugin = NULL;
  assay_probe_step(child, "when it connects (" ASSAY_FPGA_SYMBOL ")");
  const assay_fpga_status status = connect(ASSAY_FPGA_MAJOR, ASSAY_FPGA_MINOR, &host, &plugin);
  assay_probe_step(child, "when its table is read");
  if (status != ASSAY_FPGA_OK || !plugin || plugin->head.major != ASSAY_FPGA_MAJOR) return NULL;
  if (length(plugin->head.name) > LONGEST_NAME || length(plugin->head.version) > LONGEST_NAME) return "its name does not end";
  if (!has_functions(plugin)) return NULL;
  assay_probe_step(child, "when asked for its boards (device_count)");
  uint32_t count = 0;
  if (plugin->device_count(&count) != ASSAY_FPGA_OK) return NULL;
  for (uint32_t i = 0; i < count && i < ASSAY_FPGA_MOST_BOARDS; i++) try_board(child, plugin, i);
  return NULL;
}

const char *assay_fpga_probe(void) { return "fpga"; }

__attribute__((constructor)) static void serve(void) { assay_probe_serve(assay_fpga_probe(), answer); }
