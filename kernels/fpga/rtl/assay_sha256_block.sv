// SHA-256's compression of one block a cycle: 64 rounds, one a stage. It never stalls; 66 cycles from valid_i
// to valid_o. Registers move only where a block is, which saves power, and time in simulation.

module assay_sha256_block
  import assay_sha256_pkg::*;
#(
  parameter bit FromInitialValue = 1'b0  // chain_i is the initial value: it need not be kept
) (
  input  logic    clk_i,
  input  logic    rst_ni,
  input  logic    valid_i,
  input  chain_t  chain_i,
  input  window_t block_i,
  output logic    valid_o,
  output chain_t  chain_o
);

  localparam int unsigned Rounds = 64;

  logic [Rounds:0] valid_q;
  chain_t          chain_in, chain_late;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[Rounds-1:0], valid_i};
  end

  for (genvar t = 0; t <= Rounds; t++) begin : gen_stage
    working_t working_q;
    window_t  window_q;
    if (t == 0) begin : gen_start
      always_ff @(posedge clk_i) begin
        if (valid_i) begin
          working_q <= start(chain_in, RoundConstant[0], block_i[15]);
          window_q  <= block_i;
        end
      end
    end else begin : gen_round
      always_ff @(posedge clk_i) begin
        if (valid_q[t-1]) begin
          working_q <= round(
              gen_stage[t-1].working_q, RoundConstant[t],
              t == Rounds ? '0 : gen_stage[t-1].window_q[14]);
          window_q <= slide(gen_stage[t-1].window_q);
        end
      end
    end
  end

  if (FromInitialValue) begin : gen_initial
    logic unused_chain;
    assign unused_chain = ^chain_i;
    assign chain_in     = InitialValue;
    assign chain_late   = InitialValue;
  end else begin : gen_kept
    logic unused_empty;
    assign chain_in = chain_i;
    assay_fifo #(
      .Width(256),
      .Depth(128)
    ) u_chain (
      .clk_i,
      .rst_ni,
      .push_i (valid_i),
      .data_i (chain_i),
      .pop_i  (valid_q[Rounds]),
      .data_o (chain_late),
      .empty_o(unused_empty)
    );
  end

  logic unused_window;
  assign unused_window = ^gen_stage[Rounds].window_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_o <= 1'b0;
    else valid_o <= valid_q[Rounds];
  end

  always_ff @(posedge clk_i) begin
    if (valid_q[Rounds]) chain_o <= finish(chain_late, gen_stage[Rounds].working_q);
  end

endmodule
