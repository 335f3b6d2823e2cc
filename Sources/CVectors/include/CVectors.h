// Innermost loops, in the widest vectors that the processor at hand has.

#ifndef LONGWELL_CVECTORS_H
#define LONGWELL_CVECTORS_H

#include <stddef.h>

/// The rows and the columns of a tile: two of the widest vectors.
enum { LONGWELL_TILE = 16 };

/// Subtracts from a tile of a matrix, stored by rows, a product summed over `depth` steps.
///
/// @param tile The tile's first entry.
/// @param stride How far the rows of the matrix are apart, in entries.
/// @param left For each step, the tile's sixteen left factors.
/// @param right For each step, the tile's sixteen right factors.
void longwell_subtract_product(
    double *_Nonnull tile, size_t stride, const double *_Nonnull left,
    const double *_Nonnull right, size_t depth);

/// The linear predictor of rows: an offset and columns times their coefficients.
///
/// @param count How many rows.
/// @param readable How many entries the offset and each column have from the first row on.
/// @param columns The first row of the first column; the others follow `stride` apart.
/// @param predictor Filled; as long as `count`, rounded up to a multiple of eight.
void longwell_predict(
    size_t count, size_t readable, const double *_Nonnull offset, const double *_Nonnull columns,
    size_t stride, const double *_Nonnull coefficients, size_t width,
    double *_Nonnull predictor);

/// Adds the products of columns with one number a row to a sum for each column.
///
/// @param slopes The numbers, `count` of them.
void longwell_add_products(
    size_t count, size_t readable, const double *_Nonnull columns, size_t stride,
    const double *_Nonnull slopes, size_t width, double *_Nonnull sums);

/// The most rows that `longwell_read_logistic` takes at once: a product of so many factors of at most 2
/// is finite.
enum { LONGWELL_MOST_ROWS = 960 };

/// What rows of a logistic model with a single random effect add up to, z being its column.
typedef struct {
  /// The log-likelihood, without what no linear predictor enters.
  double likelihood;
  /// Of z times the score, the derivative by the linear predictor.
  double score;
  /// Of z² times the weight, minus the second derivative.
  double weight;
  /// Of z³ times the derivative of the weight.
  double slope;
} longwell_logistic_sums;

/// Reads rows of a logistic model with a single random effect.
///
/// @param count How many rows, at most `LONGWELL_MOST_ROWS`.
/// @param readable How many entries the other arrays have from the first row on; at least `count`.
/// @param design z of each row.
/// @param predictor The linear predictor of each row without the random effect, as long as `count`,
///   rounded up to a multiple of eight.
/// @param successes The successes of each row.
/// @param trials The trials of each row, or null for one each.
/// @param effect The random effect.
/// @param rows Filled with the linear predictors, the scores, the weights and their derivatives, the
///   first of each `stride` apart: `count`, rounded up to a multiple of eight, or more.
longwell_logistic_sums longwell_read_logistic(
    size_t count, size_t readable, const double *_Nonnull design,
    const double *_Nonnull predictor, const double *_Nonnull successes,
    const double *_Nullable trials, double effect, double *_Nonnull rows, size_t stride);

#endif
