// First in, first out, Depth entries (a power of two). The oldest entry shows on data_o while empty_o is low.
// There is no full flag: whoever pushes holds a credit for every entry.

module assay_fifo #(
  parameter int unsigned Width = 32,
  parameter int unsigned Depth = 64
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             push_i,
  input  logic [Width-1:0] data_i,
  input  logic             pop_i,
  output logic [Width-1:0] data_o,
  output logic             empty_o
);

  localparam int unsigned PointerWidth = $clog2(Depth);

  // One bit more than an address, so that full and empty differ.
  logic [PointerWidth:0] write_q, read_q;
  logic [Width-1:0]      memory_q[Depth];

  assign empty_o = write_q == read_q;
  assign data_o  = memory_q[read_q[PointerWidth-1:0]];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_q <= '0;
      read_q  <= '0;
    end else begin
      if (push_i) write_q <= write_q + 1'b1;
      if (pop_i) read_q <= read_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (push_i) memory_q[write_q[PointerWidth-1:0]] <= data_i;
  end

`ifdef FORMAL
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      a_never_empty_pop: assert (!(pop_i && empty_o));
      a_never_overfull: assert ((PointerWidth + 1)'(write_q - read_q) <= Depth);
    end
  end
`endif

endmodule
