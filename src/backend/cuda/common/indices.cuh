#pragma once
#include "backend/common/bounded_index.h"
#include "backend/cuda/device_loops.cuh"

namespace mx::cuda {

/// An array of indices of any dtype.
struct IndexArray {
  const void* data;
  DType dtype;
  __device__ int64_t at(int64_t i) const {
    switch (dtype) {
      case DType::kFloat32:
        return to_index(static_cast<const float*>(data)[i]);
      case DType::kFloat64:
        return to_index(static_cast<const double*>(data)[i]);
      case DType::kFloat16:
        return to_index(static_cast<const float16*>(data)[i]);
      case DType::kBfloat16:
        return to_index(static_cast<const bfloat16*>(data)[i]);
      default:
        return load_as<int64_t>(data, dtype, i);
    }
  }
};

}  // namespace mx::cuda
