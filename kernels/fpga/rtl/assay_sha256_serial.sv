// SHA-256 of pairs, of RFC 6962 nodes and of pairs twice with one round a cycle, for small devices:
// a row every 132 cycles for a single hash, 197 for a double one. One row is inside at a time.

module assay_sha256_serial
  import assay_fpga_pkg::*;
  import assay_sha256_pkg::*;
(
  input  logic         clk_i,
  input  logic         rst_ni,

  input  logic         valid_i,
  output logic         ready_o,
  input  hash_e        hash_i,  // any but HashKeccak256
  input  logic [511:0] data_i,
  input  tag_t         tag_i,

  output logic         valid_o,
  input  logic         ready_i,
  output response_t    response_o
);

  typedef enum logic [1:0] {
    StIdle,
    StRound,
    StFinish,
    StDone
  } state_e;

  state_e     state_q;
  hash_e      hash_q;
  tag_t       tag_q;
  logic [7:0] last_q;      // the pair's last byte
  logic [1:0] block_q;     // which block is inside
  logic [6:0] round_q;     // the round that comes next is round_q - 1
  working_t   working_q;
  window_t    window_q;
  chain_t     chain_q;

  logic [511:0] message;
  window_t      first_block, next_block;
  chain_t       sum, next_chain;
  logic         is_last;

  assign message     = reverse_64_bytes(data_i);
  assign first_block = hash_i == HashSha256Node ? {8'h01, message[511:8]} : message;

  assign sum     = finish(chain_q, working_q);
  assign is_last = block_q == (hash_q == HashSha256Double ? 2'd2 : 2'd1);

  always_comb begin
    next_chain = sum;
    next_block = hash_q == HashSha256Node ? {last_q, PaddingAfter65} : PaddingAfter64;
    if (block_q == 2'd1) begin
      next_chain = InitialValue;
      next_block = {sum, PaddingAfter32};
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StIdle;
    end else begin
      unique case (state_q)
        StIdle: if (valid_i) state_q <= StRound;
        StRound: if (round_q == 7'd64) state_q <= StFinish;
        StFinish: state_q <= is_last ? StDone : StRound;
        StDone: if (ready_i) state_q <= StIdle;
        default: state_q <= StIdle;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    unique case (state_q)
      StIdle: begin
        hash_q    <= hash_i;
        tag_q     <= tag_i;
        last_q    <= message[7:0];
        block_q   <= 2'd0;
        round_q   <= 7'd1;
        chain_q   <= InitialValue;
        window_q  <= first_block;
        working_q <= start(InitialValue, RoundConstant[0], first_block[15]);
      end
      StRound: begin
        round_q   <= round_q + 7'd1;
        window_q  <= slide(window_q);
        working_q <= round(working_q, RoundConstant[round_q], round_q[6] ? '0 : window_q[14]);
      end
      StFinish: begin
        block_q   <= block_q + 2'd1;
        round_q   <= 7'd1;
        chain_q   <= is_last ? sum : next_chain;
        window_q  <= next_block;
        working_q <= start(next_chain, RoundConstant[0], next_block[15]);
      end
      default: ;
    endcase
  end

  assign ready_o    = state_q == StIdle;
  assign valid_o    = state_q == StDone;
  assign response_o = '{tag: tag_q, digest: reverse_32_bytes(chain_q)};

endmodule
