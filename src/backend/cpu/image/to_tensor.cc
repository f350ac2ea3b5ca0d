// A row at a time, for which each channel is written on its own.
#include <type_traits>

#include "backend/cpu/image/detail/pictures.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

template <typename T>
void convert_row(const T* from, float* to, const picture::Size& size) {
  for (int64_t c = 0; c < size.channels; ++c, to += size.pixels())
    for (int64_t x = 0; x < size.width; ++x) {
      const auto value = picture::color_of(from[x * size.channels + c]) / 255;
      if constexpr (std::is_arithmetic_v<T>)
        to[x] = static_cast<float>(value);
      else  // half types are divided in their own precision
        to[x] = convert_to<float>(convert_to<T>(value));
    }
}

void to_tensor(const Params&, KernelContext&, Inputs in, Outputs out) {
  const picture::Size size(in[0].shape);
  if (size.count() == 0) return;
  visit_dtype(in[0].dtype, "_image_to_tensor", [&]<typename T>(TypeTag<T>) {
    const int64_t grain = grain_for(static_cast<double>(size.row()));
    parallel_for(size.pictures * size.height, grain, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        const int64_t start = row / size.height * size.count();
        convert_row(in[0].as<T>() + row * size.row(),
                    out[0].as<float>() + start + row % size.height * size.width, size);
      }
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_image_to_tensor", "native").run(to_tensor);

}  // namespace
}  // namespace mx
