#include "io/records/write_pixels.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace mx::records {
namespace {

/// Copies a picture into the upper left of planes of `shape`; `value(pixel, channel, its place in
/// the plane)` gives each number. The rest of a plane has pixels of 0.
template <typename T, typename Value>
void write_planes(const image::Image& image, bool mirror, const Shape& shape, T* to,
                  const Value& value) {
  const int64_t channels = image.channels, width = image.width;
  const int64_t plane = shape[1] * shape[2];
  for (int64_t c = 0; c < channels; ++c) {
    for (int64_t y = 0; y < image.height; ++y) {
      const uint8_t* row = image.pixels.get() + y * width * channels + c;
      const int64_t first = y * shape[2];
      T* out = to + c * plane + first;
      for (int64_t x = width; x < shape[2]; ++x) out[x] = value(0, c, first + x);
      if (mirror) {
        const uint8_t* last = row + (width - 1) * channels;
        for (int64_t x = 0; x < width; ++x) {
          out[x] = value(last[-x * channels], c, first + width - 1 - x);
        }
      } else {
        for (int64_t x = 0; x < width; ++x) out[x] = value(row[x * channels], c, first + x);
      }
    }
    for (int64_t i = image.height * shape[2]; i < plane; ++i) to[c * plane + i] = value(0, c, i);
  }
}

using Table = std::array<std::array<float, 256>, 4>;

/// What each byte of each channel becomes.
Table value_table(const Plan& plan, const NormalizeParam& n, const std::array<float, 4>& means) {
  const std::array<float, 4> stds = {n.std_r, n.std_g, n.std_b, n.std_a};
  Table table;
  for (size_t c = 0; c < 4; ++c) {
    for (size_t i = 0; i < 256; ++i) {
      table[c][i] =
          ((static_cast<float>(i) - means[c]) * plan.contrast + plan.illumination) / stds[c];
    }
  }
  return table;
}

void write_floats(const image::Image& image, const Plan& plan, const ReaderOptions& options,
                  float* to) {
  const NormalizeParam& n = options.normalize;
  if (!options.mean) {
    const Table table = value_table(plan, n, {n.mean_r, n.mean_g, n.mean_b, n.mean_a});
    write_planes(
        image, plan.mirror, options.read.data_shape, to,
        [&](uint8_t pixel, int64_t c, int64_t) { return table[static_cast<size_t>(c)][pixel]; });
    return;
  }
  const std::array<float, 4> stds = {n.std_r, n.std_g, n.std_b, n.std_a};
  const float* mean = options.mean.as<float>();
  const int64_t plane = options.mean.shape()[1] * options.mean.shape()[2];
  write_planes(image, plan.mirror, options.read.data_shape, to,
               [&](uint8_t pixel, int64_t c, int64_t place) {
                 const float centred = static_cast<float>(pixel) - mean[c * plane + place];
                 return (centred * plan.contrast + plan.illumination) /
                        stds[static_cast<size_t>(c)];
               });
}

}  // namespace

void write_pixels(const image::Image& image, const Plan& plan, const ReaderOptions& options,
                  void* to) {
  const NormalizeParam& n = options.normalize;
  if (options.dtype == DType::kUint8) {
    write_planes(image, plan.mirror, options.read.data_shape, static_cast<uint8_t*>(to),
                 [](uint8_t pixel, int64_t, int64_t) { return pixel; });
  } else if (options.dtype == DType::kInt8) {
    const std::array<float, 4> means = {n.mean_r, n.mean_g, n.mean_b, n.mean_a};
    write_planes(image, plan.mirror, options.read.data_shape, static_cast<int8_t*>(to),
                 [&](uint8_t pixel, int64_t c, int64_t) {
                   const float centred = static_cast<float>(pixel) - means[static_cast<size_t>(c)];
                   return static_cast<int8_t>(std::clamp(centred, -128.0f, 127.0f));
                 });
  } else {
    write_floats(image, plan, options, static_cast<float*>(to));
  }
}

}  // namespace mx::records
