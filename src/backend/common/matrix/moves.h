#pragma once
// Operators that only move elements are written once. What moves them is a class of the backend,
// the `Device` of the templates here (backend/<device>/matrix/mover.h):
//
//     using Kernel = ...;  // what names a kernel to the registry: KernelBuilder, GpuKernel
//     static void copy(const KernelContext&, const void* src, void* dst, std::vector<CopyDim>,
//                      int64_t element_bytes);
//     static void fill(const KernelContext&, const Tensor&, double value);
#include <utility>
#include <vector>

#include "backend/common/copy_dims.h"
#include "dispatch/kernel.h"

namespace mx::moves {

/// The address of an element.
inline char* at(const Tensor& tensor, int64_t element) {
  return tensor.as<char>() + element * dtype_size(tensor.dtype);
}

/// `to` becomes `from`, of as many elements; nothing is done when they share their memory.
template <typename Device>
void copy_whole(const KernelContext& context, const Tensor& from, const Tensor& to) {
  if (from.data == to.data) return;
  Device::copy(context, from.data, to.data, {{to.size(), 1, 1}}, dtype_size(to.dtype));
}

/// to[i, j, ...] = from, seen in `shape`, with its axes permuted: axis d of `to` is axes[d] of it.
template <typename Device>
void permute(const KernelContext& context, const Tensor& from, const Shape& shape,
             const Shape& axes, const Tensor& to) {
  Device::copy(context, from.data, to.data, permuted_dims(shape, axes), dtype_size(to.dtype));
}

template <typename Device>
typename Device::Kernel native(const char* op, KernelFn run) {
  return typename Device::Kernel(op, "native").run(run);
}

}  // namespace mx::moves
