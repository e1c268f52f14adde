// The example plugin, broken on demand: ASSAY_FAULT names one of the actions of actions.h in one of its functions, an error that a
// function answers ("queue_create:-4"), a function that is missing ("missing:device_info"), or a lie of the list below ("lie:NAME").
#define assay_fpga_connect example_connect
#include "../../examples/plugin/board.c"
#undef assay_fpga_connect
#include "actions.h"

static int lies(const char *name) {
  const char *lie = fault_in("lie");
  return lie && strcmp(lie, name) == 0;
}

// A status that the place is to answer instead of doing anything; 0 for none.
static assay_fpga_status answer_in(const char *place) {
  const char *action = fault_in(place);
  return action ? (assay_fpga_status)strtol(action, NULL, 10) : 0;
}

#define STRIKE(place)                                        \
  fault_act(place);                                          \
  if (answer_in(place) != 0) return answer_in(place)

// the functions, each striking first

static assay_fpga_status faulty_device_count(uint32_t *count) {
  STRIKE("device_count");
  *count = lies("no-board") ? 0 : lies("many-boards") ? UINT32_MAX : 1;
  return ASSAY_FPGA_OK;
}

static assay_fpga_status faulty_device_info(uint32_t index, assay_fpga_device_info *info) {
  STRIKE("device_info");
  const assay_fpga_status status = device_info(index, info);
  if (lies("alignment-zero")) info->buffer_alignment = 0;
  if (lies("alignment-odd")) info->buffer_alignment = 3;
  if (lies("alignment-huge")) info->buffer_alignment = 1u << 31;
  if (lies("depth-zero")) info->max_queue_depth = 0;
  if (lies("depth-huge")) info->max_queue_depth = UINT32_MAX;
  if (lies("many-operations")) info->operation_count = UINT32_MAX;
  if (lies("endless-text")) memset(info->name, 'x', sizeof info->name), memset(info->serial, 'y', sizeof info->serial);
  if (lies("control-characters")) memcpy(info->name, "a\n\x1b[31m\xff", 9);
  return status;
}

static assay_fpga_status faulty_device_open(uint32_t index, const char *options, assay_fpga_device **device) {
  STRIKE("device_open");
  const assay_fpga_status status = device_open(index, options, device);
  if (lies("null-device")) *device = NULL;
  return status;
}

static assay_fpga_status faulty_device_close(assay_fpga_device *device) {
  STRIKE("device_close");
  return device_close(device);
}

static assay_fpga_status faulty_device_operation(assay_fpga_device *device, uint32_t index, assay_fpga_operation_info *info) {
  STRIKE("device_operation");
  const assay_fpga_status status = device_operation(device, lies("many-operations") ? 0 : index, info);
  if (lies("code-zero")) info->code = 0;
  if (lies("rows-zero")) info->max_rows = 0;
  if (lies("rows-huge")) info->max_rows = UINT32_MAX;
  if (lies("stride-in")) info->input_stride = 32;
  if (lies("stride-out")) info->output_stride = 0;
  if (lies("version")) info->semantics_version = 9;
  if (lies("unknown-operation")) strcpy(info->name, "sha3_pair");
  if (lies("endless-operation")) memset(info->name, 's', sizeof info->name);
  return status;
}

static assay_fpga_status faulty_device_telemetry(assay_fpga_device *device, assay_fpga_telemetry *telemetry) {
  STRIKE("device_telemetry");
  const assay_fpga_status status = device_telemetry(device, telemetry);
  if (lies("telemetry")) memset((char *)telemetry + 4, 0xff, telemetry->struct_size - 4);
  return status;
}

static assay_fpga_status faulty_buffer_allocate(assay_fpga_device *device, uint64_t size, assay_fpga_buffer *buffer) {
  STRIKE("buffer_allocate");
  const assay_fpga_status status = buffer_allocate(device, size, buffer);
  if (lies("null-buffer")) buffer->host = NULL;
  if (lies("small-buffer")) buffer->size = size / 2;
  if (lies("misaligned-buffer")) buffer->host += 1;
  return status;
}

static assay_fpga_status faulty_buffer_free(assay_fpga_device *device, uint64_t handle) {
  STRIKE("buffer_free");
  return buffer_free(device, handle);
}

