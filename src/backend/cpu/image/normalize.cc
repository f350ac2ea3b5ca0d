#include "ops/image/normalize.h"

#include "backend/cpu/image/detail/pictures.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

void normalize(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<ImageNormalizeParam>();
  const Shape& shape = in[0].shape;
  const int first = shape.ndim() - 3;
  const int64_t channels = shape[first], pixels = shape[first + 1] * shape[first + 2];
  if (in[0].size() == 0) return;
  visit_dtype(in[0].dtype, "_image_normalize", [&]<typename T>(TypeTag<T>) {
    const T* from = in[0].as<T>();
    T* to = out[0].as<T>();
    parallel_for(in[0].size(), grain_for(1), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end;) {
        const int64_t plane = i / pixels, stop = std::min(end, (plane + 1) * pixels);
        const auto mean = ImageNormalizeParam::of_channel(p.mean, plane % channels);
        const auto deviation = ImageNormalizeParam::of_channel(p.std, plane % channels);
        for (; i < stop; ++i)
          to[i] = convert_to<T>((picture::color_of(from[i]) - mean) / deviation);
      }
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_image_normalize", "native").run(normalize);

}  // namespace
}  // namespace mx
