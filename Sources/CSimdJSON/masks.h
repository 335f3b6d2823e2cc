// Sixty-four bytes at a time as bit masks, by the compiler's vectors.

#ifndef LONGWELL_MASKS_H
#define LONGWELL_MASKS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Compiled for several kinds of processor, of which the program takes the one it runs on; what such a function calls
/// is inlined into it.
#if defined(__x86_64__) && defined(__linux__)
#define LONGWELL_CLONES __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define LONGWELL_CLONES
#endif
#define LONGWELL_INLINE inline __attribute__((always_inline))

namespace longwell {

typedef uint8_t bytes64 __attribute__((ext_vector_type(64)));
typedef int8_t signed64 __attribute__((ext_vector_type(64)));
typedef bool bits64 __attribute__((ext_vector_type(64)));

/// The comparison of sixty-four bytes as a word whose lowest bit is the first byte's.
template <typename Comparison>
LONGWELL_INLINE uint64_t mask(const Comparison &comparison) {
  bits64 bits = __builtin_convertvector(comparison, bits64);
  uint64_t result;
  memcpy(&result, &bits, sizeof result);
  return result;
}

/// So many lowest bits.
LONGWELL_INLINE uint64_t first_bits(size_t count) {
  return count < 64 ? (uint64_t(1) << count) - 1 : ~uint64_t(0);
}

/// Fills a block with the next bytes of a text, and with zeros after its end.
LONGWELL_INLINE void load(bytes64 &block, const uint8_t *bytes, size_t left) {
  if (left < 64) block = 0;
  memcpy(&block, bytes, left < 64 ? left : 64);
}

}  // namespace longwell

#endif
