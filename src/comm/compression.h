#pragma once
#include "ndarray/ndarray.h"

namespace mx::comm {

/// Queues the compression of a gradient to two bits an element, as MXNet 1.9.1 does it: `residual`
/// keeps what was not sent. An element of residual + gradient that reaches `threshold` (its
/// negative) is sent as such and taken off; all others are sent as zero.
/// Shapes: gradient and residual, float32, of n elements; packed, uint8, of (n + 3) / 4.
/// Throws: ValueError for other types.
void compress_two_bit(const NDArray& gradient, const NDArray& residual, const NDArray& packed,
                      float threshold);
/// Queues the way back: elements of `values` are 0, threshold or its negative.
void expand_two_bit(const NDArray& packed, const NDArray& values, float threshold);

}  // namespace mx::comm
