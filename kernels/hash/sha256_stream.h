// SHA-256 of bytes that come in pieces, for transcripts and for hashing to curves.
#ifndef ASSAY_HASH_SHA256_STREAM_H
#define ASSAY_HASH_SHA256_STREAM_H

typedef struct sha256_stream {
  uint32_t state[8];
  uint8_t block[64];
  uint64_t length;
} sha256_stream;

INLINE void sha256_stream_begin(sha256_stream *s) {
  sha256_begin(s->state);
  s->length = 0;
}

CALLED void sha256_stream_add(sha256_stream *s, const uint8_t *bytes, int64_t count) {
  uint32_t w[16];
  while (count > 0) {
    const int64_t used = (int64_t)(s->length % 64);
    if (used == 0 && count >= 64) {
      sha256_load(w, bytes);
      sha256_compress(s->state, w);
      s->length += 64, bytes += 64, count -= 64;
      continue;
    }
    const int64_t take = count < 64 - used ? count : 64 - used;
    memcpy(s->block + used, bytes, (size_t)take);
    s->length += (uint64_t)take, bytes += take, count -= take;
    if (s->length % 64 == 0) {
      sha256_load(w, s->block);
      sha256_compress(s->state, w);
    }
  }
}

INLINE void sha256_stream_add_u64(sha256_stream *s, uint64_t value) {
  uint8_t bytes[8];
  for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)(value >> (56 - 8 * i));
  sha256_stream_add(s, bytes, 8);
}

CALLED void sha256_stream_end(sha256_stream *s, uint8_t digest[32]) {
  const uint64_t bits = s->length * 8;
  uint8_t padding[72] = {0x80};
  const int64_t zeros = (int64_t)((119 - s->length % 64) % 64);
  for (int i = 0; i < 8; i++) padding[1 + zeros + i] = (uint8_t)(bits >> (56 - 8 * i));
  sha256_stream_add(s, padding, 1 + zeros + 8);
  sha256_store(digest, s->state);
}

#endif
