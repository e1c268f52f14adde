// SHA-256 by a processor's own instructions. They have a latency of several cycles and can start every cycle or two, so
// several independent streams must be in flight. Pairs: two streams work on data blocks while two others, half a hash behind,
// work on the padding block, whose schedule is a table and costs no schedule instructions; on a Zen 4 this was 1.4 times as
// fast as two data streams. Messages: every stream is a lane. The dialect gives sha256_four, four words; sha256_stream, a
// state in the order that its instructions want; and the functions on them that are used below.

enum { SHA256_STREAMS = 2 };

// Two data blocks, their words in w, and two padding blocks, all at once; each half can be left out.
INLINE void sha256_streams_compress(sha256_stream *data, sha256_four w[SHA256_STREAMS][4], sha256_stream *padding) {
  sha256_stream data_before[SHA256_STREAMS], padding_before[SHA256_STREAMS];
  for (int s = 0; s < SHA256_STREAMS; s++) {
    if (data) data_before[s] = data[s];
    if (padding) padding_before[s] = padding[s];
  }
#pragma clang loop unroll(full)
  for (int q = 0; q < 16; q++) {
    for (int s = 0; s < SHA256_STREAMS; s++) {
      if (data) sha256_stream_rounds(&data[s], w[s], q);
      if (padding) sha256_stream_padding_rounds(&padding[s], q);
    }
  }
  for (int s = 0; s < SHA256_STREAMS; s++) {
    if (data) data[s] = sha256_stream_add(data[s], data_before[s]);
    if (padding) padding[s] = sha256_stream_add(padding[s], padding_before[s]);
  }
}

INLINE void sha256_streams_finish(sha256_stream s[SHA256_STREAMS], uint8_t *const to[SHA256_STREAMS], int twice) {
  if (twice) {
    sha256_four w[SHA256_STREAMS][4];
    for (int i = 0; i < SHA256_STREAMS; i++) sha256_stream_again(w[i], &s[i]);
    sha256_streams_compress(s, w, NULL);
  }
  for (int i = 0; i < SHA256_STREAMS; i++) sha256_stream_digest(to[i], s[i]);
}

// Rows [first, end): the data blocks of two rows together with the padding blocks of the two before. A spare stream repeats
// the last row and writes to a scrap of memory.
INLINE void sha256_pairs(const uint8_t *pair, uint8_t *digest, int64_t first, int64_t end, int twice) {
  sha256_stream data[SHA256_STREAMS], padding[SHA256_STREAMS];
  sha256_four w[SHA256_STREAMS][4];
  uint8_t *to[SHA256_STREAMS], scrap[32];
  for (int64_t row = first; row < end; row += SHA256_STREAMS) {
    for (int s = 0; s < SHA256_STREAMS; s++) {
      data[s] = sha256_stream_begin();
      sha256_stream_block(w[s], pair + 64 * (row + s < end ? row + s : end - 1));
    }
    if (row == first) {
      sha256_streams_compress(data, w, NULL);
    } else {
      sha256_streams_compress(data, w, padding);
      sha256_streams_finish(padding, to, twice);
    }
    for (int s = 0; s < SHA256_STREAMS; s++) {
      padding[s] = data[s];
      to[s] = row + s < end ? digest + 32 * (row + s) : scrap;
    }
  }
  if (first == end) return;
  sha256_streams_compress(NULL, NULL, padding);
  sha256_streams_finish(padding, to, twice);
}

#define ASSAY_PROVIDES_sha256_pair ASSAY_YES
KERNEL(sha256_pair) {
  const assay_sha256_pair_columns *c = COLUMNS(sha256_pair);
  sha256_pairs(c->pair.data, c->digest.data, first, end, 0);
}

#define ASSAY_PROVIDES_sha256d_pair ASSAY_YES
KERNEL(sha256d_pair) {
  const assay_sha256d_pair_columns *c = COLUMNS(sha256d_pair);
  sha256_pairs(c->pair.data, c->digest.data, first, end, 1);
}

// Messages: every stream is a lane.
#define SHA256_LANES SHA256_STREAMS
typedef uint32_t sha256_states[SHA256_STREAMS][8];
#define SHA256_STATE(states, i, lane) (states)[lane][i]

INLINE void sha256_begin_states(sha256_states *states) {
  for (int s = 0; s < SHA256_STREAMS; s++) sha256_stream_store((*states)[s], sha256_stream_begin());
}

INLINE void sha256_store_states(uint8_t *const digest[SHA256_STREAMS], const sha256_states *states) {
  for (int s = 0; s < SHA256_STREAMS; s++) sha256_stream_digest(digest[s], sha256_stream_load((*states)[s]));
}

CALLED void sha256_compress_blocks(sha256_states *states, const uint8_t *const block[SHA256_STREAMS]) {
  sha256_stream data[SHA256_STREAMS];
  sha256_four w[SHA256_STREAMS][4];
  for (int s = 0; s < SHA256_STREAMS; s++) {
    data[s] = sha256_stream_load((*states)[s]);
    sha256_stream_block(w[s], block[s]);
  }
  sha256_streams_compress(data, w, NULL);
  for (int s = 0; s < SHA256_STREAMS; s++) sha256_stream_store((*states)[s], data[s]);
}
