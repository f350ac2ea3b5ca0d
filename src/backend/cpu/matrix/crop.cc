#include "ops/matrix/crop.h"

#include "backend/cpu/common/strided_copy.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

void crop(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const Shape &data = in[0].shape, &part = out[0].shape;
  const BoxParam box = crop_box(params.as<CropParam>(), data, {part[2], part[3]});
  const int64_t width = dtype_size(in[0].dtype);
  const int64_t first = box.start[2] * data[3] + box.start[3];
  strided_copy(in[0].as<char>() + first * width, out[0].data,
               {{data[0] * data[1], data[2] * data[3], part[2] * part[3]},
                {part[2], data[3], part[3]},
                {part[3], 1, 1}},
               width);
}

const KernelBuilder k1 = KernelBuilder("Crop", "native").run(crop);

}  // namespace
}  // namespace mx
