#pragma once
#include <utility>
#include <vector>

#include "backend/cpu/common/fill.h"
#include "backend/cpu/common/strided_copy.h"

namespace mx::cpu {

/// Moves elements in memory, for the operators of backend/common/matrix.
struct Mover {
  using Kernel = KernelBuilder;
  static void copy(const KernelContext&, const void* src, void* dst, std::vector<CopyDim> dims,
                   int64_t element_bytes) {
    strided_copy(src, dst, std::move(dims), element_bytes);
  }
  static void fill(const KernelContext&, const Tensor& tensor, double value) {
    fill_value(tensor, value);
  }
};

}  // namespace mx::cpu
