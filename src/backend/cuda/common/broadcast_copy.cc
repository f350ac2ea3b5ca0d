#include "backend/cuda/common/broadcast_copy.h"

#include "backend/cuda/common/strided_copy.h"

namespace mx::cuda {

void broadcast_copy(const KernelContext& context, const Tensor& from, const Tensor& to) {
  const auto from_steps = contiguous_strides(from.shape), to_steps = contiguous_strides(to.shape);
  const int missing = to.ndim() - from.ndim();
  std::vector<CopyDim> dims;
  for (int d = 0; d < to.ndim(); ++d) {
    const int axis = d - missing;
    const bool moves = axis >= 0 && from.shape[axis] != 1;
    dims.push_back({to.shape[d], moves ? from_steps[static_cast<size_t>(axis)] : 0,
                    to_steps[static_cast<size_t>(d)]});
  }
  strided_copy(context, from.data, to.data, std::move(dims), dtype_size(to.dtype));
}

}  // namespace mx::cuda
