// Each picture is copied as it is, or backwards along one axis; one draw of the single stream.
#include <cstring>

#include "backend/cpu/common/strided_copy.h"
#include "backend/cpu/image/detail/pictures.h"
#include "dispatch/kernel.h"
#include "dispatch/random_state.h"

namespace mx {
namespace {

void copy_backwards(const char* from, char* to, const picture::Size& size, bool upside_down,
                    int64_t width) {
  std::vector<CopyDim> dims{{size.height, size.row(), size.row()},
                            {size.width, size.channels, size.channels},
                            {size.channels, 1, 1}};
  CopyDim& turned = dims[upside_down ? 0 : 1];
  const int64_t first = turned.src_step * (turned.size - 1);
  turned.src_step = -turned.src_step;
  strided_copy(from + first * width, to, std::move(dims), width);
}

template <bool kUpsideDown>
void random_flip(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const picture::Size size(in[0].shape);
  const int64_t width = dtype_size(in[0].dtype), bytes = size.count() * width;
  if (bytes == 0) return;
  context.random->with_single_stream([&](RandomStream& stream) {
    for (int64_t i = 0; i < size.pictures; ++i) {
      const char* from = in[0].as<char>() + i * bytes;
      char* to = out[0].as<char>() + i * bytes;
      if (stream.uniform<double>() < 0.5)
        std::memcpy(to, from, static_cast<size_t>(bytes));
      else
        copy_backwards(from, to, size, kUpsideDown, width);
    }
  });
}

const KernelBuilder k1 =
    KernelBuilder("_image_random_flip_left_right", "native").run(random_flip<false>);
const KernelBuilder k2 =
    KernelBuilder("_image_random_flip_top_bottom", "native").run(random_flip<true>);

}  // namespace
}  // namespace mx
