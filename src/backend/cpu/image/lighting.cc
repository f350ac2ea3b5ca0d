#include "ops/image/lighting.h"

#include <algorithm>
#include <array>

#include "backend/cpu/image/detail/pictures.h"
#include "backend/cpu/random/samplers.h"
#include "dispatch/kernel.h"
#include "dispatch/random_state.h"

namespace mx {
namespace {

using Color = std::array<float, 3>;

/// What is added to red, green and blue (rows) for each principal axis of the colors of ImageNet:
/// its direction times its eigenvalue.
constexpr float kAxes[3][3] = {
    {static_cast<float>(55.46 * -0.5675), static_cast<float>(4.794 * 0.7192),
     static_cast<float>(1.148 * 0.4009)},
    {static_cast<float>(55.46 * -0.5808), static_cast<float>(4.794 * -0.0045),
     static_cast<float>(1.148 * -0.8140)},
    {static_cast<float>(55.46 * -0.5836), static_cast<float>(4.794 * -0.6948),
     static_cast<float>(1.148 * 0.4203)},
};

template <typename T>
void add_color(const T* from, T* to, const picture::Size& size, const Color& alpha) {
  if (size.channels != 3) {
    std::copy_n(from, size.count(), to);
    return;
  }
  Color shift;
  for (size_t c = 0; c < 3; ++c)
    shift[c] = kAxes[c][0] * alpha[0] + kAxes[c][1] * alpha[1] + kAxes[c][2] * alpha[2];
  for (int64_t i = 0; i < size.pixels(); ++i)
    for (size_t c = 0; c < 3; ++c, ++from, ++to)
      *to = picture::to_color<T>(static_cast<float>(picture::color_of(*from) + shift[c]));
}

/// Adds to each picture what `next` says.
template <typename Next>
void add_colors(const Tensor& in, const Tensor& out, const Next& next) {
  const picture::Size size(in.shape);
  visit_dtype(in.dtype, "_image_adjust_lighting", [&]<typename T>(TypeTag<T>) {
    for (int64_t i = 0; i < size.pictures; ++i)
      add_color(in.as<T>() + i * size.count(), out.as<T>() + i * size.count(), size, next());
  });
}

void adjust_lighting(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& given = params.as<AdjustLightingParam>().alpha;
  Color alpha;
  for (size_t c = 0; c < 3; ++c) alpha[c] = static_cast<float>(given[c]);
  add_colors(in[0], out[0], [&] { return alpha; });
}

void random_lighting(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const float deviation = params.as<RandomLightingParam>().alpha_std;
  context.random->with_single_stream([&](RandomStream& stream) {
    add_colors(in[0], out[0], [&] {
      const auto [first, second] = sampler::normal_pair<float>(stream);
      const float third = sampler::standard_normal<float>(stream);
      return Color{first * deviation, second * deviation, third * deviation};
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_image_adjust_lighting", "native").run(adjust_lighting);
const KernelBuilder k2 = KernelBuilder("_image_random_lighting", "native").run(random_lighting);

}  // namespace
}  // namespace mx
