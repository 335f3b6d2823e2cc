// A plain C door to simdjson, which the InteractionLogs room uses to read JSON, to the scanner that finds
// where an element of a large array ends, and to the counting of texts.

#ifndef LONGWELL_CSIMDJSON_H
#define LONGWELL_CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#include "LongwellText.h"

#ifdef __cplusplus
extern "C" {
#endif

/// How many bytes after a document must be readable; what they hold does not matter.
enum { longwell_json_padding = 64 };

/// What became of a document.
typedef enum {
  longwell_json_parsed = 0,
  longwell_json_malformed,
  longwell_json_too_deep,
  longwell_json_not_utf8,
  longwell_json_no_memory,
} longwell_json_outcome;

/// A parser with the memory that it uses again for every document.
typedef struct longwell_json_parser longwell_json_parser;

/// A parser, or NULL where there is no memory.
longwell_json_parser *longwell_json_parser_create(void);

/// Overwrites what the parser holds and frees it.
void longwell_json_parser_destroy(longwell_json_parser *parser);

/// Parses one document. The tape (simdjson's doc/tape.md) and the unescaped strings stay valid until
/// the next call with this parser.
longwell_json_outcome longwell_json_parse(
    longwell_json_parser *parser, const uint8_t *bytes, size_t count, const uint64_t **tape,
    const uint8_t **strings);

/// Where a search for an element's end stands between two pieces of it. All zero before the first.
typedef struct {
  /// Brackets and braces that are open.
  size_t depth;
  /// All ones inside a string, else zero.
  uint64_t in_string;
  /// 1 when the last byte was a backslash that escapes the next one.
  uint64_t escapes_next;
} longwell_json_search;

/// Looks for the end of the object or array whose first bytes are given.
///
/// @return the count of bytes up to and with its last bracket, or 0 when that is not among them; then
/// the next call gets the bytes that follow.
size_t longwell_json_find_end(longwell_json_search *search, const uint8_t *bytes, size_t count);

/// Overwrites the part of the thread's stack below the caller, in which what was called before has left pieces of
/// what it looked at.
void longwell_overwrite_stack(void);

#ifdef __cplusplus
}
#endif

#endif
