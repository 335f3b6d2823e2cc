// The innermost loop of dense algebra, in the widest vectors that the processor at hand has.

#ifndef LONGWELL_CTILES_H
#define LONGWELL_CTILES_H

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

#endif
