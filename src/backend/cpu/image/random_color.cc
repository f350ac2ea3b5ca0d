// Every picture is changed by factors of its own, drawn from the single stream.
#include "ops/image/random_color.h"

#include "backend/common/image/hue.h"
#include "backend/cpu/image/detail/pictures.h"
#include "backend/cpu/random/samplers.h"
#include "dispatch/kernel.h"
#include "dispatch/random_state.h"

namespace mx {
namespace {

using picture::Size, picture::color_of, picture::to_color;

constexpr float kLuma[3] = {0.299f, 0.587f, 0.114f};  // of red, green and blue

/// Changes one picture by a factor. `from` and `to` may be the same.
template <typename T>
using Change = void (*)(const T* from, T* to, const Size& size, float factor);

template <typename T>
void change_brightness(const T* from, T* to, const Size& size, float factor) {
  for (int64_t i = 0; i < size.count(); ++i)
    to[i] = to_color<T>(static_cast<float>(color_of(from[i]) * factor));
}

/// Mean luma, summed channel by channel in float: its rounding is part of the result.
template <typename T>
float mean_luma(const T* from, const Size& size) {
  float sum = 0;
  const auto add = [&](auto value) { sum = static_cast<float>(sum + value); };
  for (int64_t i = 0; i < size.pixels(); ++i, from += size.channels) {
    if (size.channels == 3) {
      add(color_of(from[0]) * kLuma[0]);
      add(color_of(from[1]) * kLuma[1]);
      add(color_of(from[2]) * kLuma[2]);
    } else {
      add(color_of(from[0]));
    }
  }
  return sum / static_cast<float>(size.pixels());
}

template <typename T>
void change_contrast(const T* from, T* to, const Size& size, float factor) {
  const float gray = (1 - factor) * mean_luma(from, size);
  for (int64_t i = 0; i < size.count(); ++i)
    to[i] = to_color<T>(static_cast<float>(color_of(from[i]) * factor + gray));
}

/// MXNet 1.9.1 takes the luma of blue alone for that of the pixel; networks were trained with it.
template <typename T>
void change_saturation(const T* from, T* to, const Size& size, float factor) {
  if (size.channels != 3) {
    std::copy_n(from, size.count(), to);
    return;
  }
  for (int64_t i = 0; i < size.pixels(); ++i, from += 3, to += 3) {
    const auto gray = static_cast<float>(color_of(from[2]) * kLuma[2]) * (1 - factor);
    for (int c = 0; c < 3; ++c)
      to[c] = to_color<T>(static_cast<float>(gray + color_of(from[c]) * factor));
  }
}

template <typename T>
void change_hue(const T* from, T* to, const Size& size, float factor) {
  if (size.channels != 3) {
    std::copy_n(from, size.count(), to);
    return;
  }
  for (int64_t i = 0; i < size.pixels(); ++i, from += 3, to += 3) {
    float color[3];
    for (int c = 0; c < 3; ++c) color[c] = static_cast<float>(color_of(from[c])) / 255;
    const auto turned = image::turn_hue(color[0], color[1], color[2], factor * 360);
    for (size_t c = 0; c < 3; ++c) to[c] = to_color<T>(turned[c] * 255);
  }
}

/// Uniform between the limits.
float draw_factor(RandomStream& stream, float low, float high) {
  return stream.uniform<float>() * (high - low) + low;
}

/// Calls change_one(from, to, size, stream) for each picture, in order.
template <typename ChangeOne>
void for_each_picture(KernelContext& context, const Tensor& in, const Tensor& out,
                      const ChangeOne& change_one) {
  const Size size(in.shape);
  visit_dtype(in.dtype, "_image_random_color", [&]<typename T>(TypeTag<T>) {
    context.random->with_single_stream([&](RandomStream& stream) {
      for (int64_t i = 0; i < size.pictures; ++i)
        change_one(in.as<T>() + i * size.count(), out.as<T>() + i * size.count(), size, stream);
    });
  });
}

enum Property : size_t { kBrightness, kContrast, kSaturation, kHue };

template <typename T>
constexpr Change<T> kChanges[] = {change_brightness<T>, change_contrast<T>, change_saturation<T>,
                                  change_hue<T>};

template <Property kProperty>
void change_by_factor(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<ImageFactorParam>();
  for_each_picture(context, in[0], out[0],
                   [&]<typename T>(const T* from, T* to, const Size& size, RandomStream& stream) {
                     kChanges<T>[kProperty](from, to, size,
                                            draw_factor(stream, p.min_factor, p.max_factor));
                   });
}

/// The order is drawn first, then the factors in that order.
void jitter(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<ColorJitterParam>();
  const float strengths[] = {p.brightness, p.contrast, p.saturation, p.hue};
  for_each_picture(
      context, in[0], out[0],
      [&]<typename T>(const T* from, T* to, const Size& size, RandomStream& stream) {
        size_t order[] = {kBrightness, kContrast, kSaturation, kHue};
        for (size_t i = 1; i < 4; ++i)
          std::swap(
              order[i],
              order[static_cast<size_t>(sampler::below(stream, static_cast<int64_t>(i) + 1))]);
        const T* source = from;
        for (const size_t property : order) {
          const float strength = strengths[property];
          if (!(strength > 0)) continue;
          const float change = draw_factor(stream, -strength, strength);
          const float factor = property == kHue ? change : 1 + change;
          kChanges<T>[property](source, to, size, factor);
          source = to;
        }
        if (source == from && from != to) std::copy_n(from, size.count(), to);
      });
}

const KernelBuilder k1 =
    KernelBuilder("_image_random_brightness", "native").run(change_by_factor<kBrightness>);
const KernelBuilder k2 =
    KernelBuilder("_image_random_contrast", "native").run(change_by_factor<kContrast>);
const KernelBuilder k3 =
    KernelBuilder("_image_random_saturation", "native").run(change_by_factor<kSaturation>);
const KernelBuilder k4 = KernelBuilder("_image_random_hue", "native").run(change_by_factor<kHue>);
const KernelBuilder k5 = KernelBuilder("_image_random_color_jitter", "native").run(jitter);

}  // namespace
}  // namespace mx
