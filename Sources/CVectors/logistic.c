#include "CVectors.h"
#include "processor.h"
#include "vectors.h"

#include <math.h>

/// e^x of numbers that are not positive, to within two units in the last place; below -708 that of
/// -708, about 3e-308.
///
/// x = k log 2 + r with whole k, log 2 in two parts (Cody & Waite 1980, *Software Manual for the
/// Elementary Functions*, chapter 6), and a Taylor series of degree 13 in |r| ≤ log(2)/2.
INLINE void exponential(const Eight *power, Eight *result) {
  Eight clamped = __builtin_elementwise_max(*power, ALL(-708));
  // Adding 1.5 · 2⁵² rounds to a whole number and leaves it in the low bits.
  Eight shifted = clamped * 0x1.71547652b82fep0 + 0x1.8p52;
  Eight whole = shifted - 0x1.8p52;
  Eight r = (clamped - whole * 0x1.62e42feep-1) - whole * 0x1.a39ef35793c76p-33;
  Eight series = ALL(1.0 / 6227020800);
  series = series * r + 1.0 / 479001600;
  series = series * r + 1.0 / 39916800;
  series = series * r + 1.0 / 3628800;
  series = series * r + 1.0 / 362880;
  series = series * r + 1.0 / 40320;
  series = series * r + 1.0 / 5040;
  series = series * r + 1.0 / 720;
  series = series * r + 1.0 / 120;
  series = series * r + 1.0 / 24;
  series = series * r + 1.0 / 6;
  series = series * r + 1.0 / 2;
  series = series * r * r + r;
  Eight scale = (Eight)(((Whole)shifted + 1023) << 52);
  *result = scale + scale * series;
}

/// log(1 + x) of numbers from 0 to 1: 2 artanh(x / (2 + x)), by its series up to the 33rd power.
INLINE void logarithm_of_one_plus(const Eight *number, Eight *result) {
  Eight s = *number / (*number + 2);
  Eight square = s * s;
  Eight series = ALL(1.0 / 33);
  _Pragma("clang loop unroll(full)") for (int power = 31; power >= 1; power -= 2) {
    series = series * square + 1.0 / power;
  }
  *result = 2 * s * series;
}

#define PARAMETERS                                                                                   \
  size_t count, size_t readable, const double *design, const double *predictor, const double *successes,  \
      const double *trials, double effect, double *rows, size_t stride
#define ARGUMENTS count, readable, design, predictor, successes, trials, effect, rows, stride

INLINE longwell_logistic_sums read_rows(PARAMETERS) {
  Eight likelihood = {}, scores = {}, weights = {}, slopes = {}, product = ALL(1);
  for (size_t row = 0; row < count; row += LANES) {
    Eight z, eta, success, trial = ALL(1);
    load(design + row, readable - row, &z);
    eta = *(const Eight *)(predictor + row);
    load(successes + row, readable - row, &success);
    if (trials) load(trials + row, readable - row, &trial);
    eta += z * effect;
    if (count - row < LANES) {
      // What follows belongs to other rows: in its place, rows that say nothing.
      Whole own;
      own_rows(count - row, &own);
      Eight nothing = {}, far = ALL(-708);
      choose(&own, &z, &nothing, &z);
      choose(&own, &eta, &far, &eta);
      choose(&own, &success, &nothing, &success);
      choose(&own, &trial, &nothing, &trial);
    }
    Eight negative = -__builtin_elementwise_abs(eta), power;
    exponential(&negative, &power);
    Eight factor = 1 + power;
    Eight inverse = 1 / factor;
    Whole positive = eta >= 0;
    Eight one = ALL(1), upper;
    choose(&positive, &one, &power, &upper);
    Eight mean = upper * inverse;
    Eight weight = power * inverse * inverse;
    Eight excess = __builtin_elementwise_max(eta, (Eight){});
    Eight slope = 1 - 2 * mean;
    if (trials) {
      Eight logarithm;
      logarithm_of_one_plus(&power, &logarithm);
      likelihood -= trial * (excess + logarithm);
      mean *= trial;
      weight *= trial;
    } else {
      likelihood -= excess;
      product *= factor;
    }
    likelihood += success * eta;
    Eight score = success - mean;
    slope *= weight;
    *(Eight *)(rows + row) = eta;
    *(Eight *)(rows + stride + row) = score;
    *(Eight *)(rows + 2 * stride + row) = weight;
    *(Eight *)(rows + 3 * stride + row) = slope;
    Eight square = z * z;
    scores += z * score;
    weights += square * weight;
    slopes += square * z * slope;
  }
  double factors = 1;
  for (int lane = 0; lane < LANES; lane++) factors *= product[lane];
  return (longwell_logistic_sums){
      sum(&likelihood) - log(factors), sum(&scores), sum(&weights), sum(&slopes)};
}

static longwell_logistic_sums read_by_two(PARAMETERS) { return read_rows(ARGUMENTS); }

#if defined(__x86_64__)
BY_FOUR static longwell_logistic_sums read_by_four(PARAMETERS) { return read_rows(ARGUMENTS); }
BY_EIGHT static longwell_logistic_sums read_by_eight(PARAMETERS) { return read_rows(ARGUMENTS); }
#endif

longwell_logistic_sums longwell_read_logistic(PARAMETERS) {
#if defined(__x86_64__)
  if (has_eight()) return read_by_eight(ARGUMENTS);
  if (has_four()) return read_by_four(ARGUMENTS);
#endif
  return read_by_two(ARGUMENTS);
}
