// Keccak-f[1600] (FIPS 202, section 3) and the padding of Keccak-256 as Ethereum uses it: 0x01, not the
// 0x06 of SHA-3.

package assay_keccak_pkg;

  typedef logic [63:0] lane_t;
  typedef logic [24:0][63:0] keccak_t;  // lane (x, y) is element x + 5 y; byte 0 of it is bits 7:0

  localparam lane_t RoundConstant[24] = '{
    64'h0000000000000001, 64'h0000000000008082, 64'h800000000000808a, 64'h8000000080008000,
    64'h000000000000808b, 64'h0000000080000001, 64'h8000000080008081, 64'h8000000000008009,
    64'h000000000000008a, 64'h0000000000000088, 64'h0000000080008009, 64'h000000008000000a,
    64'h000000008000808b, 64'h800000000000008b, 64'h8000000000008089, 64'h8000000000008003,
    64'h8000000000008002, 64'h8000000000000080, 64'h000000000000800a, 64'h800000008000000a,
    64'h8000000080008081, 64'h8000000000008080, 64'h0000000080000001, 64'h8000000080008008
  };

  // Rotation of lane x + 5 y (FIPS 202, table 2, modulo 64).
  localparam int unsigned Rotation[25] = '{
    0, 1, 62, 28, 27,
    36, 44, 6, 55, 20,
    3, 10, 43, 25, 39,
    41, 45, 15, 21, 8,
    18, 2, 61, 56, 14
  };

  // The state that absorbs a 64-byte message; rate 136 bytes, so byte 64 is 0x01 and byte 135 is 0x80.
  function automatic keccak_t absorb_pair(logic [511:0] pair);
    return {512'b0, 8'h80, 560'b0, 8'h01, pair};
  endfunction

  function automatic lane_t rotate(lane_t v, int unsigned n);
    return n == 0 ? v : (v << n) | (v >> (64 - n));
  endfunction

  function automatic keccak_t round(keccak_t s, lane_t rc);
    lane_t   c[5];
    keccak_t b;
    keccak_t n;
    for (int x = 0; x < 5; x++) c[x] = s[x] ^ s[x + 5] ^ s[x + 10] ^ s[x + 15] ^ s[x + 20];
    for (int y = 0; y < 5; y++) begin
      for (int x = 0; x < 5; x++) begin
        b[y + 5 * ((2 * x + 3 * y) % 5)] =
            rotate(s[x + 5 * y] ^ c[(x + 4) % 5] ^ rotate(c[(x + 1) % 5], 1), Rotation[x + 5 * y]);
      end
    end
    for (int y = 0; y < 5; y++) begin
      for (int x = 0; x < 5; x++) begin
        n[x + 5 * y] = b[x + 5 * y] ^ (~b[(x + 1) % 5 + 5 * y] & b[(x + 2) % 5 + 5 * y]);
      end
    end
    n[0] ^= rc;
    return n;
  endfunction

endpackage
