// A queue of descriptors and the engine that moves rows between memory and the RTL. On a board this engine is part of the
// shell (descriptor fetch, read stream, write stream); here it is C++.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "assay_fpga.h"
#include "board.h"
#include "fault.h"
#include "memory.h"

namespace assay_sim {

/// What telemetry reads, published while the clock runs so that reading takes no lock of the queue.
struct Gauges {
  std::atomic<uint64_t> cycles, busy_cycles, stall_in_cycles, stall_out_cycles, beats_in, beats_out;
  std::atomic<uint64_t> rows_done, descriptors_done, descriptors_failed;
  std::atomic<uint32_t> resets;
};

class Queue {
 public:
  Queue(Board &board, Memory &memory, Gauges &gauges, const assay_fpga_queue_config &config);

  assay_fpga_status submit(const assay_fpga_descriptor *descriptors, uint32_t count, uint32_t *accepted);
  assay_fpga_status reap(assay_fpga_completion *completions, uint32_t capacity, uint64_t timeout_ns, uint32_t *count);
  assay_fpga_status abort(uint32_t *generation);
  void arm(const Fault &fault);

 private:
  struct Job {
    assay_fpga_descriptor descriptor;
    std::shared_ptr<Buffer> input, output;
    uint8_t hash;
    uint32_t generation;
    uint32_t issued = 0, done = 0;
    uint64_t start_cycle = 0;
  };
  using Jobs = std::list<Job>;
  /// The row that a tag stands for while it is inside the RTL.
  struct Flight {
    Jobs::iterator job;
    uint32_t row;
  };

  assay_fpga_status admit(const assay_fpga_descriptor &descriptor);
  bool step();
  void land(const Board::Beat &beat);
  void complete(Jobs::iterator job);
  void publish();
  void free_every_tag();

  Board &board_;
  Memory &memory_;
  Gauges &gauges_;
  const uint32_t depth_;
  const uint64_t watchdog_ns_;
  std::atomic<uint32_t> occupied_{0};  // accepted and not yet reaped
  std::atomic<uint32_t> generation_{1};
  std::atomic<uint32_t> aborting_{0};

  std::mutex incoming_mutex_;  // held for moments only: submit never waits for the clock
  Jobs incoming_;
  Fault armed_;
  bool has_armed_ = false;

  std::mutex engine_mutex_;  // held while the clock runs
  Jobs jobs_;
  std::deque<assay_fpga_completion> completed_;
  std::vector<Flight> flights_;
  std::vector<uint16_t> free_tags_;
  Fault fault_;
  bool link_reported_ = false;
};

}  // namespace assay_sim
