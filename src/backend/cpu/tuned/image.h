#pragma once
#include "backend/cpu/tuned/vector.h"

namespace mx::tuned {

/// Where the elements of an activation lie; channels in groups of a vector that are contiguous.
struct Image {
  float* data;
  int64_t height, width;
  int64_t pixel, row, group, sample;  ///< strides, in floats
};

/// What is done to a result before it is stored.
struct Finish {
  enum class Function { kNone, kClamp, kLeaky };
  const float* bias = nullptr;   ///< one for each filter, or nullptr
  const float* added = nullptr;  ///< laid out as the output, or nullptr
  Function function = Function::kNone;
  float low = 0, high = 0;  ///< bounds of kClamp
  float slope = 0;          ///< of kLeaky, below zero
};

}  // namespace mx::tuned
