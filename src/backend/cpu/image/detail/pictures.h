#pragma once
#include <algorithm>
#include <type_traits>

#include "backend/common/convert.h"
#include "base/shape.h"

namespace mx::picture {

/// Sizes of a batch of pictures (height, width, channels), or of one.
struct Size {
  int64_t pictures, height, width, channels;

  explicit Size(const Shape& shape)
      : pictures(shape.ndim() == 4 ? shape[0] : 1),
        height(shape[shape.ndim() - 3]),
        width(shape[shape.ndim() - 2]),
        channels(shape.back()) {}
  int64_t row() const { return width * channels; }
  int64_t pixels() const { return height * width; }
  int64_t count() const { return pixels() * channels; }
};

/// A color in the type of the picture: bytes are cut off and kept from 0 to 255, others are cast.
template <typename T>
T to_color(float value) {
  if constexpr (std::is_same_v<T, uint8_t>)
    return static_cast<uint8_t>(std::clamp(value, 0.0f, 255.0f));
  else
    return convert_to<T>(value);
}

/// The type in which colors of a picture of T's are computed, before they become float.
template <typename T>
using ColorType = std::conditional_t<std::is_same_v<T, double>, double, float>;

template <typename T>
ColorType<T> color_of(T value) {
  return convert_to<ColorType<T>>(value);
}

}  // namespace mx::picture
