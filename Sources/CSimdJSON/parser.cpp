#include "CSimdJSON.h"

#include <string.h>
#include <new>

#include <simdjson.h>

using namespace simdjson;

struct longwell_json_parser {
  dom::parser parser;
  dom::document document;
  /// How much of the string buffer was written at most.
  size_t used = 0;

  /// Trees written as nested messages are two levels a message; simdjson's own stack is on the heap.
  static constexpr size_t max_depth = 8192;

  void overwrite_strings() {
    if (document.string_buf) explicit_bzero(document.string_buf.get(), used);
    used = 0;
  }

  /// Notes what a document of a size can have written: its texts, each with a length and a zero in place of two
  /// quotation marks. Each begins at a place that the parser has found; an empty one of three bytes ("",) takes five.
  void note(size_t count) {
    size_t most = 5 * count / 3;
    if (parser.implementation) {
      size_t found = count + 3 * size_t(parser.implementation->n_structural_indexes);
      if (found < most) most = found;
    }
    most += SIMDJSON_PADDING;
    if (most > used) used = most;
  }

  error_code reserve(size_t count) {
    if (document.capacity() >= count) return SUCCESS;
    overwrite_strings();
    size_t capacity = 1 << 16;
    while (capacity < count) capacity *= 2;
    error_code error = document.allocate(capacity);
    return error ? error : parser.allocate(capacity, max_depth);
  }
};

extern "C" longwell_json_parser *longwell_json_parser_create(void) {
  return new (std::nothrow) longwell_json_parser;
}

extern "C" void longwell_json_parser_destroy(longwell_json_parser *parser) {
  if (!parser) return;
  parser->overwrite_strings();
  delete parser;
}

extern "C" longwell_json_outcome longwell_json_parse(
    longwell_json_parser *parser, const uint8_t *bytes, size_t count, const uint64_t **tape,
    const uint8_t **strings) {
  if (parser->reserve(count) != SUCCESS) return longwell_json_no_memory;
  auto result = parser->parser.parse_into_document(parser->document, bytes, count, false);
  parser->note(count);
  switch (result.error()) {
    case SUCCESS: break;
    case DEPTH_ERROR: return longwell_json_too_deep;
    case UTF8_ERROR: return longwell_json_not_utf8;
    case MEMALLOC: case CAPACITY: return longwell_json_no_memory;
    default: return longwell_json_malformed;
  }
  *tape = parser->document.tape.get();
  *strings = parser->document.string_buf.get();
  return longwell_json_parsed;
}

extern "C" __attribute__((noinline)) void longwell_overwrite_stack(void) {
  char bytes[1 << 18];
  explicit_bzero(bytes, sizeof bytes);
}
