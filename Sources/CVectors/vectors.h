// Eight numbers at a time, whatever the processor: the compiler splits them where vectors are shorter.

#ifndef LONGWELL_VECTORS_H
#define LONGWELL_VECTORS_H

#include <stddef.h>

#define INLINE static inline __attribute__((always_inline))

typedef double Eight __attribute__((vector_size(64), aligned(8)));
typedef long long Whole __attribute__((vector_size(64), aligned(8)));

enum { LANES = 8 };

#define ALL(NUMBER) ((Eight){} + (NUMBER))

INLINE double sum(const Eight *numbers) {
  double total = 0;
  for (int lane = 0; lane < LANES; lane++) total += (*numbers)[lane];
  return total;
}

/// Eight numbers; at the end of an array what there is, and then zeros.
INLINE void load(const double *numbers, size_t readable, Eight *result) {
  if (readable >= LANES) {
    *result = *(const Eight *)numbers;
    return;
  }
  *result = (Eight){};
  for (size_t lane = 0; lane < readable; lane++) (*result)[lane] = numbers[lane];
}

INLINE void choose(const Whole *mask, const Eight *yes, const Eight *no, Eight *result) {
  *result = (Eight)(((Whole)*yes & *mask) | ((Whole)*no & ~*mask));
}

/// Which of eight rows are among the `left` first.
INLINE void own_rows(size_t left, Whole *mask) {
  const Whole places = {0, 1, 2, 3, 4, 5, 6, 7};
  *mask = places < (long long)left;
}

#endif
