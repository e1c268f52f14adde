// What the parts of assay-board-check share: a plugin that was loaded, one of its boards opened, and the tables of what is tried.
#ifndef BOARD_CHECK_H
#define BOARD_CHECK_H

#include "assay_fpga.h"

enum { SECOND = 1000000000, ROWS = 64 };

/// The board that is tried, with a queue and memory for `DESCRIPTORS` descriptors of its first operation.
typedef struct board {
  const char *path, *options;
  uint32_t index;
  const assay_fpga_plugin *plugin;
  assay_fpga_device_info info;
  assay_fpga_operation_info operation;
  assay_fpga_device *device;
  assay_fpga_queue *queue;
  assay_fpga_buffer input, output;
  uint32_t rows;         ///< rows of a descriptor, at most ROWS
  uint64_t input_step;   ///< bytes from one descriptor's input to the next
  uint64_t output_step;
  uint32_t depth;        ///< descriptors in flight, at most 8
} board;

/// Something that is tried: a rule of the header, or a call that a plugin must refuse. Null when it holds, else what is wrong, in words.
typedef struct trial {
  const char *sentence;
  const char *(*holds)(board *tried);
} trial;

extern const trial rules[], faults[];
extern const int rule_count, fault_count;

/// Words made as printf does, in a buffer of their own.
const char *words(const char *format, ...) __attribute__((format(printf, 1, 2)));

/// Answers with words where a condition does not hold.
#define EXPECT(condition, ...) \
  do {                         \
    if (!(condition)) return words(__VA_ARGS__); \
  } while (0)

/// Loads the plugin; null when that worked.
const char *load(board *tried);
/// Opens the board and gives it a queue and memory with rows in it; null when that worked.
const char *open_board(board *tried);

/// A descriptor of place `place` of the memory, with that cookie.
assay_fpga_descriptor describe(const board *tried, uint32_t place, uint64_t cookie);
/// Submits one descriptor: its status, or FULL when it was not taken.
assay_fpga_status submit(board *tried, const assay_fpga_descriptor *descriptor);
/// Waits up to 20 s for one completion.
assay_fpga_status reap(board *tried, assay_fpga_completion *completion);

/// Fills `rows` rows of input of the operation: seeds where it has some, most of them with a byte changed, else random bytes.
void fill(const assay_fpga_operation_info *operation, uint8_t *input, uint32_t rows, uint64_t seed);
/// What differs between `output` and what the portable kernel makes of `input`; null when nothing does.
const char *difference(const assay_fpga_operation_info *operation, const uint8_t *input, const uint8_t *output, uint32_t rows);
/// Why this build could not use the operation; null when it could.
const char *mismatch(const assay_fpga_operation_info *operation);

#endif
