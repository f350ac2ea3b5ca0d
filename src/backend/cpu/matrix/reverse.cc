// reverse: a strided copy that reads backwards along the given axes.
#include "ops/matrix/reverse.h"

#include "backend/cpu/common/strided_copy.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

void reverse(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const Shape& shape = in[0].shape;
  const auto steps = contiguous_strides(shape);
  std::vector<CopyDim> dims;
  for (int i = 0; i < shape.ndim(); ++i) {
    const int64_t step = steps[static_cast<size_t>(i)];
    dims.push_back({shape[i], step, step});
  }
  int64_t first = 0;
  for (int64_t given : params.as<ReverseParam>().axis) {
    CopyDim& d = dims[static_cast<size_t>(normalize_axis(given, shape.ndim(), "reverse"))];
    first += d.src_step * (d.size - 1);  // an axis named twice is turned back
    d.src_step = -d.src_step;
  }
  if (in[0].size() == 0) return;
  const int64_t width = dtype_size(in[0].dtype);
  strided_copy(in[0].as<char>() + first * width, out[0].data, std::move(dims), width);
}

const KernelBuilder k1 = KernelBuilder("reverse", "native").run(reverse);

}  // namespace
}  // namespace mx
