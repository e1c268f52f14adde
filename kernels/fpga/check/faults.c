// Calls that a plugin must refuse, each without harm: after it the board still computes.
#include "check.h"

#include <string.h>

#define CALL(call) ((tried)->plugin->call)

// After the refusal: one descriptor, done rightly.
static const char *still_works(board *tried) {
  const assay_fpga_descriptor work = describe(tried, 0, 4711);
  assay_fpga_completion completion;
  EXPECT(submit(tried, &work) == ASSAY_FPGA_OK && reap(tried, &completion) == ASSAY_FPGA_OK && completion.cookie == 4711,
         "it does no work any more");
  return difference(&tried->operation, tried->input.host, tried->output.host, tried->rows);
}

static const char *refused(board *tried, assay_fpga_status status) {
  EXPECT(status == ASSAY_FPGA_E_INVALID || status == ASSAY_FPGA_E_UNSUPPORTED, "it answers %d", status);
  return still_works(tried);
}

// A descriptor with one thing wrong.
#define DESCRIPTOR(name, change)                                      \
  static const char *name(board *tried) {                             \
    const char *problem = open_board(tried);                          \
    if (problem) return problem;                                      \
    assay_fpga_descriptor work = describe(tried, 0, 1);               \
    change;                                                           \
    uint32_t accepted = 9;                                            \
    const assay_fpga_status status = CALL(queue_submit)(tried->queue, &work, 1, &accepted); \
    EXPECT(accepted == 0, "it accepted %u, and answers %d", accepted, status); \
    return refused(tried, status);                                    \
  }
DESCRIPTOR(operation_zero, work.operation = 0)
DESCRIPTOR(operation_unknown, work.operation = 0xFFFFFFF0u)
DESCRIPTOR(no_rows, work.count = 0)
DESCRIPTOR(a_row_too_many, work.count = tried->operation.max_rows + 1)
DESCRIPTOR(most_rows, work.count = UINT32_MAX)
DESCRIPTOR(input_zero, work.input_handle = 0)
DESCRIPTOR(input_unknown, work.input_handle = 0x123456789ABCDEFu)
DESCRIPTOR(output_zero, work.output_handle = 0)
DESCRIPTOR(output_unknown, work.output_handle = 0x123456789ABCDEFu)
DESCRIPTOR(input_past_the_end, work.input_offset = (tried->input.size + 0xFFFFFF) & ~(uint64_t)0xFFFFFF)
DESCRIPTOR(output_past_the_end, work.output_offset = (tried->output.size + 0xFFFFFF) & ~(uint64_t)0xFFFFFF)
DESCRIPTOR(input_at_the_end, work.input_offset = tried->input.size / tried->info.buffer_alignment * tried->info.buffer_alignment)
DESCRIPTOR(output_at_the_end, work.output_offset = tried->output.size / tried->info.buffer_alignment * tried->info.buffer_alignment)
DESCRIPTOR(input_wraps, work.input_offset = 0 - (uint64_t)tried->info.buffer_alignment)
DESCRIPTOR(output_wraps, work.output_offset = 0 - (uint64_t)tried->info.buffer_alignment)
DESCRIPTOR(first_reserved, work.reserved[0] = 1)
DESCRIPTOR(second_reserved, work.reserved[1] = 1)
DESCRIPTOR(freed, CALL(buffer_free)(tried->device, tried->input.handle); work.input_handle = tried->input.handle;
           tried->input.struct_size = sizeof tried->input;
           if (submit(tried, &work) == ASSAY_FPGA_OK) return "it takes a buffer that was freed";
           CALL(buffer_allocate)(tried->device, tried->input_step * tried->depth, &tried->input);
           fill(&tried->operation, tried->input.host, tried->rows, 3); work.input_handle = 0)

