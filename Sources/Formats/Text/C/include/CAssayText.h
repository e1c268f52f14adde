// Text to numbers and back, and JSON: the C++ libraries that Assay reads and writes text with, behind C functions. And of files what
// only C can say: what a signal's handler does, and what statx(2) knows.
//
// Decimal text is read with fast_float (Lemire, "Number parsing at a gigabyte per second", 2021) and JSON with simdjson
// (Langdale and Lemire, "Parsing gigabytes of JSON per second", 2019), both from Debian.
#ifndef CASSAYTEXT_H
#define CASSAYTEXT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Reads the longest decimal number at the start of [text, end): digits, an optional fraction and exponent, an optional sign,
/// or inf, infinity, nan in any case. Rounds to the nearest binary64, ties to even; too large gives infinity.
/// Returns the first byte after it, or `text` when there is no number.
const char *_Nonnull assay_text_read_f64(const char *_Nonnull text, const char *_Nonnull end, double *_Nonnull value);

/// How often `byte` occurs in `length` bytes of text.
size_t assay_text_count(const char *_Nullable text, size_t length, char byte);

/// Reads `bytes` bytes from twice as many hexadecimal digits of either case. Returns 0 when one of them is none; what is written then
/// means nothing.
int assay_text_read_hexadecimal(const void *_Nonnull text, size_t bytes, uint8_t *_Nonnull out);

/// The room that assay_text_write_f64 needs; it may write more of it than it returns.
#define ASSAY_TEXT_F64_CAPACITY 48

/// Writes the shortest decimal that reads back to the same binary64: positional from 1e-5 up to 1e16, scientific outside;
/// `nan`, `inf` and `-inf` otherwise. Returns how many bytes it wrote.
size_t assay_text_write_f64(double value, char *_Nonnull out);

/// A JSON parser with its memory, for one thread at a time.
typedef struct assay_json assay_json;

/// Bytes after the text that must be readable.
#define ASSAY_JSON_PADDING 64

/// A parser of documents up to `capacity` bytes and `depth` levels; null without memory.
assay_json *_Nullable assay_json_create(size_t capacity, size_t depth);
void assay_json_destroy(assay_json *_Nullable parser);

/// Parses `length` bytes of UTF-8 as one document. Returns 0, or a code for assay_json_message.
int assay_json_parse(assay_json *_Nonnull parser, const char *_Nonnull text, size_t length);

/// The last parsed document in simdjson's tape format, until the parser's next document: words, and the strings that they point
/// to (https://github.com/simdjson/simdjson/blob/master/doc/tape.md).
const uint64_t *_Nonnull assay_json_tape(const assay_json *_Nonnull parser);
const uint8_t *_Nonnull assay_json_strings(const assay_json *_Nonnull parser);

/// What a code of assay_json_parse means; static memory.
const char *_Nonnull assay_json_message(int code);

/// Has the process keep up to 256 MB of what it frees for the next allocations, in blocks of up to 32 MB.
void assay_text_hold_memory(void);

/// Puts a file's name on the list of those that are removed when the process ends by `exit` or by a signal, before the file is
/// made. Returns its place on the list, or -1 when the list is full.
int assay_text_will_remove(const char *_Nonnull path);

/// Takes a name off the list.
void assay_text_will_stay(int place);

/// Removes every file on the list.
void assay_text_remove_now(void);

/// Makes the list count: at `exit`, and on SIGINT, SIGTERM and SIGHUP unless who started us set them otherwise. A mapped file that is
/// shortened then ends the process with 3 and a message.
void assay_text_remove_at_end(void);

/// From here to assay_text_release_signals those signals wait: a file is being changed in place.
void assay_text_hold_signals(void);
void assay_text_release_signals(void);

/// Says where a file of an input is mapped, and that it no longer is.
void assay_text_mapped(const void *_Nonnull start, size_t length);
void assay_text_unmapped(const void *_Nonnull start);

/// Whether an open file has an access control list, which a file that takes its place would lack.
int assay_text_has_access_list(int descriptor);

/// Whether an open file is itself mounted where it is, so that no other file can take its name.
int assay_text_is_mount_point(int descriptor);

/// Makes room for `bytes` from the start of an open file, which keeps its length and its bytes. Returns 0 when there is no such room,
/// with the reason in errno.
int assay_text_reserve(int descriptor, int64_t bytes);

/// Waits for something to read, or the end. Returns 0 when nothing came in time, less on a signal.
int assay_text_wait(int descriptor, int64_t nanoseconds);

#ifdef __cplusplus
}
#endif
#endif
