#pragma once
#include "backend/cpu/avx512/image.h"

namespace mx::avx512::few_channels {

/// A convolution of images of few channels, as the first layer of a network is: the image is plain
/// (planes of rows), results are vectors of 16 filters. Direct products; a block of rows of the
/// image, with its padding, is copied into the cache first.
struct Problem {
  const float* data;  ///< (samples, channels, height, width)
  int64_t channels, height, width;
  int64_t kernel[2], stride[2], pad[2];
  Image out;
  int64_t filters;  ///< a multiple of 16
  Finish finish;

  /// Products for one result.
  int64_t depth() const { return channels * kernel[0] * kernel[1]; }
};

/// Results computed from one copy of image rows.
inline constexpr int64_t kRowsOfBlock = 8;

/// Floats that run_block() works in.
int64_t scratch_size(const Problem& problem);

/// Results of the rows [first, first + kRowsOfBlock) of a sample. `weights` (filters x depth) are
/// packed (see pack_panels).
void run_block(const Problem& problem, int64_t sample, int64_t first, const float* weights,
               float* scratch);

}  // namespace mx::avx512::few_channels
