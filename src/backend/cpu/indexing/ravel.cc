#include "backend/cpu/common/indices.h"
#include "dispatch/kernel.h"
#include "ir/common_params.h"

namespace mx {
namespace {

void ravel(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const Shape& shape = params.as<ShapeParam>().shape;
  const int64_t* at = widen_indices(in[0], context);
  const int64_t count = out[0].size();
  visit_dtype(out[0].dtype, "_ravel_multi_index", [&]<typename T>(TypeTag<T>) {
    for (int64_t i = 0; i < count; ++i) {
      uint64_t flat = 0;  // wraps around where coordinates lie far outside
      for (int axis = 0; axis < shape.ndim(); ++axis)
        flat =
            flat * static_cast<uint64_t>(shape[axis]) + static_cast<uint64_t>(at[axis * count + i]);
      out[0].as<T>()[i] = static_cast<T>(static_cast<ComputeType<T>>(static_cast<int64_t>(flat)));
    }
  });
}

/// The first coordinate takes whatever is left, so its size is not needed.
void unravel(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const Shape& shape = params.as<ShapeParam>().shape;
  const int64_t* at = widen_indices(in[0], context);
  const int64_t count = in[0].size();
  visit_dtype(out[0].dtype, "_unravel_index", [&]<typename T>(TypeTag<T>) {
    for (int64_t i = 0; i < count; ++i) {
      int64_t rest = at[i];
      for (int axis = shape.ndim() - 1; axis >= 0; --axis) {
        const int64_t size = axis > 0 ? std::max<int64_t>(shape[axis], 1) : 0;
        const int64_t coordinate = axis > 0 ? rest % size : rest;
        out[0].as<T>()[axis * count + i] = static_cast<T>(static_cast<ComputeType<T>>(coordinate));
        if (axis > 0) rest /= size;
      }
    }
  });
}

const KernelBuilder k1 = KernelBuilder("_ravel_multi_index", "native").run(ravel);
const KernelBuilder k2 = KernelBuilder("_unravel_index", "native").run(unravel);

}  // namespace
}  // namespace mx
