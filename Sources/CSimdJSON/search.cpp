#include "CSimdJSON.h"

#include <string.h>

#include "masks.h"

// The stages of simdjson's search for strings and brackets: G. Langdale and D. Lemire, "Parsing Gigabytes
// of JSON per Second", The VLDB Journal 28 (2019). Without carry-less multiplication, so that it is the
// same on every processor.

using namespace longwell;

namespace {

/// The bytes that a backslash escapes; most blocks have no backslash.
LONGWELL_INLINE uint64_t escaped(uint64_t backslashes, uint64_t &escapes_next) {
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
LONGWELL_INLINE uint64_t parity(uint64_t bits) {
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

/// The place of the bracket that closes the element, or -1, in sixty-four bytes of which so many count.
LONGWELL_INLINE int step(longwell_json_search *search, const uint8_t *bytes, size_t count) {
  bytes64 block;
  memcpy(&block, bytes, sizeof block);
  uint64_t within = first_bits(count);
  uint64_t backslashes = mask(block == '\\') & within;
  uint64_t quotes = mask(block == '"') & within;
  // The braces differ from the brackets in one bit: { is [ with it, } is ] with it.
  bytes64 folded = block | 0x20;
  uint64_t opening = mask(folded == '{') & within;
  uint64_t closing = mask(folded == '}') & within;

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

extern "C" LONGWELL_CLONES size_t longwell_json_find_end(
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
