// Keccak-256 of pairs with one round a cycle, for small devices: 26 cycles a row, one row inside at a time.

module assay_keccak_serial
  import assay_fpga_pkg::*;
  import assay_keccak_pkg::*;
(
  input  logic         clk_i,
  input  logic         rst_ni,

  input  logic         valid_i,
  output logic         ready_o,
  input  logic [511:0] data_i,
  input  tag_t         tag_i,

  output logic         valid_o,
  input  logic         ready_i,
  output response_t    response_o
);

  typedef enum logic [1:0] {
    StIdle,
    StRound,
    StDone
  } state_e;

  state_e     state_q;
  tag_t       tag_q;
  logic [4:0] round_q;
  keccak_t    keccak_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StIdle;
    end else begin
      unique case (state_q)
        StIdle: if (valid_i) state_q <= StRound;
        StRound: if (round_q == 5'd23) state_q <= StDone;
        StDone: if (ready_i) state_q <= StIdle;
        default: state_q <= StIdle;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    unique case (state_q)
      StIdle: begin
        tag_q    <= tag_i;
        round_q  <= '0;
        keccak_q <= absorb_pair(data_i);
      end
      StRound: begin
        round_q  <= round_q + 5'd1;
        keccak_q <= round(keccak_q, RoundConstant[round_q]);
      end
      default: ;
    endcase
  end

  assign ready_o    = state_q == StIdle;
  assign valid_o    = state_q == StDone;
  assign response_o = '{tag: tag_q, digest: keccak_q[3:0]};

endmodule
