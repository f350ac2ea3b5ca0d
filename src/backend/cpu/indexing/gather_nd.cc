// gather_nd, scatter_nd, _backward_gather_nd: coordinates become element offsets once, then slices
// are copied or added.
#include <cstring>

#include "backend/cpu/common/fill.h"
#include "backend/cpu/common/indices.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

/// Offsets, in elements of an array of `shape`, of the slices that `indices` select.
struct Selection {
  const int64_t* offset;
  int64_t count, inner;

  Selection(const Tensor& indices, const Shape& shape, KernelContext& context, const char* op) {
    const auto axes = static_cast<int>(indices.shape[0]);
    count = indices.shape.size(1, indices.ndim());
    inner = shape.size(axes, shape.ndim());
    const int64_t* given = widen_indices(indices, context);
    auto* offsets = context.scratch->get_array<int64_t>(std::max<int64_t>(count, 1));
    std::fill_n(offsets, count, 0);
    for (int a = 0; a < axes; ++a)
      for (int64_t i = 0; i < count; ++i) {
        int64_t at = given[a * count + i];
        if (at < -shape[a] || at >= shape[a])
          fail(ErrorKind::kIndex, op, ": indices=", at, " is out of range along axis ", a,
               "; expected ", -shape[a], " to ", shape[a] - 1);
        if (at < 0) at += shape[a];
        offsets[i] += at * shape.size(a + 1, shape.ndim());
      }
    offset = offsets;
  }
};

void gather(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const Selection s(in[1], in[0].shape, context, "gather_nd");
  const int64_t width = dtype_size(in[0].dtype), bytes = s.inner * width;
  parallel_for(s.count, grain_for(3 + 0.1 * static_cast<double>(bytes)),
               [&](int64_t begin, int64_t end) {
                 for (int64_t i = begin; i < end; ++i)
                   std::memcpy(out[0].as<char>() + i * bytes,
                               in[0].as<char>() + s.offset[i] * width, static_cast<size_t>(bytes));
               });
}

/// In order, because the last of several writers to one place wins.
void write_slices(const Selection& s, const Tensor& data, const Tensor& out) {
  const int64_t width = dtype_size(data.dtype), bytes = s.inner * width;
  for (int64_t i = 0; i < s.count; ++i)
    std::memcpy(out.as<char>() + s.offset[i] * width, data.as<char>() + i * bytes,
                static_cast<size_t>(bytes));
}

void scatter(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const Selection s(in[1], out[0].shape, context, "scatter_nd");
  fill_value(out[0], 0);
  write_slices(s, in[0], out[0]);
}

void scatter_set(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const Selection s(in[2], out[0].shape, context, "_scatter_set_nd");
  if (out[0].data != in[0].data)
    std::memcpy(out[0].data, in[0].data,
                static_cast<size_t>(in[0].size() * dtype_size(in[0].dtype)));
  write_slices(s, in[1], out[0]);
}

void accumulate(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const Selection s(in[1], out[0].shape, context, "_backward_gather_nd");
  add_rows({s.offset, 1, s.count, s.inner, 0}, in[0], out[0], context);
}

const KernelBuilder k1 = KernelBuilder("gather_nd", "native").run(gather);
const KernelBuilder k2 = KernelBuilder("scatter_nd", "native").run(scatter);
const KernelBuilder k3 = KernelBuilder("_scatter_set_nd", "native").run(scatter_set);
const KernelBuilder k4 = KernelBuilder("_backward_gather_nd", "native").run(accumulate);

}  // namespace
}  // namespace mx
