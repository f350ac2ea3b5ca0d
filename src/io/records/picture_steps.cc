#include "io/records/picture_steps.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <utility>

namespace mx::records {
namespace {

constexpr int kAutomatic = 9, kRandom = 10;

image::Image blank(int64_t height, int64_t width, int64_t channels) {
  image::Image made{height, width, channels, nullptr};
  made.pixels.reset(new uint8_t[made.size()]);
  return made;
}

image::Extent extent_of(const image::Image& image) {
  return {image.height, image.width, image.channels};
}

std::array<uint8_t, 4> fill_of(uint8_t value) { return {value, value, value, 0}; }

image::Image apply(image::Image&& from, const ResizeStep& step) {
  image::Image to = blank(step.height, step.width, from.channels);
  image::resize(from.pixels.get(), extent_of(from), to.pixels.get(), step.height, step.width,
                step.method);
  return to;
}

image::Image apply(image::Image&& from, const PadStep& step) {
  const image::Margins& m = step.margins;
  image::Image to =
      blank(from.height + m.top + m.bottom, from.width + m.left + m.right, from.channels);
  const std::array<uint8_t, 4> fill = fill_of(step.fill);
  image::copy_make_border(from.pixels.get(), extent_of(from), to.pixels.get(), m,
                          image::Border::kConstant,
                          std::span(fill).first(static_cast<size_t>(from.channels)));
  return to;
}

image::Image apply(image::Image&& from, const WarpStep& step) {
  image::Image to = blank(step.height, step.width, from.channels);
  image::warp_affine(from.pixels.get(), extent_of(from), to.pixels.get(), step.height, step.width,
                     step.map, step.method, fill_of(step.fill));
  return to;
}

image::Image apply(image::Image&& from, const CropStep& step) {
  image::Image to = blank(step.height, step.width, from.channels);
  const int64_t row = step.width * from.channels;
  for (int64_t y = 0; y < step.height; ++y) {
    std::memcpy(to.pixels.get() + y * row,
                from.pixels.get() + ((step.y + y) * from.width + step.x) * from.channels,
                static_cast<size_t>(row));
  }
  return to;
}

image::Image apply(image::Image&& from, MirrorStep) {
  image::Image to = blank(from.height, from.width, from.channels);
  const auto channels = static_cast<size_t>(from.channels);
  for (int64_t y = 0; y < from.height; ++y) {
    const uint8_t* source = from.pixels.get() + y * from.width * from.channels;
    uint8_t* last = to.pixels.get() + ((y + 1) * from.width - 1) * from.channels;
    for (int64_t x = 0; x < from.width; ++x) {
      std::memcpy(last - x * from.channels, source + x * from.channels, channels);
    }
  }
  return to;
}

image::Image apply(image::Image&& image, const ToneStep& step) {
  change_tone(image, step);
  return std::move(image);
}

image::Image apply(image::Image&& image, const HslStep& step) {
  change_hsl(image, step);
  return std::move(image);
}

image::Image apply(image::Image&& image, const ContrastStep& step) {
  change_contrast(image, step);
  return std::move(image);
}

image::Image apply(image::Image&& image, const LightStep& step) {
  change_light(image, step);
  return std::move(image);
}

}  // namespace

image::Interpolation choose_interpolation(int code, Size from, Size to, Draws& draws) {
  if (code == kRandom) code = static_cast<int>(draws.between(0, 4));
  if (code == kAutomatic) {
    const bool grows = to.width > from.width && to.height > from.height;
    const bool shrinks = to.width < from.width && to.height < from.height;
    code = grows ? 2 : shrinks ? 3 : 1;
  }
  return static_cast<image::Interpolation>(code);
}

Size with_shorter_side(Size size, int64_t side) {
  const Size to = size.height > size.width ? Size{side * size.height / size.width, side}
                                           : Size{side, side * size.width / size.height};
  return {std::max<int64_t>(to.height, 1), std::max<int64_t>(to.width, 1)};
}

image::Image run_steps(image::Image image, const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    image = std::visit([&](const auto& s) { return apply(std::move(image), s); }, step);
  }
  return image;
}

}  // namespace mx::records
