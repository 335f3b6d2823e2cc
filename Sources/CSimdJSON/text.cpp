#include "LongwellText.h"

#include "masks.h"

using namespace longwell;

namespace {

LONGWELL_INLINE uint64_t load64(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

/// The bytes of a word of at most eight, followed by zeros.
///
/// @param left how many bytes can be read: beyond the end of most words stands the rest of the text.
LONGWELL_INLINE uint64_t padded(const uint8_t *bytes, size_t count, size_t left) {
  if (count == 0) return 0;
  if (left >= 8) return load64(bytes) & ~uint64_t(0) >> (64 - 8 * count);
  uint64_t word = 0;
  memcpy(&word, bytes, count);
  return word;
}

/// Multiplies to 128 bits and folds, as wyhash does (Wang Yi).
LONGWELL_INLINE uint64_t mix(uint64_t word) {
  unsigned __int128 product = (unsigned __int128)word * 0x9E3779B97F4A7C15;
  return uint64_t(product) ^ uint64_t(product >> 64);
}

constexpr uint64_t every_byte = 0x0101010101010101;
constexpr uint64_t high_bits = 0x80 * every_byte;

/// The high bits of those of eight bytes that are among the 26 letters from `first` on.
LONGWELL_INLINE uint64_t letters(uint64_t word, uint8_t first) {
  uint64_t low = word & ~high_bits;
  uint64_t from_first = low + (0x80u - first) * every_byte;
  uint64_t beyond_last = low + (0x80u - first - 26) * every_byte;
  return ~word & high_bits & (from_first ^ beyond_last);
}

/// What was seen in a word while its hash was computed.
struct Seen {
  uint64_t upper = 0;
  uint64_t lower = 0;
  uint64_t beyond_ascii = 0;

  uint64_t lowered(uint64_t word) {
    uint64_t capitals = letters(word, 'A');
    upper |= capitals;
    lower |= letters(word, 'a');
    beyond_ascii |= word & high_bits;
    return word | capitals >> 2;
  }
};

/// The hash of a word in lower case, as far as its letters are ASCII.
LONGWELL_INLINE uint64_t hash(const uint8_t *bytes, size_t count, size_t left, Seen &seen) {
  uint64_t hash = count * 0xD6E8FEB86659FD93 ^ 0x2545F4914F6CDD1D;
  if (count <= 8) return mix(hash ^ seen.lowered(padded(bytes, count, left)));
  for (size_t place = 0; place + 8 < count; place += 8) {
    hash = mix(hash ^ seen.lowered(load64(bytes + place)));
  }
  return mix(hash ^ seen.lowered(load64(bytes + count - 8)));
}

/// Of longer words with letters beyond ASCII only the beginning counts, and their length.
constexpr size_t longest = 256;

/// The hash of a word in lower case, as far as its letters are ASCII or Latin-1: the capitals of the
/// latter differ in a bit of their second byte.
uint64_t hash_latin(const uint8_t *bytes, size_t count) {
  uint8_t lowered[longest];
  size_t kept = count < longest ? count : longest;
  for (size_t place = 0; place < kept; place++) {
    uint8_t byte = bytes[place];
    bool is_latin = place > 0 && bytes[place - 1] == 0xC3;
    bool is_capital = is_latin && byte >= 0x80 && byte < 0x9F && byte != 0x97;
    lowered[place] = is_capital ? byte | 0x20 : byte;
  }
  Seen seen;
  uint64_t result = hash(lowered, kept, kept, seen) + (count - kept);
  explicit_bzero(lowered, kept);
  return result;
}

LONGWELL_INLINE bool is_part(uint8_t byte) {
  return uint8_t((byte | 0x20) - 'a') < 26 || uint8_t(byte - '0') < 10;
}

LONGWELL_INLINE int32_t number(const longwell_word_table *table, uint64_t hash) {
  for (size_t slot = hash ^ hash >> 32;; slot++) {
    size_t place = slot & table->mask;
    if (table->values[place] < 0) return 0;
    if (table->keys[place] == hash) return table->values[place];
  }
}

}  // namespace

extern "C" LONGWELL_CLONES longwell_text_lengths longwell_count_text(const uint8_t *bytes, size_t count) {
  longwell_text_lengths lengths = {0, 0, false};
  uint64_t after_white = 1;
  bytes64 back_quotes = 0;
  // Of the bytes that continue a scalar, 0x80 to 0xBF, the signed numbers are the lowest.
  auto add = [&](const bytes64 &block, int shift, uint64_t within) __attribute__((always_inline)) {
    uint64_t continuing = mask(signed64(block) < -64) >> shift;
    uint64_t white = mask((block == ' ') | (block - 9 < 5)) >> shift;
    lengths.scalars += size_t(__builtin_popcountll(~continuing & within));
    lengths.words += size_t(__builtin_popcountll(~white & (white << 1 | after_white) & within));
    after_white = white >> 63;
    back_quotes |= bytes64(block == '`');
  };
  bytes64 block;
  size_t place = 0;
  for (; count - place >= 64; place += 64) {
    memcpy(&block, bytes + place, sizeof block);
    add(block, 0, ~uint64_t(0));
  }
  if (size_t left = count - place) {
    // Where the text is longer than a block, the last one begins before what is left of it.
    if (count >= 64) {
      memcpy(&block, bytes + count - 64, sizeof block);
      add(block, int(64 - left), first_bits(left));
    } else {
      load(block, bytes, count);
      add(block, 0, first_bits(count));
    }
  }
  lengths.has_back_quote = mask(back_quotes != 0) != 0;
  return lengths;
}

extern "C" longwell_word longwell_look_at_word(const uint8_t *bytes, size_t count) {
  Seen seen;
  longwell_word word;
  word.hash = hash(bytes, count, count, seen);
  word.is_ascii = seen.beyond_ascii == 0;
  if (!word.is_ascii) word.hash = hash_latin(bytes, count);
  word.has_upper = seen.upper != 0;
  word.has_lower = seen.lower != 0;
  return word;
}

extern "C" LONGWELL_CLONES size_t longwell_number_words(
    const uint8_t *bytes, size_t count, const longwell_word_table *table, int32_t *numbers,
    size_t *written) {
  int32_t *next = numbers + *written;
  uint64_t is_in_word = 0;
  size_t start = 0;
  auto end = [&](size_t place) {
    Seen seen;
    *next++ = number(table, hash(bytes + start, place - start, count - start, seen));
  };
  size_t stop = count;
  for (size_t place = 0; place < count; place += 64) {
    bytes64 block;
    load(block, bytes + place, count - place);
    uint64_t parts = mask(((block | 0x20) - 'a' < 26) | (block - '0' < 10));
    uint64_t beyond_ascii = mask(block >= 0x80);
    uint64_t apostrophes = mask(block == '\'');
    if (apostrophes) {
      bool goes_on = place + 64 < count && is_part(bytes[place + 64]);
      uint64_t followed = parts >> 1 | uint64_t(goes_on) << 63;
      apostrophes &= ((parts | beyond_ascii) << 1 | is_in_word) & followed;
    }
    uint64_t words = parts | beyond_ascii | apostrophes;
    uint64_t borders = words ^ (words << 1 | is_in_word);
    // Borders after the first byte that is not ASCII are for the caller.
    if (beyond_ascii) borders &= (beyond_ascii & (~beyond_ascii + 1)) * 2 - 1;
    for (; borders; borders &= borders - 1) {
      size_t border = place + size_t(__builtin_ctzll(borders));
      if (is_in_word) end(border); else start = border;
      is_in_word ^= 1;
    }
    if (beyond_ascii) {
      stop = start;
      is_in_word = 0;
      break;
    }
  }
  if (is_in_word) end(count);
  *written = size_t(next - numbers);
  return stop;
}
