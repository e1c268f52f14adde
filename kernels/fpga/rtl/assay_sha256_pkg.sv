// SHA-256 (FIPS 180-4): constants, the round and the message schedule.
//
// The round is arranged for speed: instead of h a stage holds hkw = h + K[t] + W[t], added one round
// ahead, so that the longest path is hkw + Sigma1(e) + Ch(e, f, g) + Sigma0(a) + Maj(a, b, c).

package assay_sha256_pkg;

  typedef logic [31:0] word_t;
  typedef logic [7:0][31:0] chain_t;    // H[i] is element 7 - i: the digest reads from the top byte
  typedef logic [15:0][31:0] window_t;  // W[t + i] is element 15 - i

  typedef struct packed {
    word_t a, b, c, d, e, f, g, hkw;
  } working_t;

  localparam chain_t InitialValue = {
    32'h6a09e667, 32'hbb67ae85, 32'h3c6ef372, 32'ha54ff53a,
    32'h510e527f, 32'h9b05688c, 32'h1f83d9ab, 32'h5be0cd19
  };

  // K[64] = 0 lets the last round leave h itself in hkw.
  localparam word_t RoundConstant[65] = '{
    32'h428a2f98, 32'h71374491, 32'hb5c0fbcf, 32'he9b5dba5, 32'h3956c25b, 32'h59f111f1,
    32'h923f82a4, 32'hab1c5ed5, 32'hd807aa98, 32'h12835b01, 32'h243185be, 32'h550c7dc3,
    32'h72be5d74, 32'h80deb1fe, 32'h9bdc06a7, 32'hc19bf174, 32'he49b69c1, 32'hefbe4786,
    32'h0fc19dc6, 32'h240ca1cc, 32'h2de92c6f, 32'h4a7484aa, 32'h5cb0a9dc, 32'h76f988da,
    32'h983e5152, 32'ha831c66d, 32'hb00327c8, 32'hbf597fc7, 32'hc6e00bf3, 32'hd5a79147,
    32'h06ca6351, 32'h14292967, 32'h27b70a85, 32'h2e1b2138, 32'h4d2c6dfc, 32'h53380d13,
    32'h650a7354, 32'h766a0abb, 32'h81c2c92e, 32'h92722c85, 32'ha2bfe8a1, 32'ha81a664b,
    32'hc24b8b70, 32'hc76c51a3, 32'hd192e819, 32'hd6990624, 32'hf40e3585, 32'h106aa070,
    32'h19a4c116, 32'h1e376c08, 32'h2748774c, 32'h34b0bcb5, 32'h391c0cb3, 32'h4ed8aa4a,
    32'h5b9cca4f, 32'h682e6ff3, 32'h748f82ee, 32'h78a5636f, 32'h84c87814, 32'h8cc70208,
    32'h90befffa, 32'ha4506ceb, 32'hbef9a3f7, 32'hc67178f2, 32'h00000000
  };

  // The block that ends a 64-byte message, and the ends of a 32-byte and of a 65-byte one.
  localparam logic [511:0] PaddingAfter64 = {8'h80, 440'b0, 64'd512};
  localparam logic [255:0] PaddingAfter32 = {8'h80, 184'b0, 64'd256};
  localparam logic [503:0] PaddingAfter65 = {8'h80, 432'b0, 64'd520};

  function automatic word_t big_sigma0(word_t x);
    return {x[1:0], x[31:2]} ^ {x[12:0], x[31:13]} ^ {x[21:0], x[31:22]};
  endfunction

  function automatic word_t big_sigma1(word_t x);
    return {x[5:0], x[31:6]} ^ {x[10:0], x[31:11]} ^ {x[24:0], x[31:25]};
  endfunction

  function automatic word_t small_sigma0(word_t x);
    return {x[6:0], x[31:7]} ^ {x[17:0], x[31:18]} ^ {3'b0, x[31:3]};
  endfunction

  function automatic word_t small_sigma1(word_t x);
    return {x[16:0], x[31:17]} ^ {x[18:0], x[31:19]} ^ {10'b0, x[31:10]};
  endfunction

  function automatic word_t choose(word_t x, word_t y, word_t z);
    return z ^ (x & (y ^ z));
  endfunction

  function automatic word_t majority(word_t x, word_t y, word_t z);
    return (x & y) | (z & (x | y));
  endfunction

  // The state before round 0; k and w are K[0] and W[0].
  function automatic working_t start(chain_t h, word_t k, word_t w);
    return {h[7:1], h[0] + k + w};
  endfunction

  // Round t; next_k and next_w are K[t + 1] and W[t + 1], both zero in round 63.
  function automatic working_t round(working_t s, word_t next_k, word_t next_w);
    word_t t1;
    t1 = s.hkw + big_sigma1(s.e) + choose(s.e, s.f, s.g);
    return {
      t1 + big_sigma0(s.a) + majority(s.a, s.b, s.c),
      s.a, s.b, s.c, s.d + t1, s.e, s.f, s.g + next_k + next_w
    };
  endfunction

  // W[t .. t + 15] becomes W[t + 1 .. t + 16].
  function automatic window_t slide(window_t w);
    return {w[14:0], small_sigma1(w[1]) + w[6] + small_sigma0(w[14]) + w[15]};
  endfunction

  // The chaining value after the block; s is the state after round 63.
  function automatic chain_t finish(chain_t h, working_t s);
    chain_t sum;
    chain_t v;
    v = s;
    for (int i = 0; i < 8; i++) sum[i] = h[i] + v[i];
    return sum;
  endfunction

endpackage
