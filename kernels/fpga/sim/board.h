// The RTL of kernels/fpga/rtl, compiled by Verilator, one clock at a time.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

class Vassay_fpga_top;
class VerilatedContext;

namespace assay_sim {

/// Rows that may be inside the RTL at once: a tag each. More than the pipelines hold.
constexpr uint32_t tag_count = 1024;

class Board {
 public:
  struct Request {
    uint8_t hash;         ///< hash_e of assay_fpga_pkg.sv
    uint16_t tag;         ///< below tag_count
    const uint8_t *pair;  ///< 64 bytes
  };
  /// What one clock moved.
  struct Beat {
    bool accepted = false;
    bool responded = false;
    uint16_t tag = 0;
    std::array<uint8_t, 32> digest{};
  };
  struct Counters {
    uint64_t cycles, busy_cycles, stall_in_cycles, stall_out_cycles, beats_in, beats_out;
  };

  Board();
  ~Board();

  void reset();
  /// One clock with `offer` on the request stream (null: none), taking a response if there is one.
  Beat clock(const Request *offer);
  /// Since the construction, through resets.
  Counters counters() const;

 private:
  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Vassay_fpga_top> top_;
  Counters before_reset_{};
};

}  // namespace assay_sim
