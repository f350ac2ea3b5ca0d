#include <cstring>
#include <string>
#include <vector>

#include "base/error.h"
#include "io/image/image.h"

namespace mx::image {
namespace {

constexpr int64_t kOutside = -1;

/// Index inside a row of `size` that place `i` shows, or kOutside for the constant border.
int64_t source_index(int64_t i, int64_t size, Border border) {
  if (i >= 0 && i < size) return i;
  switch (border) {
    case Border::kConstant:
      return kOutside;
    case Border::kReplicate:
      return i < 0 ? 0 : size - 1;
    case Border::kWrap:
      return (i % size + size) % size;
    case Border::kReflect: {
      const int64_t place = (i % (2 * size) + 2 * size) % (2 * size);
      return place < size ? place : 2 * size - 1 - place;
    }
    case Border::kReflect101: {
      if (size == 1) return 0;
      const int64_t period = 2 * size - 2;
      const int64_t place = (i % period + period) % period;
      return place < size ? place : period - place;
    }
  }
  return kOutside;
}

void check(const Extent& extent, const Margins& m, Border border, size_t num_fill) {
  if (extent.height <= 0 || extent.width <= 0 || extent.channels <= 0) {
    fail(ErrorKind::kValue, "copyMakeBorder: src is empty; expected at least one pixel");
  }
  for (const int64_t margin : {m.top, m.bottom, m.left, m.right}) {
    if (margin >= 0) continue;
    fail(ErrorKind::kValue,
         "copyMakeBorder: margin=" + std::to_string(margin) + " is negative; expected 0 or more");
  }
  if (border == Border::kConstant && num_fill != static_cast<size_t>(extent.channels)) {
    fail(ErrorKind::kValue, "copyMakeBorder: values=" + std::to_string(num_fill) +
                                " numbers do not fit " + std::to_string(extent.channels) +
                                " channels; expected one per channel");
  }
}

}  // namespace

void copy_make_border(const uint8_t* src, const Extent& extent, uint8_t* dst,
                      const Margins& margins, Border border, std::span<const uint8_t> fill) {
  check(extent, margins, border, fill.size());
  const int64_t channels = extent.channels;
  const int64_t out_width = extent.width + margins.left + margins.right;
  std::vector<int64_t> columns(static_cast<size_t>(out_width));
  for (int64_t x = 0; x < out_width; ++x) {
    columns[static_cast<size_t>(x)] = source_index(x - margins.left, extent.width, border);
  }
  const int64_t out_height = extent.height + margins.top + margins.bottom;
  for (int64_t y = 0; y < out_height; ++y) {
    const int64_t row = source_index(y - margins.top, extent.height, border);
    for (int64_t x = 0; x < out_width; ++x, dst += channels) {
      const int64_t column = columns[static_cast<size_t>(x)];
      const bool outside = row == kOutside || column == kOutside;
      const uint8_t* from = outside ? fill.data() : src + (row * extent.width + column) * channels;
      std::memcpy(dst, from, static_cast<size_t>(channels));
    }
  }
}

}  // namespace mx::image
