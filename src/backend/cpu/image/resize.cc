#include "backend/common/image/resize.h"

#include "backend/cpu/image/detail/pictures.h"
#include "dispatch/kernel.h"
#include "ops/image/resize.h"

namespace mx {
namespace {

template <typename T>
void resize_pictures(const Tensor& in, const Tensor& out, image::Interpolation interpolation) {
  const picture::Size from(in.shape), to(out.shape);
  const image::Extent extent{from.height, from.width, from.channels};
  const auto resize_one = [&](int64_t i) {
    image::resize(in.as<T>() + i * from.count(), extent, out.as<T>() + i * to.count(), to.height,
                  to.width, interpolation);
  };
  // One picture uses the threads itself; of several, each thread takes its share.
  if (from.pictures == 1) return resize_one(0);
  parallel_for(from.pictures, grain_for(4.0 * static_cast<double>(to.count())),
               [&](int64_t begin, int64_t end) {
                 for (int64_t i = begin; i < end; ++i) resize_one(i);
               });
}

void resize(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto interpolation =
      static_cast<image::Interpolation>(params.as<ImageResizeParam>().interp);
  if (in[0].dtype == DType::kUint8)
    resize_pictures<uint8_t>(in[0], out[0], interpolation);
  else
    resize_pictures<float>(in[0], out[0], interpolation);
}

const KernelBuilder k1 = KernelBuilder("_image_resize", "native").run(resize);

}  // namespace
}  // namespace mx
