#pragma once
#include "backend/common/convert.h"

namespace mx::cpu {

/// Converts n elements from one dtype to another; the two must not overlap unless they are equal in
/// width and place. Serial: callers split the work.
void convert_elements(DType from, const void* source, DType to, void* target, int64_t n);

/// The dtype in which an element-wise function is computed: float32 for the half types.
inline DType compute_dtype(DType dtype) {
  return dtype == DType::kFloat16 || dtype == DType::kBfloat16 ? DType::kFloat32 : dtype;
}

}  // namespace mx::cpu
