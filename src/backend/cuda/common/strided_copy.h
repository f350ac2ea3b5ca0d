#pragma once
#include "backend/common/copy_dims.h"
#include "dispatch/kernel.h"

namespace mx::cuda {

/// Copies every element of the source box to its place in the destination box: transpose, slice,
/// concat, broadcast and their kind. Dimensions may come in any order. Destinations must not
/// overlap, nor source and destination.
void strided_copy(const KernelContext& context, const void* src, void* dst,
                  std::vector<CopyDim> dims, int64_t element_bytes);

/// A whole tensor; nothing when both are the same memory.
void copy_tensor(const KernelContext& context, const Tensor& from, const Tensor& to);

/// Kernel of operators whose result is their first input in the same order.
void copy_kernel(const Params& params, KernelContext& context, Inputs in, Outputs out);

}  // namespace mx::cuda
