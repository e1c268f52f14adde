// SHA-256 of pairs, of RFC 6962 nodes and of pairs twice, one row a cycle in any mixture. Every message takes
// two blocks; a double hash takes a third. Rows enter while there is a credit, so nothing inside ever stops.
// Responses come out of order between single and double hashes: the tag says which row it is.

module assay_sha256_pipe
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

  // More than the 198 cycles of a double hash, so that credits do not limit the rate.
  localparam int unsigned Credits = 256;

  typedef struct packed {
    hash_e      hash;
    logic [7:0] last;  // the pair's last byte, which a node's second block begins with
    tag_t       tag;
  } side_t;

  logic accept, respond;
  assign accept  = valid_i && ready_o;
  assign respond = valid_o && ready_i;

  assay_credits #(.Count(Credits)) u_credits (
    .clk_i,
    .rst_ni,
    .take_i     (accept),
    .give_i     (respond),
    .available_o(ready_o)
  );

  // First block.
  logic [511:0] message;
  window_t      first_block;
  logic         first_valid;
  chain_t       first_chain;
  assign message     = reverse_64_bytes(data_i);
  assign first_block = hash_i == HashSha256Node ? {8'h01, message[511:8]} : message;

  assay_sha256_block #(.FromInitialValue(1'b1)) u_first (
    .clk_i,
    .rst_ni,
    .valid_i(accept),
    .chain_i('0),
    .block_i(first_block),
    .valid_o(first_valid),
    .chain_o(first_chain)
  );

  side_t side_in, side_second;
  logic  unused_side_empty;
  assign side_in = '{hash: hash_i, last: message[7:0], tag: tag_i};

  assay_fifo #(
    .Width($bits(side_t)),
    .Depth(128)
  ) u_side_first (
    .clk_i,
    .rst_ni,
    .push_i (accept),
    .data_i (side_in),
    .pop_i  (first_valid),
    .data_o (side_second),
    .empty_o(unused_side_empty)
  );

  // Second block: padding, and the last byte of a node.
  window_t second_block;
  logic    second_valid;
  chain_t  second_chain;
  assign second_block =
      side_second.hash == HashSha256Node ? {side_second.last, PaddingAfter65} : PaddingAfter64;

  assay_sha256_block u_second (
    .clk_i,
    .rst_ni,
    .valid_i(first_valid),
    .chain_i(first_chain),
    .block_i(second_block),
    .valid_o(second_valid),
    .chain_o(second_chain)
  );

  logic second_is_double, double_enter;
  tag_t second_tag;
  logic unused_second_empty;
  assign double_enter = second_valid && second_is_double;

  assay_fifo #(
    .Width(1 + TagWidth),
    .Depth(128)
  ) u_side_second (
    .clk_i,
    .rst_ni,
    .push_i (first_valid),
    .data_i ({side_second.hash == HashSha256Double, side_second.tag}),
    .pop_i  (second_valid),
    .data_o ({second_is_double, second_tag}),
    .empty_o(unused_second_empty)
  );

  // Third block, of double hashes only.
  logic   third_valid;
  chain_t third_chain;
  tag_t   third_tag;
  logic   unused_third_empty;

  assay_sha256_block #(.FromInitialValue(1'b1)) u_third (
    .clk_i,
    .rst_ni,
    .valid_i(double_enter),
    .chain_i('0),
    .block_i({second_chain, PaddingAfter32}),
    .valid_o(third_valid),
    .chain_o(third_chain)
  );

  assay_fifo #(
    .Width(TagWidth),
    .Depth(128)
  ) u_side_third (
    .clk_i,
    .rst_ni,
    .push_i (double_enter),
    .data_i (second_tag),
    .pop_i  (third_valid),
    .data_o (third_tag),
    .empty_o(unused_third_empty)
  );

  // Responses wait here; together they never hold more than the credits.
  response_t single_in, single_out, double_in, double_out;
  logic      single_empty, single_ready, double_empty, double_ready;
  assign single_in = '{tag: second_tag, digest: reverse_32_bytes(second_chain)};
  assign double_in = '{tag: third_tag, digest: reverse_32_bytes(third_chain)};

  assay_fifo #(
    .Width($bits(response_t)),
    .Depth(Credits)
  ) u_single (
    .clk_i,
    .rst_ni,
    .push_i (second_valid && !second_is_double),
    .data_i (single_in),
    .pop_i  (!single_empty && single_ready),
    .data_o (single_out),
    .empty_o(single_empty)
  );

  assay_fifo #(
    .Width($bits(response_t)),
    .Depth(Credits)
  ) u_double (
    .clk_i,
    .rst_ni,
    .push_i (third_valid),
    .data_i (double_in),
    .pop_i  (!double_empty && double_ready),
    .data_o (double_out),
    .empty_o(double_empty)
  );

  assay_merge u_merge (
    .clk_i,
    .rst_ni,
    .a_valid_i(!single_empty),
    .a_ready_o(single_ready),
    .a_i      (single_out),
    .b_valid_i(!double_empty),
    .b_ready_o(double_ready),
    .b_i      (double_out),
    .valid_o,
    .ready_i,
    .response_o
  );

endmodule
