// Two response streams become one. When both wait, they take turns.

module assay_merge
  import assay_fpga_pkg::*;
(
  input  logic      clk_i,
  input  logic      rst_ni,

  input  logic      a_valid_i,
  output logic      a_ready_o,
  input  response_t a_i,

  input  logic      b_valid_i,
  output logic      b_ready_o,
  input  response_t b_i,

  output logic      valid_o,
  input  logic      ready_i,
  output response_t response_o
);

  logic prefer_b_q;
  logic take_b;

  assign take_b     = b_valid_i && (prefer_b_q || !a_valid_i);
  assign valid_o    = a_valid_i || b_valid_i;
  assign response_o = take_b ? b_i : a_i;
  assign a_ready_o  = ready_i && !take_b;
  assign b_ready_o  = ready_i && take_b;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) prefer_b_q <= 1'b0;
    else if (valid_o && ready_i) prefer_b_q <= !take_b;
  end

endmodule
