// Loading a plugin, opening its board, and giving it work.
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *words(const char *format, ...) {
  static char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return text;
}

const char *load(board *tried) {
  static const assay_fpga_host host = {.struct_size = sizeof host};
  void *library = dlopen(tried->path, RTLD_NOW | RTLD_LOCAL);
  EXPECT(library, "it does not load: %s", dlerror());
  void *symbol = dlsym(library, ASSAY_FPGA_SYMBOL);
  EXPECT(symbol, "it does not export " ASSAY_FPGA_SYMBOL);
  assay_fpga_connect_function connect = NULL;
  memcpy(&connect, &symbol, sizeof connect);
  const assay_fpga_status status = connect(ASSAY_FPGA_MAJOR, ASSAY_FPGA_MINOR, &host, &tried->plugin);
  EXPECT(status == ASSAY_FPGA_OK, "connecting answers %d", status);
  EXPECT(tried->plugin, "connecting gives no table");
  return NULL;
}

const char *open_board(board *tried) {
  const char *problem = load(tried);
  if (problem) return problem;
  const assay_fpga_plugin *plugin = tried->plugin;
  tried->info = (assay_fpga_device_info){.struct_size = sizeof tried->info};
  assay_fpga_status status = plugin->device_info(tried->index, &tried->info);
  EXPECT(status == ASSAY_FPGA_OK, "device_info answers %d", status);
  status = plugin->device_open(tried->index, tried->options, &tried->device);
  EXPECT(status == ASSAY_FPGA_OK && tried->device, "device_open answers %d", status);
  tried->operation = (assay_fpga_operation_info){.struct_size = sizeof tried->operation};
  status = plugin->device_operation(tried->device, 0, &tried->operation);
  EXPECT(status == ASSAY_FPGA_OK, "device_operation answers %d", status);
  const uint64_t alignment = tried->info.buffer_alignment ? tried->info.buffer_alignment : 1;
  tried->rows = tried->operation.max_rows < ROWS ? tried->operation.max_rows : ROWS;
  tried->depth = tried->info.max_queue_depth < 8 ? tried->info.max_queue_depth : 8;
  tried->input_step = ((uint64_t)tried->rows * tried->operation.input_stride + alignment - 1) / alignment * alignment;
  // Room behind the results, which must stay as it is.
  tried->output_step = ((uint64_t)tried->rows * tried->operation.output_stride + 64 + alignment - 1) / alignment * alignment;
  tried->input = (assay_fpga_buffer){.struct_size = sizeof tried->input};
  tried->output = (assay_fpga_buffer){.struct_size = sizeof tried->output};
  status = plugin->buffer_allocate(tried->device, tried->input_step * tried->depth, &tried->input);
  EXPECT(status == ASSAY_FPGA_OK && tried->input.host, "buffer_allocate answers %d", status);
  status = plugin->buffer_allocate(tried->device, tried->output_step * tried->depth, &tried->output);
  EXPECT(status == ASSAY_FPGA_OK && tried->output.host, "buffer_allocate answers %d", status);
  const assay_fpga_queue_config config = {.struct_size = sizeof config, .depth = tried->depth};
  status = plugin->queue_create(tried->device, &config, &tried->queue);
  EXPECT(status == ASSAY_FPGA_OK && tried->queue, "queue_create answers %d", status);
  for (uint32_t place = 0; place < tried->depth; place++) {
    fill(&tried->operation, tried->input.host + place * tried->input_step, tried->rows, place + 1);
  }
  memset(tried->output.host, 0xEE, tried->output_step * tried->depth);
  return NULL;
}

assay_fpga_descriptor describe(const board *tried, uint32_t place, uint64_t cookie) {
  return (assay_fpga_descriptor){
    .cookie = cookie,
    .operation = tried->operation.code,
    .count = tried->rows,
    .input_handle = tried->input.handle,
    .input_offset = place * tried->input_step,
    .output_handle = tried->output.handle,
    .output_offset = place * tried->output_step,
  };
}

assay_fpga_status submit(board *tried, const assay_fpga_descriptor *descriptor) {
  uint32_t accepted = 0;
  const assay_fpga_status status = tried->plugin->queue_submit(tried->queue, descriptor, 1, &accepted);
  return status == ASSAY_FPGA_OK && accepted != 1 ? ASSAY_FPGA_E_FULL : status;
}

assay_fpga_status reap(board *tried, assay_fpga_completion *completion) {
  uint32_t count = 0;
  const assay_fpga_status status = tried->plugin->queue_reap(tried->queue, completion, 1, 20ull * SECOND, &count);
  return status == ASSAY_FPGA_OK && count != 1 ? ASSAY_FPGA_E_TIMEOUT : status;
}
