#include "queue.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

#include "operations.h"

namespace assay_sim {

namespace {

using Clock = std::chrono::steady_clock;

uint64_t nanoseconds_since(Clock::time_point start) {
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count());
}

bool fits(uint64_t offset, uint64_t stride, uint64_t count, uint64_t size) {
  return offset % buffer_alignment == 0 && offset <= size && stride * count <= size - offset;
}

}  // namespace

Queue::Queue(Board &board, Memory &memory, Gauges &gauges, const assay_fpga_queue_config &config)
    : board_(board),
      memory_(memory),
      gauges_(gauges),
      depth_(config.depth),
      watchdog_ns_(config.watchdog_ns),
      flights_(tag_count) {
  free_every_tag();
}

void Queue::free_every_tag() {
  free_tags_.clear();
  for (uint32_t tag = tag_count; tag > 0; tag--) free_tags_.push_back(static_cast<uint16_t>(tag - 1));
}

// submit

assay_fpga_status Queue::submit(const assay_fpga_descriptor *descriptors, uint32_t count, uint32_t *accepted) {
  *accepted = 0;
  std::lock_guard lock(incoming_mutex_);
  for (; *accepted < count; ++*accepted) {
    if (occupied_ >= depth_) return *accepted ? ASSAY_FPGA_OK : ASSAY_FPGA_E_FULL;
    const assay_fpga_status status = admit(descriptors[*accepted]);
    if (status != ASSAY_FPGA_OK) return status;
    occupied_++;
  }
  return ASSAY_FPGA_OK;
}

assay_fpga_status Queue::admit(const assay_fpga_descriptor &descriptor) {
  const uint32_t index = descriptor.operation - 1;
  if (index >= operation_count) return ASSAY_FPGA_E_UNSUPPORTED;
  const auto input = memory_.find(descriptor.input_handle);
  const auto output = memory_.find(descriptor.output_handle);
  if (descriptor.reserved[0] != 0 || descriptor.reserved[1] != 0) return ASSAY_FPGA_E_INVALID;
  if (descriptor.count == 0 || descriptor.count > max_rows || !input || !output ||
      !fits(descriptor.input_offset, input_stride, descriptor.count, input->size) ||
      !fits(descriptor.output_offset, output_stride, descriptor.count, output->size)) {
    return ASSAY_FPGA_E_INVALID;
  }
  incoming_.push_back(Job{descriptor, input, output, operations[index].hash, generation_});
  return ASSAY_FPGA_OK;
}

void Queue::arm(const Fault &fault) {
  std::lock_guard lock(incoming_mutex_);
  armed_ = fault;
  has_armed_ = true;
}

// reap

assay_fpga_status Queue::reap(assay_fpga_completion *completions, uint32_t capacity, uint64_t timeout_ns,
                              uint32_t *count) {
  constexpr uint32_t cycles_between_looks = 64;
  *count = 0;
  std::lock_guard engine(engine_mutex_);
  const auto start = Clock::now();
  auto last_beat = start;
  assay_fpga_status status = ASSAY_FPGA_OK;
  while (completed_.empty()) {
    {
      std::lock_guard incoming(incoming_mutex_);
      jobs_.splice(jobs_.end(), incoming_);
      if (has_armed_) {
        fault_ = armed_;
        link_reported_ = false;
        has_armed_ = false;
      }
    }
    bool moved = false;
    const bool dead = fault_.hangs() || fault_.link_is_down() || jobs_.empty();
    if (fault_.link_is_down()) {
      if (link_reported_) {
        status = ASSAY_FPGA_E_LINK;
        break;
      }
      assay_fpga_completion ones;
      std::memset(&ones, 0xFF, sizeof ones);
      completed_.push_back(ones);
      link_reported_ = true;
    } else if (dead) {
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    } else {
      for (uint32_t i = 0; i < cycles_between_looks && completed_.empty() && !fault_.hangs(); i++) moved |= step();
    }
    if (aborting_) {
      status = ASSAY_FPGA_E_ABORTED;
      break;
    }
    if (moved || jobs_.empty()) last_beat = Clock::now();
    if (completed_.empty() && watchdog_ns_ && nanoseconds_since(last_beat) >= watchdog_ns_) {
      status = ASSAY_FPGA_E_HUNG;
      break;
    }
    if (completed_.empty() && nanoseconds_since(start) >= timeout_ns) {
      status = ASSAY_FPGA_E_TIMEOUT;
      break;
    }
  }
  publish();
  if (status != ASSAY_FPGA_OK) return status;
  for (; *count < capacity && !completed_.empty(); completed_.pop_front()) completions[(*count)++] = completed_.front();
  return ASSAY_FPGA_OK;
}

