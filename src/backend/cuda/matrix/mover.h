#pragma once
#include <utility>
#include <vector>

#include "backend/cuda/common/fill.h"
#include "backend/cuda/common/strided_copy.h"
#include "backend/cuda/gpu_kernel.h"

namespace mx::cuda {

/// Moves elements in the memory of a GPU, for the operators of backend/common/matrix.
struct Mover {
  using Kernel = GpuKernel;
  static void copy(const KernelContext& context, const void* src, void* dst,
                   std::vector<CopyDim> dims, int64_t element_bytes) {
    strided_copy(context, src, dst, std::move(dims), element_bytes);
  }
  static void fill(const KernelContext& context, const Tensor& tensor, double value) {
    fill_value(context, tensor, value);
  }
};

}  // namespace mx::cuda
