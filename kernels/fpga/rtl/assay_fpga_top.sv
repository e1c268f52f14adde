// The kernel region as a shell sees it: rows go in on a 512-bit stream, digests come out on a 256-bit stream,
// tied together by tags, and counters say what limits the rate. Moving rows between memory and these streams
// is the shell's work; in the simulated device it is C++ (kernels/fpga/sim).

module assay_fpga_top
  import assay_fpga_pkg::*;
#(
  parameter bit Pipelined = 1'b1  // one row a cycle; 0: one round a cycle, for small devices
) (
  input  logic                clk_i,
  input  logic                rst_ni,

  input  logic                request_valid_i,
  output logic                request_ready_o,
  input  logic [1:0]          request_hash_i,  // hash_e
  input  logic [511:0]        request_data_i,
  input  logic [TagWidth-1:0] request_tag_i,

  output logic                response_valid_o,
  input  logic                response_ready_i,
  output logic [255:0]        response_data_o,
  output logic [TagWidth-1:0] response_tag_o,

  output logic [63:0]         cycles_o,
  output logic [63:0]         busy_cycles_o,       // with a row inside
  output logic [63:0]         stall_in_cycles_o,   // ready, but no row was offered
  output logic [63:0]         stall_out_cycles_o,  // a result was not taken
  output logic [63:0]         beats_in_o,
  output logic [63:0]         beats_out_o
);

  hash_e     hash;
  logic      is_keccak;
  logic      sha256_in_ready, sha256_out_valid, sha256_out_ready;
  logic      keccak_in_ready, keccak_out_valid, keccak_out_ready;
  response_t sha256_response, keccak_response, response;

  assign hash            = hash_e'(request_hash_i);
  assign is_keccak       = hash == HashKeccak256;
  assign request_ready_o = is_keccak ? keccak_in_ready : sha256_in_ready;

  if (Pipelined) begin : gen_pipe
    assay_sha256_pipe u_sha256 (
      .clk_i,
      .rst_ni,
      .valid_i   (request_valid_i && !is_keccak),
      .ready_o   (sha256_in_ready),
      .hash_i    (hash),
      .data_i    (request_data_i),
      .tag_i     (request_tag_i),
      .valid_o   (sha256_out_valid),
      .ready_i   (sha256_out_ready),
      .response_o(sha256_response)
    );
    assay_keccak_pipe u_keccak (
      .clk_i,
      .rst_ni,
      .valid_i   (request_valid_i && is_keccak),
      .ready_o   (keccak_in_ready),
      .data_i    (request_data_i),
      .tag_i     (request_tag_i),
      .valid_o   (keccak_out_valid),
      .ready_i   (keccak_out_ready),
      .response_o(keccak_response)
    );
  end else begin : gen_serial
    assay_sha256_serial u_sha256 (
      .clk_i,
      .rst_ni,
      .valid_i   (request_valid_i && !is_keccak),
      .ready_o   (sha256_in_ready),
      .hash_i    (hash),
      .data_i    (request_data_i),
      .tag_i     (request_tag_i),
      .valid_o   (sha256_out_valid),
      .ready_i   (sha256_out_ready),
      .response_o(sha256_response)
    );
    assay_keccak_serial u_keccak (
      .clk_i,
      .rst_ni,
      .valid_i   (request_valid_i && is_keccak),
      .ready_o   (keccak_in_ready),
      .data_i    (request_data_i),
      .tag_i     (request_tag_i),
      .valid_o   (keccak_out_valid),
      .ready_i   (keccak_out_ready),
      .response_o(keccak_response)
    );
  end

  assay_merge u_merge (
    .clk_i,
    .rst_ni,
    .a_valid_i (sha256_out_valid),
    .a_ready_o (sha256_out_ready),
    .a_i       (sha256_response),
    .b_valid_i (keccak_out_valid),
    .b_ready_o (keccak_out_ready),
    .b_i       (keccak_response),
    .valid_o   (response_valid_o),
    .ready_i   (response_ready_i),
    .response_o(response)
  );

  assign response_data_o = response.digest;
  assign response_tag_o  = response.tag;

  // Counters.
  logic in_beat, out_beat;
  assign in_beat  = request_valid_i && request_ready_o;
  assign out_beat = response_valid_o && response_ready_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      cycles_o           <= '0;
      busy_cycles_o      <= '0;
      stall_in_cycles_o  <= '0;
      stall_out_cycles_o <= '0;
      beats_in_o         <= '0;
      beats_out_o        <= '0;
    end else begin
      cycles_o           <= cycles_o + 64'd1;
      busy_cycles_o      <= busy_cycles_o + 64'(beats_in_o != beats_out_o);
      stall_in_cycles_o  <= stall_in_cycles_o + 64'(request_ready_o && !request_valid_i);
      stall_out_cycles_o <= stall_out_cycles_o + 64'(response_valid_o && !response_ready_i);
      beats_in_o         <= beats_in_o + 64'(in_beat);
      beats_out_o        <= beats_out_o + 64'(out_beat);
    end
  end

endmodule
