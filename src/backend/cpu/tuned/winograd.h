#pragma once
#include "backend/cpu/tuned/image.h"

namespace mx::tuned {

/// Winograd's minimal filtering F(4x4, 3x3): 36 products for 16 results instead of 144
/// (A. Lavin, S. Gray: Fast Algorithms for Convolutional Neural Networks, 2016). A convolution is
/// three steps over tiles of 4x4 results: transform 6x6 inputs, multiply 36 matrices
/// (tiles x channels by channels x filters), transform back.
namespace winograd {

inline constexpr int64_t kTile = 4;     ///< results along an axis
inline constexpr int64_t kWindow = 6;   ///< inputs along an axis
inline constexpr int64_t kPoints = 36;  ///< products of a tile, channel and filter

struct Problem {
  Image in, out;
  int64_t channels, filters;  ///< multiples of kLanes
  int64_t pad_top, pad_left;
  int64_t tiles_down, tiles_across;  ///< of one sample
  Finish finish;
};

/// Floats of the transformed weights.
inline int64_t weight_size(int64_t channels, int64_t filters) {
  return kPoints * channels * filters;
}

/// 3x3 weights. `is_flipped`: each window is read from its end, as the gradient of a convolution
/// with respect to its data does.
struct Weights {
  const float* data;
  int64_t filter, channel;  ///< strides, in floats
  bool is_flipped;
};

/// Transforms the weights of kLanes filters from `first`, a multiple of kLanes. The result: 36
/// matrices (channels x filters), each in panels (see Panels).
void transform_weights(const Weights& weights, int64_t channels, int64_t filters, int64_t first,
                       float* transformed);

/// Where 36 matrices with a row for each tile lie.
struct Rows {
  float* data;         ///< the first element that is written
  int64_t row, point;  ///< strides of rows and matrices, in floats
};

/// 36 matrices (tiles x channels) from the tiles [first, last) of the whole batch, channels
/// [from, to).
void transform_input(const Problem& problem, int64_t first, int64_t last, int64_t from, int64_t to,
                     const Rows& rows);

/// products(tiles x filters) = inputs(tiles x channels) * weights(channels x filters) for one point
/// and one panel of filters.
void multiply(const Problem& problem, int64_t point, int64_t panel, int64_t tiles, int64_t room,
              const float* inputs, const float* weights, float* products);

/// Results of the tiles [first, last) from rows 0, 1, ... of `products`; filters [from, to).
void transform_output(const Problem& problem, int64_t first, int64_t last, int64_t from, int64_t to,
                      const float* products, int64_t room);

}  // namespace winograd
}  // namespace mx::tuned