static const char *misaligned(board *tried, int is_input) {
  const char *problem = open_board(tried);
  if (problem) return problem;
  // Where a board takes any offset there is nothing to refuse.
  if (tried->info.buffer_alignment == 1) return NULL;
  assay_fpga_descriptor work = describe(tried, 0, 1);
  work.count = 1;
  *(is_input ? &work.input_offset : &work.output_offset) += tried->info.buffer_alignment / 2;
  return refused(tried, submit(tried, &work));
}
static const char *input_misaligned(board *tried) { return misaligned(tried, 1); }
static const char *output_misaligned(board *tried) { return misaligned(tried, 0); }

// Any other call that is wrong.
#define WRONG(name, call)                    \
  static const char *name(board *tried) {    \
    const char *problem = open_board(tried); \
    if (problem) return problem;             \
    return refused(tried, call);             \
  }
static assay_fpga_device_info any_info = {.struct_size = sizeof any_info};
static assay_fpga_operation_info any_operation = {.struct_size = sizeof any_operation};
static assay_fpga_buffer any_buffer = {.struct_size = sizeof any_buffer};
static assay_fpga_device *any_device;
static assay_fpga_queue *any_queue;
static const assay_fpga_queue_config no_depth = {.struct_size = sizeof no_depth};
WRONG(board_unknown, CALL(device_info)(UINT32_MAX, &any_info))
WRONG(opening_unknown, CALL(device_open)(UINT32_MAX, NULL, &any_device))
WRONG(offer_unknown, CALL(device_operation)(tried->device, UINT32_MAX, &any_operation))
WRONG(offer_past_the_last, CALL(device_operation)(tried->device, tried->info.operation_count, &any_operation))
WRONG(buffer_of_nothing, CALL(buffer_allocate)(tried->device, 0, &any_buffer))
WRONG(freeing_zero, CALL(buffer_free)(tried->device, 0))
WRONG(freeing_unknown, CALL(buffer_free)(tried->device, 0x123456789ABCDEFu))

static const char *option_unknown(board *tried) {
  const char *problem = load(tried);
  if (problem) return problem;
  const assay_fpga_status status = CALL(device_open)(tried->index, "no-board-has-this=1", &any_device);
  EXPECT(status == ASSAY_FPGA_E_INVALID, "it answers %d", status);
  problem = open_board(tried);
  return problem ? problem : still_works(tried);
}

static const char *buffer_of_everything(board *tried) {
  const char *problem = open_board(tried);
  if (problem) return problem;
  const assay_fpga_status status = CALL(buffer_allocate)(tried->device, UINT64_MAX - 4095, &any_buffer);
  EXPECT(status == ASSAY_FPGA_E_MEMORY || status == ASSAY_FPGA_E_INVALID, "it answers %d", status);
  return still_works(tried);
}

static const char *freeing_twice(board *tried) {
  const char *problem = open_board(tried);
  if (problem) return problem;
  EXPECT(CALL(buffer_allocate)(tried->device, 4096, &any_buffer) == ASSAY_FPGA_OK, "there is no memory");
  EXPECT(CALL(buffer_free)(tried->device, any_buffer.handle) == ASSAY_FPGA_OK, "it is not freed");
  return refused(tried, CALL(buffer_free)(tried->device, any_buffer.handle));
}

static const char *freeing_in_flight(board *tried) {
  const char *problem = open_board(tried);
  if (problem) return problem;
  const assay_fpga_descriptor work = describe(tried, 0, 1);
  EXPECT(submit(tried, &work) == ASSAY_FPGA_OK, "it takes no work");
  const assay_fpga_status status = CALL(buffer_free)(tried->device, tried->output.handle);
  EXPECT(status == ASSAY_FPGA_E_BUSY, "it answers %d", status);
  assay_fpga_completion completion;
  EXPECT(reap(tried, &completion) == ASSAY_FPGA_OK, "the descriptor is not done");
  return still_works(tried);
}

