// The simulated device behind assay_fpga.h: RTL in Verilator, everything around it in C++.

#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>

#include "assay_fpga.h"
#include "board.h"
#include "memory.h"
#include "operations.h"
#include "queue.h"

using namespace assay_sim;

struct assay_fpga_queue {
  Queue queue;
  assay_fpga_device *device;
};

struct assay_fpga_device {
  Board board;
  Memory memory;
  Gauges gauges{};
  std::mutex mutex;  // of the two below
  std::unique_ptr<assay_fpga_queue> queue;
  Fault before_queue;
};

namespace {

constexpr uint32_t max_queue_depth = 256;

/// Writes as much of `value` as the caller's struct has room for.
template <typename Struct>
assay_fpga_status give(Struct *to, Struct value) {
  if (!to || to->struct_size < sizeof value.struct_size) return ASSAY_FPGA_E_INVALID;
  value.struct_size = to->struct_size < sizeof value ? to->struct_size : sizeof value;
  std::memcpy(to, &value, value.struct_size);
  return ASSAY_FPGA_OK;
}

/// Lets no exception cross the boundary; the only ones that can arise are of memory.
template <typename Body>
assay_fpga_status guarded(Body body) noexcept {
  try {
    return body();
  } catch (...) {
    return ASSAY_FPGA_E_MEMORY;
  }
}

/// "fault=hang,argument=100" or "fault=drop,after=1000"
bool parse(const char *options, Fault *fault) {
  std::string_view rest = options ? options : "";
  while (!rest.empty()) {
    const std::string_view item = rest.substr(0, rest.find(','));
    rest.remove_prefix(item.size() < rest.size() ? item.size() + 1 : item.size());
    const size_t equals = item.find('=');
    if (equals == std::string_view::npos) return false;
    const std::string_view key = item.substr(0, equals), value = item.substr(equals + 1);
    if (key == "fault") {
      if (!fault_named(value, &fault->kind)) return false;
    } else if (key == "argument" || key == "after") {
      uint64_t *number = key == "after" ? &fault->after : &fault->argument;
      const auto result = std::from_chars(value.begin(), value.end(), *number);
      if (result.ec != std::errc() || result.ptr != value.end()) return false;
    } else {
      return false;
    }
  }
  return true;
}

assay_fpga_status device_count(uint32_t *count) {
  if (!count) return ASSAY_FPGA_E_INVALID;
  *count = 1;
  return ASSAY_FPGA_OK;
}

assay_fpga_status device_info(uint32_t index, assay_fpga_device_info *info) {
  if (index != 0) return ASSAY_FPGA_E_INVALID;
  assay_fpga_device_info value{};
  value.flags = ASSAY_FPGA_DEVICE_SIMULATED | ASSAY_FPGA_DEVICE_FAULTS;
  std::snprintf(value.name, sizeof value.name, "verilator-%s", ASSAY_SIM_VARIANT);
  value.max_queues = 1;
  value.max_queue_depth = max_queue_depth;
  value.buffer_alignment = buffer_alignment;
  value.operation_count = operation_count;
  return give(info, value);
}

assay_fpga_status device_open(uint32_t index, const char *options, assay_fpga_device **device) {
  return guarded([&] {
    Fault fault;
    if (index != 0 || !device || !parse(options, &fault)) return ASSAY_FPGA_E_INVALID;
    auto opened = std::make_unique<assay_fpga_device>();
    opened->before_queue = fault;
    *device = opened.release();
    return ASSAY_FPGA_OK;
  });
}

assay_fpga_status queue_destroy(assay_fpga_queue *queue) {
  if (!queue) return ASSAY_FPGA_E_INVALID;
  uint32_t generation;
  const assay_fpga_status status = queue->queue.abort(&generation);
  if (status != ASSAY_FPGA_OK) return status;
  std::lock_guard lock(queue->device->mutex);
  queue->device->queue.reset();
  return ASSAY_FPGA_OK;
}

assay_fpga_status device_close(assay_fpga_device *device) {
  if (!device) return ASSAY_FPGA_E_INVALID;
  if (device->queue) {
    const assay_fpga_status status = queue_destroy(device->queue.get());
    if (status != ASSAY_FPGA_OK) return status;
  }
  delete device;
  return ASSAY_FPGA_OK;
}

assay_fpga_status device_operation(assay_fpga_device *, uint32_t index, assay_fpga_operation_info *info) {
  if (index >= operation_count) return ASSAY_FPGA_E_INVALID;
  const Operation &operation = operations[index];
  assay_fpga_operation_info value{};
  value.code = operation.hash + 1u;
  std::snprintf(value.name, sizeof value.name, "%s", operation.name);
  value.semantics_version = operation.semantics_version;
  value.input_stride = input_stride;
  value.output_stride = output_stride;
  value.max_rows = max_rows;
  const bool pipelined = ASSAY_SIM_PIPELINED;
  value.latency_cycles = pipelined ? operation.pipelined_latency : operation.serial_latency;
  value.cycles_per_row_q8 = pipelined ? 256 : (operation.serial_latency + 1) * 256;
  return give(info, value);
}

assay_fpga_status device_telemetry(assay_fpga_device *device, assay_fpga_telemetry *telemetry) {
  if (!device) return ASSAY_FPGA_E_INVALID;
  const Gauges &gauges = device->gauges;
  assay_fpga_telemetry value{};
  value.valid = ASSAY_FPGA_TELEMETRY_CYCLES | ASSAY_FPGA_TELEMETRY_BEATS | ASSAY_FPGA_TELEMETRY_WORK |
                ASSAY_FPGA_TELEMETRY_RESETS;
  value.reset_count = gauges.resets;
  value.cycles = gauges.cycles;
  value.busy_cycles = gauges.busy_cycles;
  value.stall_in_cycles = gauges.stall_in_cycles;
  value.stall_out_cycles = gauges.stall_out_cycles;
  value.beats_in = gauges.beats_in;
  value.beats_out = gauges.beats_out;
  value.rows_done = gauges.rows_done;
  value.descriptors_done = gauges.descriptors_done;
  value.descriptors_failed = gauges.descriptors_failed;
  return give(telemetry, value);
}

assay_fpga_status buffer_allocate(assay_fpga_device *device, uint64_t size, assay_fpga_buffer *buffer) {
  return guarded([&] {
    if (!device || !buffer || size == 0) return ASSAY_FPGA_E_INVALID;
    assay_fpga_buffer value{};
    const auto allocated = device->memory.allocate(size, &value.handle);
    if (!allocated) return ASSAY_FPGA_E_MEMORY;
    value.size = allocated->size;
    value.host = allocated->bytes.get();
    return give(buffer, value);
  });
}

assay_fpga_status buffer_free(assay_fpga_device *device, uint64_t handle) {
  if (!device) return ASSAY_FPGA_E_INVALID;
  switch (device->memory.free(handle)) {
    case Memory::Freed::yes: return ASSAY_FPGA_OK;
    case Memory::Freed::in_flight: return ASSAY_FPGA_E_BUSY;
    default: return ASSAY_FPGA_E_INVALID;
  }
}

assay_fpga_status queue_create(assay_fpga_device *device, const assay_fpga_queue_config *config,
                               assay_fpga_queue **queue) {
  return guarded([&] {
    if (!device || !config || !queue || config->struct_size < sizeof *config || config->depth == 0 ||
        config->depth > max_queue_depth) {
      return ASSAY_FPGA_E_INVALID;
    }
    std::lock_guard lock(device->mutex);
    if (device->queue) return ASSAY_FPGA_E_BUSY;
    device->queue.reset(new assay_fpga_queue{{device->board, device->memory, device->gauges, *config}, device});
    device->queue->queue.arm(device->before_queue);
    *queue = device->queue.get();
    return ASSAY_FPGA_OK;
  });
}

assay_fpga_status queue_submit(assay_fpga_queue *queue, const assay_fpga_descriptor *descriptors, uint32_t count,
                               uint32_t *accepted) {
  return guarded([&]() -> assay_fpga_status {
    if (!queue || !descriptors || !accepted) return ASSAY_FPGA_E_INVALID;
    return queue->queue.submit(descriptors, count, accepted);
  });
}

assay_fpga_status queue_reap(assay_fpga_queue *queue, assay_fpga_completion *completions, uint32_t capacity,
                             uint64_t timeout_ns, uint32_t *count) {
  return guarded([&]() -> assay_fpga_status {
    if (!queue || !completions || capacity == 0 || !count) return ASSAY_FPGA_E_INVALID;
    return queue->queue.reap(completions, capacity, timeout_ns, count);
  });
}

assay_fpga_status queue_abort(assay_fpga_queue *queue, uint32_t *generation) {
  return guarded([&]() -> assay_fpga_status {
    if (!queue || !generation) return ASSAY_FPGA_E_INVALID;
    return queue->queue.abort(generation);
  });
}

assay_fpga_status inject_fault(assay_fpga_device *device, uint32_t fault, uint64_t argument) {
  if (!device || fault > ASSAY_FPGA_FAULT_DATA) return ASSAY_FPGA_E_INVALID;
  std::lock_guard lock(device->mutex);
  device->before_queue = Fault{fault, argument};
  if (device->queue) device->queue->queue.arm(device->before_queue);
  return ASSAY_FPGA_OK;
}

constexpr assay_fpga_plugin plugin_table = {
    {sizeof(assay_fpga_plugin), ASSAY_FPGA_MAJOR, ASSAY_FPGA_MINOR, 0, "assay-sim", "1.0"},
    device_count,
    device_info,
    device_open,
    device_close,
    device_operation,
    device_telemetry,
    buffer_allocate,
    buffer_free,
    queue_create,
    queue_destroy,
    queue_submit,
    queue_reap,
    queue_abort,
    inject_fault,
};

}  // namespace

extern "C" __attribute__((visibility("default"))) assay_fpga_status assay_fpga_connect(
    uint32_t major, uint32_t, const assay_fpga_host *, const assay_fpga_plugin **plugin) {
  if (!plugin) return ASSAY_FPGA_E_INVALID;
  *plugin = &plugin_table;
  return major == ASSAY_FPGA_MAJOR ? ASSAY_FPGA_OK : ASSAY_FPGA_E_VERSION;
}
