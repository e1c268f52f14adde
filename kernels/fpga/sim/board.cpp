#include "board.h"

#include <cstring>

#include "Vassay_fpga_top.h"
#include "verilated.h"

namespace assay_sim {

Board::Board() : context_(new VerilatedContext), top_(new Vassay_fpga_top(context_.get(), "top")) { reset(); }

Board::~Board() { top_->final(); }

void Board::reset() {
  before_reset_ = counters();
  top_->rst_ni = 0;
  top_->request_valid_i = 0;
  top_->response_ready_i = 0;
  for (int i = 0; i < 4; i++) {
    top_->clk_i = 0;
    top_->eval();
    top_->clk_i = 1;
    top_->eval();
  }
  top_->rst_ni = 1;
}

Board::Beat Board::clock(const Request *offer) {
  Beat beat;
  top_->clk_i = 0;
  top_->request_valid_i = offer != nullptr;
  if (offer) {
    top_->request_hash_i = offer->hash;
    top_->request_tag_i = offer->tag;
    // Verilator keeps a bus as 32-bit words, lowest first: on a little-endian host, bytes in order.
    std::memcpy(&top_->request_data_i[0], offer->pair, 64);
  }
  top_->response_ready_i = 1;
  top_->eval();  // settles valid and ready before the edge
  beat.accepted = offer && top_->request_ready_o;
  if (top_->response_valid_o) {
    beat.responded = true;
    beat.tag = top_->response_tag_o;
    std::memcpy(beat.digest.data(), &top_->response_data_o[0], 32);
  }
  top_->clk_i = 1;
  top_->eval();
  return beat;
}

Board::Counters Board::counters() const {
  const Counters &before = before_reset_;
  return {before.cycles + top_->cycles_o,
          before.busy_cycles + top_->busy_cycles_o,
          before.stall_in_cycles + top_->stall_in_cycles_o,
          before.stall_out_cycles + top_->stall_out_cycles_o,
          before.beats_in + top_->beats_in_o,
          before.beats_out + top_->beats_out_o};
}

}  // namespace assay_sim