static const char *queue_without_depth(board *tried) {
  const char *problem = open_board(tried);
  if (problem) return problem;
  EXPECT(CALL(queue_destroy)(tried->queue) == ASSAY_FPGA_OK, "a queue is not destroyed");
  const assay_fpga_status status = CALL(queue_create)(tried->device, &no_depth, &any_queue);
  EXPECT(status == ASSAY_FPGA_E_INVALID, "it answers %d", status);
  return NULL;
}

static const char *queue_too_deep(board *tried) {
  const char *problem = open_board(tried);
  if (problem) return problem;
  EXPECT(CALL(queue_destroy)(tried->queue) == ASSAY_FPGA_OK, "a queue is not destroyed");
  const assay_fpga_queue_config config = {.struct_size = sizeof config, .depth = tried->info.max_queue_depth + 1};
  const assay_fpga_status status = CALL(queue_create)(tried->device, &config, &any_queue);
  EXPECT(status == ASSAY_FPGA_E_INVALID, "it answers %d", status);
  return NULL;
}

static const char *queues_too_many(board *tried) {
  const char *problem = open_board(tried);
  if (problem) return problem;
  assay_fpga_status status = ASSAY_FPGA_OK;
  const assay_fpga_queue_config config = {.struct_size = sizeof config, .depth = 1};
  for (uint32_t i = 0; i < tried->info.max_queues && status == ASSAY_FPGA_OK; i++) {
    status = CALL(queue_create)(tried->device, &config, &any_queue);
  }
  EXPECT(status != ASSAY_FPGA_OK, "it gives more than its %u queues", tried->info.max_queues);
  return still_works(tried);
}

static const char *reaping_into_nothing(board *tried) {
  const char *problem = open_board(tried);
  if (problem) return problem;
  uint32_t count = 9;
  assay_fpga_completion completion;
  const assay_fpga_status status = CALL(queue_reap)(tried->queue, &completion, 0, 0, &count);
  EXPECT((status == ASSAY_FPGA_E_INVALID || status == ASSAY_FPGA_E_TIMEOUT), "it answers %d", status);
  return still_works(tried);
}

const trial faults[] = {
  {"operation 0", operation_zero},
  {"an unknown operation", operation_unknown},
  {"no rows", no_rows},
  {"a row more than max_rows", a_row_too_many},
  {"2^32 - 1 rows", most_rows},
  {"input handle 0", input_zero},
  {"an unknown input handle", input_unknown},
  {"output handle 0", output_zero},
  {"an unknown output handle", output_unknown},
  {"input far past the end of its buffer", input_past_the_end},
  {"output far past the end of its buffer", output_past_the_end},
  {"input at the end of its buffer", input_at_the_end},
  {"output at the end of its buffer", output_at_the_end},
  {"an input offset that wraps around", input_wraps},
  {"an output offset that wraps around", output_wraps},
  {"an input offset that is not aligned", input_misaligned},
  {"an output offset that is not aligned", output_misaligned},
  {"the first reserved word is not 0", first_reserved},
  {"the second reserved word is not 0", second_reserved},
  {"a buffer that was freed", freed},
  {"information about an unknown board", board_unknown},
  {"opening an unknown board", opening_unknown},
  {"an option that no board has", option_unknown},
  {"an unknown operation's information", offer_unknown},
  {"the operation after the last", offer_past_the_last},
  {"a buffer of no bytes", buffer_of_nothing},
  {"a buffer of nearly 2^64 bytes", buffer_of_everything},
  {"freeing handle 0", freeing_zero},
  {"freeing an unknown handle", freeing_unknown},
  {"freeing twice", freeing_twice},
  {"freeing what is in flight", freeing_in_flight},
  {"a queue without depth", queue_without_depth},
  {"a queue deeper than there are", queue_too_deep},
  {"more queues than there are", queues_too_many},
  {"reaping into no room", reaping_into_nothing},
};
const int fault_count = sizeof faults / sizeof faults[0];
