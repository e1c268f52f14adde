// JSON through simdjson's document parser.
#include "CAssayText.h"

#include <new>

#include <simdjson.h>

struct assay_json {
  simdjson::dom::parser parser;
};

extern "C" assay_json *assay_json_create(size_t capacity, size_t depth) {
  auto *json = new (std::nothrow) assay_json{simdjson::dom::parser(capacity)};
  if (json != nullptr && json->parser.allocate(1 << 16 < capacity ? 1 << 16 : capacity, depth) != simdjson::SUCCESS) {
    delete json;
    return nullptr;
  }
  return json;
}

extern "C" void assay_json_destroy(assay_json *json) { delete json; }

extern "C" int assay_json_parse(assay_json *json, const char *text, size_t length) {
  return static_cast<int>(json->parser.parse(text, length, false).error());
}

extern "C" const uint64_t *assay_json_tape(const assay_json *json) { return json->parser.doc.tape.get(); }

extern "C" const uint8_t *assay_json_strings(const assay_json *json) { return json->parser.doc.string_buf.get(); }

extern "C" const char *assay_json_message(int code) {
  return simdjson::error_message(static_cast<simdjson::error_code>(code));
}
