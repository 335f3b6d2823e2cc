#include "CSimdJSON.h"

#include <string.h>

// Sixty-four bytes at a time as bit masks, after G. Langdale and D. Lemire, "Parsing Gigabytes of JSON
// per Second", The VLDB Journal 28 (2019). Without carry-less multiplication and with the compiler's
// vectors, so that it is the same on every processor.

namespace {

typedef uint8_t bytes64 __attribute__((ext_vector_type(64)));
typedef bool bits64 __attribute__((ext_vector_type(64)));

inline uint64_t mask(bits64 bits) {
  uint64_t result;
  memcpy(&result, &bits, sizeof result);
  return result;
}

/// The bytes that a backslash escapes; most blocks have no backslash.
inline uint64_t escaped(uint64_t backslashes, uint64_t &escapes_next) {
  if (backslashes == 0) {
    uint64_t result = escapes_next;
    escapes_next = 0;
    return result;
  }
  uint64_t result = escapes_next;
  bool is_escaping = false;
  if (escapes_next) backslashes &= ~uint64_t(1);
  while (backslashes) {
    // The lowest backslash that is not escaped escapes its neighbour.
    int place = __builtin_ctzll(backslashes);
    backslashes &= backslashes - 1;
    if (place == 63) {
      is_escaping = true;
    } else {
      uint64_t neighbour = uint64_t(1) << (place + 1);
      result |= neighbour;
      backslashes &= ~neighbour;
    }
  }
  escapes_next = is_escaping ? 1 : 0;
  return result;
}

/// Each bit becomes the parity of the bits up to it: ones from an opening quote to before its closing.
inline uint64_t parity(uint64_t bits) {
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

/// The place of the bracket that closes the element, or -1, in sixty-four bytes of which so many count.
inline int step(longwell_json_search *search, const uint8_t *bytes, size_t count) {
  bytes64 block;
  memcpy(&block, bytes, sizeof block);
  uint64_t within = count == 64 ? ~uint64_t(0) : (uint64_t(1) << count) - 1;
  uint64_t backslashes = mask(__builtin_convertvector(block == '\\', bits64)) & within;
  uint64_t quotes = mask(__builtin_convertvector(block == '"', bits64)) & within;
  // The braces differ from the brackets in one bit: { is [ with it, } is ] with it.
  bytes64 folded = block | 0x20;
  uint64_t opening = mask(__builtin_convertvector(folded == '{', bits64)) & within;
  uint64_t closing = mask(__builtin_convertvector(folded == '}', bits64)) & within;

  uint64_t escapes = escaped(backslashes, search->escapes_next);
  if (count < 64) search->escapes_next = escapes >> count & 1;
  quotes &= ~escapes;
  uint64_t in_string = parity(quotes) ^ search->in_string;
  search->in_string = uint64_t(int64_t(in_string) >> 63);
  opening &= ~in_string;
  closing &= ~in_string;

  size_t closed = size_t(__builtin_popcountll(closing));
  if (search->depth > closed) {
    search->depth += size_t(__builtin_popcountll(opening)) - closed;
    return -1;
  }
  for (uint64_t both = opening | closing; both; both &= both - 1) {
    uint64_t bit = both & (~both + 1);
    if (opening & bit) {
      search->depth += 1;
    } else if (search->depth <= 1) {
      search->depth = 0;
      return __builtin_ctzll(bit);
    } else {
      search->depth -= 1;
    }
  }
  return -1;
}

}  // namespace

extern "C" size_t longwell_json_find_end(
    longwell_json_search *search, const uint8_t *bytes, size_t count) {
  size_t place = 0;
  for (; count - place >= 64; place += 64) {
    int end = step(search, bytes + place, 64);
    if (end >= 0) return place + size_t(end) + 1;
  }
  size_t rest = count - place;
  if (rest == 0) return 0;
  uint8_t last[64] = {0};
  memcpy(last, bytes + place, rest);
  // Past the end, the string goes on or not as it did at the last byte that is there.
  int end = step(search, last, rest);
  explicit_bzero(last, sizeof last);
  return end >= 0 ? place + size_t(end) + 1 : 0;
}

extern "C" longwell_text_lengths longwell_count_text(const uint8_t *bytes, size_t count) {
  longwell_text_lengths lengths = {0, 0};
  uint64_t after_white = 1;
  for (size_t place = 0; place < count; place += 64) {
    size_t left = count - place;
    bytes64 block = 0;
    memcpy(&block, bytes + place, left < 64 ? left : 64);
    uint64_t within = left >= 64 ? ~uint64_t(0) : (uint64_t(1) << left) - 1;
    uint64_t continuing = mask(__builtin_convertvector((block & 0xC0) == 0x80, bits64));
    uint64_t white = mask(__builtin_convertvector((block == ' ') | (block - 9 < 5), bits64));
    lengths.scalars += size_t(__builtin_popcountll(~continuing & within));
    lengths.words += size_t(__builtin_popcountll(~white & (white << 1 | after_white) & within));
    after_white = white >> 63;
  }
  return lengths;
}
