// diag: a strided copy whose step along the diagonal is the sum of both axes' steps.
#include "ops/matrix/diag.h"

#include "backend/cpu/common/fill.h"
#include "backend/cpu/common/strided_copy.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

/// Where the diagonals of an array of `shape` are, against an array that holds them alone.
struct Diagonals {
  std::vector<CopyDim> dims;  ///< from the array to the diagonals
  int64_t first = 0;

  Diagonals(const Shape& shape, int64_t k, int64_t given1, int64_t given2) {
    const int axis1 = normalize_axis(given1, shape.ndim(), "diag", "axis1");
    const int axis2 = normalize_axis(given2, shape.ndim(), "diag", "axis2");
    const auto steps = contiguous_strides(shape);
    const int64_t down = steps[static_cast<size_t>(axis1)],
                  right = steps[static_cast<size_t>(axis2)];
    const int64_t length = diagonal_length(shape[axis1], shape[axis2], k);
    first = k < 0 ? -k * down : k * right;
    dims.push_back({length, down + right, 1});
    int64_t step = length;
    for (int i = shape.ndim() - 1; i >= 0; --i) {
      if (i == axis1 || i == axis2) continue;
      dims.push_back({shape[i], steps[static_cast<size_t>(i)], step});
      step *= shape[i];
    }
  }
};

void put_diagonals(const Tensor& data, const Tensor& out, int64_t k, int64_t axis1, int64_t axis2) {
  fill_value(out, 0);
  if (data.size() == 0) return;
  Diagonals diagonals(out.shape, k, axis1, axis2);
  for (CopyDim& d : diagonals.dims) std::swap(d.src_step, d.dst_step);
  const int64_t width = dtype_size(out.dtype);
  strided_copy(data.data, out.as<char>() + diagonals.first * width, std::move(diagonals.dims),
               width);
}

void diag(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<DiagParam>();
  if (in[0].ndim() == 1) return put_diagonals(in[0], out[0], p.k, 0, 1);
  if (out[0].size() == 0) return;
  Diagonals diagonals(in[0].shape, p.k, p.axis1, p.axis2);
  const int64_t width = dtype_size(in[0].dtype);
  strided_copy(in[0].as<char>() + diagonals.first * width, out[0].data, std::move(diagonals.dims),
               width);
}

void diag_backward(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<DiagBackwardParam>();
  put_diagonals(in[0], out[0], p.k, p.axis1, p.axis2);
}

const KernelBuilder k1 = KernelBuilder("diag", "native").run(diag);
const KernelBuilder k2 = KernelBuilder("_backward_diag", "native").run(diag_backward);

}  // namespace
}  // namespace mx
