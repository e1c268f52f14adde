// What the kernel region and its shell agree on: the operations and the tag that ties a result to its row.

package assay_fpga_pkg;

  // 64 bytes in, 32 bytes out, each. The codes are those of descriptors (plus one: code 0 is none).
  typedef enum logic [1:0] {
    HashSha256Pair   = 2'd0,  // SHA-256(pair)
    HashSha256Node   = 2'd1,  // SHA-256(0x01 | pair), an inner node of RFC 6962
    HashSha256Double = 2'd2,  // SHA-256(SHA-256(pair))
    HashKeccak256    = 2'd3   // Keccak-256(pair)
  } hash_e;

  localparam int unsigned TagWidth = 16;
  typedef logic [TagWidth-1:0] tag_t;

  typedef struct packed {
    tag_t         tag;
    logic [255:0] digest;
  } response_t;

  // The bus carries byte 0 in bits 7:0, as AXI does; SHA-256 is written with byte 0 on top.
  function automatic logic [511:0] reverse_64_bytes(logic [511:0] bus);
    return {<<8{bus}};
  endfunction

  function automatic logic [255:0] reverse_32_bytes(logic [255:0] digest);
    return {<<8{digest}};
  endfunction

endpackage
