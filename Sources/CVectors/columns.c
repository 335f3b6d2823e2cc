#include "CVectors.h"
#include "processor.h"
#include "vectors.h"

#define PREDICTOR_PARAMETERS                                                                         \
  size_t count, size_t readable, const double *offset, const double *columns, size_t stride,         \
      const double *coefficients, size_t width, double *predictor
#define PREDICTOR_ARGUMENTS                                                                          \
  count, readable, offset, columns, stride, coefficients, width, predictor

INLINE void predict(PREDICTOR_PARAMETERS) {
  for (size_t row = 0; row < count; row += LANES) {
    Eight total;
    load(offset + row, readable - row, &total);
    for (size_t column = 0; column < width; column++) {
      Eight values;
      load(columns + column * stride + row, readable - row, &values);
      total += coefficients[column] * values;
    }
    *(Eight *)(predictor + row) = total;
  }
}

#define SLOPES_PARAMETERS                                                                            \
  size_t count, size_t readable, const double *columns, size_t stride, const double *slopes,         \
      size_t width, double *sums
#define SLOPES_ARGUMENTS count, readable, columns, stride, slopes, width, sums

INLINE void add_products(SLOPES_PARAMETERS) {
  for (size_t column = 0; column < width; column++) {
    Eight total = {};
    for (size_t row = 0; row < count; row += LANES) {
      Eight values, slope;
      load(columns + column * stride + row, readable - row, &values);
      load(slopes + row, count - row, &slope);
      total += values * slope;
    }
    sums[column] += sum(&total);
  }
}

static void predict_by_two(PREDICTOR_PARAMETERS) { predict(PREDICTOR_ARGUMENTS); }
static void add_by_two(SLOPES_PARAMETERS) { add_products(SLOPES_ARGUMENTS); }

#if defined(__x86_64__)
BY_FOUR static void predict_by_four(PREDICTOR_PARAMETERS) { predict(PREDICTOR_ARGUMENTS); }
BY_FOUR static void add_by_four(SLOPES_PARAMETERS) { add_products(SLOPES_ARGUMENTS); }
BY_EIGHT static void predict_by_eight(PREDICTOR_PARAMETERS) { predict(PREDICTOR_ARGUMENTS); }
BY_EIGHT static void add_by_eight(SLOPES_PARAMETERS) { add_products(SLOPES_ARGUMENTS); }
#endif

void longwell_predict(PREDICTOR_PARAMETERS) {
#if defined(__x86_64__)
  if (has_eight()) return predict_by_eight(PREDICTOR_ARGUMENTS);
  if (has_four()) return predict_by_four(PREDICTOR_ARGUMENTS);
#endif
  predict_by_two(PREDICTOR_ARGUMENTS);
}

void longwell_add_products(SLOPES_PARAMETERS) {
#if defined(__x86_64__)
  if (has_eight()) return add_by_eight(SLOPES_ARGUMENTS);
  if (has_four()) return add_by_four(SLOPES_ARGUMENTS);
#endif
  add_by_two(SLOPES_ARGUMENTS);
}