// One clock; true when a beat moved.
bool Queue::step() {
  const auto job = std::find_if(jobs_.begin(), jobs_.end(), [](const Job &j) { return j.issued < j.descriptor.count; });
  Board::Request request{};
  const Board::Request *offer = nullptr;
  if (job != jobs_.end() && !free_tags_.empty()) {
    const uint64_t offset = job->descriptor.input_offset + uint64_t{input_stride} * job->issued;
    request = {job->hash, free_tags_.back(), job->input->bytes.get() + offset};
    offer = &request;
  }
  const Board::Beat beat = board_.clock(offer);
  if (beat.accepted) {
    free_tags_.pop_back();
    flights_[request.tag] = {job, job->issued};
    if (job->issued++ == 0) job->start_cycle = board_.counters().cycles;
  }
  if (beat.responded) land(beat);
  return beat.accepted || beat.responded;
}

// A result comes out: into memory, unless a fault says otherwise.
void Queue::land(const Board::Beat &beat) {
  const Flight flight = flights_[beat.tag];
  free_tags_.push_back(beat.tag);
  Job &job = *flight.job;
  auto digest = beat.digest;
  if (fault_.is(ASSAY_FPGA_FAULT_FLIP) && fault_.results == fault_.argument / 256) {
    digest[fault_.argument % 256 / 8] ^= static_cast<uint8_t>(1u << fault_.argument % 8);
    fault_.kind = ASSAY_FPGA_FAULT_NONE;
  }
  fault_.results++;
  const bool swallowed = fault_.is(ASSAY_FPGA_FAULT_SHORT) && flight.row + fault_.argument >= job.descriptor.count;
  if (!swallowed) {
    const uint64_t offset = job.descriptor.output_offset + uint64_t{output_stride} * flight.row;
    std::memcpy(job.output->bytes.get() + offset, digest.data(), output_stride);
  }
  gauges_.rows_done++;
  if (++job.done == job.descriptor.count) complete(flight.job);
}

void Queue::complete(Jobs::iterator job) {
  assay_fpga_completion completion{};
  completion.cookie = job->descriptor.cookie;
  completion.count = job->done;
  completion.generation = job->generation;
  completion.start_cycle = job->start_cycle;
  completion.end_cycle = board_.counters().cycles;
  jobs_.erase(job);
  occupied_--;
  gauges_.descriptors_done++;

  const uint32_t fault = fault_.is(fault_.kind) ? fault_.kind : ASSAY_FPGA_FAULT_NONE;
  const bool strikes = fault == ASSAY_FPGA_FAULT_DROP || fault == ASSAY_FPGA_FAULT_DUPLICATE ||
                       fault == ASSAY_FPGA_FAULT_STALE || fault == ASSAY_FPGA_FAULT_DATA ||
                       fault == ASSAY_FPGA_FAULT_SHORT;
  if (strikes) fault_.kind = ASSAY_FPGA_FAULT_NONE;
  if (fault == ASSAY_FPGA_FAULT_DROP) return;
  if (fault == ASSAY_FPGA_FAULT_STALE) completion.generation--;
  if (fault == ASSAY_FPGA_FAULT_DATA) {
    completion.status = ASSAY_FPGA_E_DATA;
    gauges_.descriptors_failed++;
  }
  completed_.push_back(completion);
  if (fault == ASSAY_FPGA_FAULT_DUPLICATE) completed_.push_back(completion);
}

void Queue::publish() {
  const Board::Counters counters = board_.counters();
  gauges_.cycles = counters.cycles;
  gauges_.busy_cycles = counters.busy_cycles;
  gauges_.stall_in_cycles = counters.stall_in_cycles;
  gauges_.stall_out_cycles = counters.stall_out_cycles;
  gauges_.beats_in = counters.beats_in;
  gauges_.beats_out = counters.beats_out;
}

// abort

assay_fpga_status Queue::abort(uint32_t *generation) {
  aborting_++;
  std::lock_guard engine(engine_mutex_);
  aborting_--;
  std::lock_guard incoming(incoming_mutex_);
  if (has_armed_ ? armed_.is(ASSAY_FPGA_FAULT_LINK_DOWN) : fault_.link_is_down()) return ASSAY_FPGA_E_LOST;
  incoming_.clear();
  jobs_.clear();
  completed_.clear();
  free_every_tag();
  board_.reset();
  occupied_ = 0;
  gauges_.resets++;
  *generation = ++generation_;
  return ASSAY_FPGA_OK;
}

}  // namespace assay_sim
