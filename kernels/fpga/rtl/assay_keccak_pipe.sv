// Keccak-256 of one pair a cycle: the permutation's 24 rounds, one a stage. Rows enter while there is a
// credit, so nothing inside ever stops; responses keep the order of the rows.

module assay_keccak_pipe
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

  localparam int unsigned Rounds  = 24;
  localparam int unsigned Credits = 32;

  logic            accept;
  logic [Rounds:0] valid_q;
  assign accept = valid_i && ready_o;

  assay_credits #(.Count(Credits)) u_credits (
    .clk_i,
    .rst_ni,
    .take_i     (accept),
    .give_i     (valid_o && ready_i),
    .available_o(ready_o)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[Rounds-1:0], accept};
  end

  for (genvar t = 0; t <= Rounds; t++) begin : gen_stage
    keccak_t state_q;
    if (t == 0) begin : gen_absorb
      always_ff @(posedge clk_i) begin
        if (accept) state_q <= absorb_pair(data_i);
      end
    end else begin : gen_round
      always_ff @(posedge clk_i) begin
        if (valid_q[t-1]) state_q <= round(gen_stage[t-1].state_q, RoundConstant[t-1]);
      end
    end
  end

  logic unused_state;
  assign unused_state = ^gen_stage[Rounds].state_q[24:4];

  tag_t tag;
  logic unused_tag_empty, empty;

  assay_fifo #(
    .Width(TagWidth),
    .Depth(Credits)
  ) u_tag (
    .clk_i,
    .rst_ni,
    .push_i (accept),
    .data_i (tag_i),
    .pop_i  (valid_q[Rounds]),
    .data_o (tag),
    .empty_o(unused_tag_empty)
  );

  response_t result;
  assign result = '{tag: tag, digest: gen_stage[Rounds].state_q[3:0]};

  assay_fifo #(
    .Width($bits(response_t)),
    .Depth(Credits)
  ) u_response (
    .clk_i,
    .rst_ni,
    .push_i (valid_q[Rounds]),
    .data_i (result),
    .pop_i  (valid_o && ready_i),
    .data_o (response_o),
    .empty_o(empty)
  );

  assign valid_o = !empty;

endmodule
