#pragma once
// Crop: a box of rows and columns of every channel.
#include "backend/common/matrix/moves.h"
#include "ops/matrix/crop.h"

namespace mx::moves {

template <typename Device>
void crop(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const Shape &data = in[0].shape, &part = out[0].shape;
  const BoxParam box = crop_box(params.as<CropParam>(), data, {part[2], part[3]});
  Device::copy(context, at(in[0], box.start[2] * data[3] + box.start[3]), out[0].data,
               {{data[0] * data[1], data[2] * data[3], part[2] * part[3]},
                {part[2], data[3], part[3]},
                {part[3], 1, 1}},
               dtype_size(in[0].dtype));
}

template <typename Device>
struct CropKernels {
  CropKernels() { native<Device>("Crop", crop<Device>); }
};

}  // namespace mx::moves
