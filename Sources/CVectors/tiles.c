#include "CVectors.h"
#include "processor.h"

typedef double Two __attribute__((vector_size(16), aligned(8)));

// ROWS × 2 vectors of sums stay in registers while the steps go by.
#define SUBTRACT_PRODUCT(NAME, ATTRIBUTE, LANES, WIDTH, ROWS)                                        \
  ATTRIBUTE static void NAME(                                                                        \
      double *tile, size_t stride, const double *left, const double *right, size_t depth) {         \
    for (size_t row = 0; row < LONGWELL_TILE; row += ROWS) {                                    \
      for (size_t column = 0; column < LONGWELL_TILE; column += 2 * WIDTH) {                 \
        LANES near[ROWS], far[ROWS];                                                                 \
        for (int i = 0; i < ROWS; i++) near[i] = far[i] = (LANES){0};                                \
        const double *factors = left + row, *others = right + column;                                \
        for (size_t step = 0; step < depth; step++) {                                                \
          LANES first = *(const LANES *)others, second = *(const LANES *)(others + WIDTH);           \
          _Pragma("clang loop unroll(full)") for (int i = 0; i < ROWS; i++) {                        \
            near[i] += factors[i] * first;                                                           \
            far[i] += factors[i] * second;                                                           \
          }                                                                                          \
          factors += LONGWELL_TILE;                                                                  \
          others += LONGWELL_TILE;                                                                   \
        }                                                                                            \
        for (int i = 0; i < ROWS; i++) {                                                             \
          double *target = tile + (row + i) * stride + column;                                       \
          *(LANES *)target -= near[i];                                                               \
          *(LANES *)(target + WIDTH) -= far[i];                                                      \
        }                                                                                            \
      }                                                                                              \
    }                                                                                                \
  }

SUBTRACT_PRODUCT(subtract_by_two, , Two, 2, 4)

#if defined(__x86_64__)

typedef double Four __attribute__((vector_size(32), aligned(8)));
typedef double Eight __attribute__((vector_size(64), aligned(8)));

SUBTRACT_PRODUCT(subtract_by_four, BY_FOUR, Four, 4, 4)
SUBTRACT_PRODUCT(subtract_by_eight, BY_EIGHT, Eight, 8, 8)

__attribute__((constructor)) static void find_processor(void) { __builtin_cpu_init(); }

#endif

void longwell_subtract_product(
    double *tile, size_t stride, const double *left, const double *right, size_t depth) {
#if defined(__x86_64__)
  if (has_eight()) {
    subtract_by_eight(tile, stride, left, right, depth);
    return;
  }
  if (has_four()) {
    subtract_by_four(tile, stride, left, right, depth);
    return;
  }
#endif
  subtract_by_two(tile, stride, left, right, depth);
}
