// Counts rows inside a pipeline that cannot be stopped: a row enters only while its response has a place to
// wait. Count is the number of places.

module assay_credits #(
  parameter int unsigned Count = 256
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic take_i,  // a row enters; only while available_o
  input  logic give_i,  // a response leaves
  output logic available_o
);

  localparam int unsigned Width = $clog2(Count + 1);

  logic [Width-1:0] left_q, left_d;

  assign left_d = left_q - Width'(take_i) + Width'(give_i);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      left_q      <= Width'(Count);
      available_o <= 1'b0;
    end else begin
      left_q      <= left_d;
      available_o <= left_d != '0;
    end
  end

`ifdef FORMAL
  always_ff @(posedge clk_i) begin
    if (rst_ni) a_in_range: assert (left_q <= Width'(Count));
  end
`endif

endmodule
