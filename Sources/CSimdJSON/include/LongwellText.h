// Counts and words of texts in UTF-8, sixty-four bytes at a time.

#ifndef LONGWELL_TEXT_H
#define LONGWELL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How long a text is.
typedef struct {
  /// Bytes that continue no Unicode scalar.
  size_t scalars;
  /// Runs of bytes between ASCII white space.
  size_t words;
  /// Whether there is a back quote.
  bool has_back_quote;
} longwell_text_lengths;

/// Counts the scalars and words of a text.
longwell_text_lengths longwell_count_text(const uint8_t *bytes, size_t count);

/// What a word looks like.
typedef struct {
  /// A hash of its lower-case bytes, the same in every process. Capitals are those of ASCII and Latin-1.
  uint64_t hash;
  /// Whether it has capitals, and small letters, of ASCII.
  bool has_upper;
  bool has_lower;
  bool is_ascii;
} longwell_word;

/// Looks at a word.
longwell_word longwell_look_at_word(const uint8_t *bytes, size_t count);

/// A table from words' hashes to numbers: open addressing from the slot `hash ^ hash >> 32` on, with a free slot
/// somewhere. The value of a free slot is negative.
typedef struct {
  const uint64_t *keys;
  const int32_t *values;
  /// One less than the count of slots, which is a power of two.
  size_t mask;
} longwell_word_table;

/// Looks up the words of a text, which are runs of ASCII letters and digits with apostrophes between them, as far
/// as the first that touches a byte beyond ASCII: those are the caller's.
///
/// @param numbers takes the number of each word, 0 for what is not in the table; has room for one more than half
/// the bytes, beyond what is written.
/// @param written how many numbers there are, before and after.
/// @return where that run begins, or the count of bytes.
size_t longwell_number_words(
    const uint8_t *bytes, size_t count, const longwell_word_table *table, int32_t *numbers,
    size_t *written);

#ifdef __cplusplus
}
#endif

#endif
