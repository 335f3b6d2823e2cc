// The Compact Language Detector 2 (Google, Apache-2.0, Debian's libcld2-dev) for Swift: a C++ library behind
// one C function.

#ifndef LONGWELL_CLANGUAGE_H
#define LONGWELL_CLANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

/// The language that most of a text is in.
typedef struct {
  /// Its ISO 639 code, `un` if unknown; static.
  const char *_Nullable code;
  /// How much of the text is in it, in per cent.
  int percent;
  /// Whether the detector is sure of it, given the length of the text.
  bool is_reliable;
} LongwellLanguage;

#ifdef __cplusplus
extern "C" {
#endif

/// The language of plain text in UTF-8; not reliable if the bytes are not UTF-8.
LongwellLanguage longwell_detect_language(const char *_Nonnull bytes, size_t count);

#ifdef __cplusplus
}
#endif

#endif
