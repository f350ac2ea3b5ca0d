#pragma once
#include <cstring>
#include <vector>

#include "dispatch/kernel.h"
#include "ops/nn/attention/interleaved_matmul.h"

namespace mx::cpu {

inline std::vector<Shape> shapes_of(Inputs in) {
  std::vector<Shape> shapes;
  for (const Tensor& tensor : in) shapes.push_back(tensor.shape);
  return shapes;
}

/// Zeroes the parts of the outputs that no product of `work` writes.
inline void zero_parts(const AttentionWork& work, Outputs out) {
  for (const HeadMatrices& part : work.zeros) {
    const Tensor& tensor = out[part.tensor];
    const int64_t width = dtype_size(tensor.dtype);
    for (int64_t row = 0; row < work.rows; ++row)
      for (int64_t b = 0; b < work.batch; ++b)
        std::memset(
            tensor.as<char>() + (part.offset + b * part.batch_step + row * part.row_step) * width,
            0, static_cast<size_t>(work.columns * width));
  }
}

}  // namespace mx::cpu
