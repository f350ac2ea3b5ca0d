// Slices: a strided box of one array is copied from, to, or filled.
#include "ops/matrix/slice.h"

#include "backend/cuda/common/fill.h"
#include "backend/cuda/common/strided_copy.h"
#include "backend/cuda/gpu_kernel.h"

namespace mx::cuda {
namespace {

StridedBox box_of(const BoxParam& p) { return {p.shape, p.start, p.step, p.count}; }

char* at(const Tensor& tensor, int64_t element) {
  return tensor.as<char>() + element * dtype_size(tensor.dtype);
}

void read_box(const KernelContext& context, const BoxParam& param, const Tensor& whole,
              const Tensor& part) {
  StridedBox box = box_of(param);
  strided_copy(context, at(whole, box.offset), part.data, std::move(box.dims),
               dtype_size(part.dtype));
}

void write_box(const KernelContext& context, const BoxParam& param, const Tensor& part,
               const Tensor& whole) {
  StridedBox box = box_of(param);
  for (CopyDim& d : box.dims) std::swap(d.src_step, d.dst_step);
  strided_copy(context, part.data, at(whole, box.offset), std::move(box.dims),
               dtype_size(part.dtype));
}

void slice(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  read_box(context, slice_box(params.as<SliceParam>(), in[0].shape, "slice"), in[0], out[0]);
}

void slice_axis(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  read_box(context, slice_axis_box(params.as<SliceAxisParam>(), in[0].shape, "slice_axis"), in[0],
           out[0]);
}

void slice_like(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<SliceLikeParam>();
  read_box(context, slice_like_box(p, in[0].shape, in[1].shape, "slice_like"), in[0], out[0]);
}

void slice_assign(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  copy_tensor(context, in[0], out[0]);
  write_box(context, slice_box(params.as<SliceParam>(), in[0].shape, "_slice_assign"), in[1],
            out[0]);
}

/// The number is one element that the copy reads again and again.
void slice_assign_scalar(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<SliceAssignScalarParam>();
  copy_tensor(context, in[0], out[0]);
  const Tensor number{context.scratch->get(16), {1}, out[0].dtype};
  fill_value(context, number, p.scalar);
  StridedBox box = box_of(slice_box(p.slice(), in[0].shape, "_slice_assign_scalar"));
  for (CopyDim& d : box.dims) d.dst_step = d.src_step, d.src_step = 0;
  strided_copy(context, number.data, at(out[0], box.offset), std::move(box.dims),
               dtype_size(out[0].dtype));
}

void slice_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  fill_value(context, out[0], 0);
  write_box(context, params.as<BoxParam>(), in[0], out[0]);
}

const GpuKernel k1 = GpuKernel("slice", "native").run(slice);
const GpuKernel k2 = GpuKernel("slice_axis", "native").run(slice_axis);
const GpuKernel k3 = GpuKernel("slice_like", "native").run(slice_like);
const GpuKernel k4 = GpuKernel("_slice_assign", "native").run(slice_assign);
const GpuKernel k5 = GpuKernel("_slice_assign_scalar", "native").run(slice_assign_scalar);
const GpuKernel k6 = GpuKernel("_backward_slice", "native").run(slice_backward);

}  // namespace
}  // namespace mx::cuda
