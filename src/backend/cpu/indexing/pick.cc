// pick, batch_take: one element per row, and the gradient that puts it back.
#include "ops/indexing/pick.h"

#include <cstring>

#include "backend/cpu/common/fill.h"
#include "backend/cpu/common/indices.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

/// Calls body(row, element) with the position of the picked element of each row.
template <typename Body>
void for_each_picked(const Shape& data, int axis, const Tensor& index, PickMode mode,
                     KernelContext& context, const Body& body) {
  const int64_t* at = widen_indices(index, context);
  const int64_t size = data[axis], inner = data.size(axis + 1, data.ndim());
  const int64_t rows = data.size(0, axis) * inner;
  const OutOfRange rule = mode == PickMode::kWrap ? OutOfRange::kWrap : OutOfRange::kClip;
  if (rows > 0 && size == 0)
    fail(ErrorKind::kIndex, "pick: data=", data, " has size 0 along axis ", axis,
         "; expected elements to pick");
  for (int64_t r = 0; r < rows; ++r)
    body(r, (r / inner * size + bounded_index(at[r], size, rule)) * inner + r % inner);
}

void pick_along(const Tensor& data, int axis, const Tensor& index, PickMode mode, const Tensor& out,
                KernelContext& context) {
  visit_width(data.dtype, [&]<typename T>(TypeTag<T>) {
    for_each_picked(data.shape, axis, index, mode, context,
                    [&](int64_t r, int64_t at) { out.as<T>()[r] = data.as<T>()[at]; });
  });
}

void pick(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<PickParam>();
  pick_along(in[0], normalize_axis(*p.axis, in[0].ndim(), "pick"), in[1], p.mode, out[0], context);
}

void batch_take(const Params&, KernelContext& context, Inputs in, Outputs out) {
  pick_along(in[0], in[0].ndim() - 1, in[1], PickMode::kClip, out[0], context);
}

void pick_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<PickBackwardParam>();
  const int axis = normalize_axis(p.axis, out[0].ndim(), "_backward_pick");
  fill_value(out[0], 0);
  visit_width(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    for_each_picked(out[0].shape, axis, in[1], p.mode, context,
                    [&](int64_t r, int64_t at) { out[0].as<T>()[at] = in[0].as<T>()[r]; });
  });
}

void fill_element(const Params&, KernelContext& context, Inputs in, Outputs out) {
  if (in[0].data != out[0].data)
    std::memcpy(out[0].data, in[0].data,
                static_cast<size_t>(in[0].size() * dtype_size(in[0].dtype)));
  visit_width(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    for_each_picked(out[0].shape, 1, in[2], PickMode::kClip, context,
                    [&](int64_t r, int64_t at) { out[0].as<T>()[at] = in[1].as<T>()[r]; });
  });
}

const KernelBuilder k1 = KernelBuilder("pick", "native").run(pick);
const KernelBuilder k2 = KernelBuilder("batch_take", "native").run(batch_take);
const KernelBuilder k3 = KernelBuilder("_backward_pick", "native").run(pick_backward);
const KernelBuilder k4 = KernelBuilder("fill_element_0index", "native").run(fill_element);

}  // namespace
}  // namespace mx
