// diag: a strided copy whose step along the diagonal is the sum of both axes' steps.
#include "ops/matrix/diag.h"

#include "backend/common/diagonals.h"
#include "backend/cuda/common/fill.h"
#include "backend/cuda/common/strided_copy.h"
#include "backend/cuda/gpu_kernel.h"

namespace mx::cuda {
namespace {

void put_diagonals(const KernelContext& context, const Tensor& data, const Tensor& out, int64_t k,
                   int64_t axis1, int64_t axis2) {
  fill_value(context, out, 0);
  if (data.size() == 0) return;
  Diagonals diagonals(out.shape, data.shape.back(), k, axis1, axis2);
  diagonals.turn_round();
  const int64_t width = dtype_size(out.dtype);
  strided_copy(context, data.data, out.as<char>() + diagonals.first * width,
               std::move(diagonals.dims), width);
}

void diag(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<DiagParam>();
  if (in[0].ndim() == 1) return put_diagonals(context, in[0], out[0], p.k, 0, 1);
  if (out[0].size() == 0) return;
  Diagonals diagonals(in[0].shape, out[0].shape.back(), p.k, p.axis1, p.axis2);
  const int64_t width = dtype_size(in[0].dtype);
  strided_copy(context, in[0].as<char>() + diagonals.first * width, out[0].data,
               std::move(diagonals.dims), width);
}

void diag_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<DiagBackwardParam>();
  put_diagonals(context, in[0], out[0], p.k, p.axis1, p.axis2);
}

const GpuKernel k1 = GpuKernel("diag", "native").run(diag);
const GpuKernel k2 = GpuKernel("_backward_diag", "native").run(diag_backward);

}  // namespace
}  // namespace mx::cuda
