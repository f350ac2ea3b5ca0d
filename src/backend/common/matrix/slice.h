#pragma once
// Slices: a strided box of one array is copied from, to, or filled.
#include "backend/common/matrix/moves.h"
#include "ops/matrix/slice.h"

namespace mx::moves {

inline StridedBox strided(const BoxParam& p) { return {p.shape, p.start, p.step, p.count}; }

template <typename Device>
void read_box(const KernelContext& context, const BoxParam& param, const Tensor& whole,
              const Tensor& part) {
  StridedBox box = strided(param);
  Device::copy(context, at(whole, box.offset), part.data, std::move(box.dims),
               dtype_size(part.dtype));
}

template <typename Device>
void write_box(const KernelContext& context, const BoxParam& param, const Tensor& part,
               const Tensor& whole) {
  StridedBox box = strided(param);
  for (CopyDim& d : box.dims) std::swap(d.src_step, d.dst_step);
  Device::copy(context, part.data, at(whole, box.offset), std::move(box.dims),
               dtype_size(part.dtype));
}

template <typename Device>
void slice(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const BoxParam box = slice_box(params.as<SliceParam>(), in[0].shape, "slice");
  read_box<Device>(context, box, in[0], out[0]);
}

template <typename Device>
void slice_axis(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const BoxParam box = slice_axis_box(params.as<SliceAxisParam>(), in[0].shape, "slice_axis");
  read_box<Device>(context, box, in[0], out[0]);
}

template <typename Device>
void slice_like(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<SliceLikeParam>();
  const BoxParam box = slice_like_box(p, in[0].shape, in[1].shape, "slice_like");
  read_box<Device>(context, box, in[0], out[0]);
}

template <typename Device>
void slice_assign(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  copy_whole<Device>(context, in[0], out[0]);
  const BoxParam box = slice_box(params.as<SliceParam>(), in[0].shape, "_slice_assign");
  write_box<Device>(context, box, in[1], out[0]);
}

/// The number is one element that the copy reads again and again.
template <typename Device>
void slice_assign_scalar(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<SliceAssignScalarParam>();
  copy_whole<Device>(context, in[0], out[0]);
  const Tensor number{context.scratch->get(16), {1}, out[0].dtype};
  Device::fill(context, number, p.scalar);
  StridedBox box = strided(slice_box(p.slice(), in[0].shape, "_slice_assign_scalar"));
  for (CopyDim& d : box.dims) d.dst_step = d.src_step, d.src_step = 0;
  Device::copy(context, number.data, at(out[0], box.offset), std::move(box.dims),
               dtype_size(out[0].dtype));
}

template <typename Device>
void slice_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  Device::fill(context, out[0], 0);
  write_box<Device>(context, params.as<BoxParam>(), in[0], out[0]);
}

template <typename Device>
struct SliceKernels {
  SliceKernels() {
    native<Device>("slice", slice<Device>);
    native<Device>("slice_axis", slice_axis<Device>);
    native<Device>("slice_like", slice_like<Device>);
    native<Device>("_slice_assign", slice_assign<Device>);
    native<Device>("_slice_assign_scalar", slice_assign_scalar<Device>);
    native<Device>("_backward_slice", slice_backward<Device>);
  }
};

}  // namespace mx::moves