static assay_fpga_status faulty_queue_create(assay_fpga_device *device, const assay_fpga_queue_config *config,
                                             assay_fpga_queue **queue) {
  STRIKE("queue_create");
  const assay_fpga_status status = queue_create(device, config, queue);
  if (lies("null-queue")) *queue = NULL;
  return status;
}

static assay_fpga_status faulty_queue_destroy(assay_fpga_queue *queue) {
  STRIKE("queue_destroy");
  return queue_destroy(queue);
}

static assay_fpga_status faulty_queue_submit(assay_fpga_queue *queue, const assay_fpga_descriptor *descriptors, uint32_t count,
                                             uint32_t *accepted) {
  STRIKE("queue_submit");
  const assay_fpga_status status = queue_submit(queue, descriptors, count, accepted);
  if (lies("accepts-none")) *accepted = 0;
  if (lies("accepts-more")) *accepted = count + 7;
  return status;
}

static void lie_about(assay_fpga_queue *queue, assay_fpga_completion *completion) {
  if (lies("unknown-cookie")) completion->cookie ^= 1u << 20;
  if (lies("old-generation")) completion->generation--;
  if (lies("fewer-rows")) completion->count--;
  if (lies("more-rows")) completion->count = UINT32_MAX;
  if (lies("status")) completion->status = 77;
  if (lies("all-ones")) memset(completion, 0xff, sizeof *completion);
  uint8_t *out = queue->device->buffers[1].host;
  if (lies("zeros") && out) memset(out, 0, STRIDE_OUT);
  if (lies("ones") && out) memset(out, 0xff, STRIDE_OUT);
  if (lies("data")) completion->status = ASSAY_FPGA_E_DATA;
}

static assay_fpga_status faulty_queue_reap(assay_fpga_queue *queue, assay_fpga_completion *completions, uint32_t capacity,
                                           uint64_t timeout_ns, uint32_t *count) {
  STRIKE("queue_reap");
  const assay_fpga_status status = queue_reap(queue, completions, capacity, timeout_ns, count);
  for (uint32_t i = 0; i < *count; i++) lie_about(queue, &completions[i]);
  if (lies("wrong-bit") && *count > 0) queue->device->buffers[1].host[5] ^= 0x10;
  if (lies("twice") && *count > 0 && *count < capacity) completions[*count] = completions[*count - 1], ++*count;
  if (lies("count") && *count > 0) *count = UINT32_MAX;
  if (lies("nothing-done")) *count = 0;
  return lies("nothing-done") ? ASSAY_FPGA_OK : status;
}

static assay_fpga_status faulty_queue_abort(assay_fpga_queue *queue, uint32_t *generation) {
  STRIKE("queue_abort");
  return queue_abort(queue, generation);
}

// the table

#define FUNCTIONS(X)                                                                                                            \
  X(device_count) X(device_info) X(device_open) X(device_close) X(device_operation) X(device_telemetry) X(buffer_allocate)      \
  X(buffer_free) X(queue_create) X(queue_destroy) X(queue_submit) X(queue_reap) X(queue_abort)

__attribute__((constructor)) static void load(void) { fault_act("constructor"); }

__attribute__((destructor)) static void unload(void) { fault_act("destructor"); }

__attribute__((visibility("default"))) assay_fpga_status assay_fpga_connect(uint32_t major, uint32_t minor,
                                                                            const assay_fpga_host *host,
                                                                            const assay_fpga_plugin **table) {
  static assay_fpga_plugin faulty;
  STRIKE("connect");
  const assay_fpga_status status = example_connect(major, minor, host, table);
  faulty = plugin;
#define REPLACE(name) faulty.name = fault_in("missing") && !strcmp(fault_in("missing"), #name) ? NULL : faulty_##name;
  FUNCTIONS(REPLACE)
  if (lies("no-size")) faulty.head.struct_size = 0;
  if (lies("short-table")) faulty.head.struct_size = sizeof faulty.head + 3 * sizeof(void *);
  if (lies("long-table")) faulty.head.struct_size = UINT32_MAX;
  if (lies("next-major")) faulty.head.major = 2;
  if (lies("no-name")) faulty.head.name = faulty.head.version = NULL;
  if (lies("wild-name")) faulty.head.name = (const char *)(uintptr_t)64;
  *table = lies("null-table") ? NULL : lies("wild-table") ? (const assay_fpga_plugin *)(uintptr_t)128 : &faulty;
  return status;
}
