#include <optional>

#include "io/image/codec.h"

namespace mx::image {
namespace {

constexpr uint16_t kOrientationTag = 0x0112;

/// Reads the numbers of a TIFF structure in its own byte order; out of bounds gives nothing.
class TiffReader {
 public:
  TiffReader(std::span<const uint8_t> bytes, bool big_endian)
      : bytes_(bytes), big_endian_(big_endian) {}

  std::optional<uint32_t> read(size_t offset, size_t width) const {
    if (offset > bytes_.size() || bytes_.size() - offset < width) return std::nullopt;
    uint32_t value = 0;
    for (size_t i = 0; i < width; ++i) {
      value = value << 8 | bytes_[offset + (big_endian_ ? i : width - 1 - i)];
    }
    return value;
  }

 private:
  std::span<const uint8_t> bytes_;
  bool big_endian_;
};

}  // namespace

int exif_orientation(std::span<const uint8_t> tiff) {
  if (tiff.size() < 8 || tiff[0] != tiff[1] || (tiff[0] != 'I' && tiff[0] != 'M')) return 1;
  const TiffReader reader(tiff, tiff[0] == 'M');
  if (reader.read(2, 2) != 42u) return 1;
  const size_t directory = *reader.read(4, 4);
  const uint32_t count = reader.read(directory, 2).value_or(0);
  for (uint32_t i = 0; i < count; ++i) {
    const size_t entry = directory + 2 + size_t{12} * i;
    const std::optional<uint32_t> tag = reader.read(entry, 2);
    if (!tag) return 1;
    if (*tag != kOrientationTag) continue;
    const uint32_t value = reader.read(entry + 8, 2).value_or(1);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

Image orient(Image image, int orientation) {
  if (orientation <= 1 || orientation > 8) return image;
  const int64_t h = image.height, w = image.width, c = image.channels;
  const bool transposed = orientation >= 5;
  // Where output pixel (y, x) comes from: the same place, mirrored along the stored rows and
  // columns.
  const bool flip_row =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const bool flip_col =
      orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  Image out = transposed ? make_image(w, h, c) : make_image(h, w, c);
  uint8_t* to = out.pixels.get();
  for (int64_t y = 0; y < out.height; ++y) {
    for (int64_t x = 0; x < out.width; ++x) {
      int64_t sy = transposed ? x : y, sx = transposed ? y : x;
      if (flip_row) sy = h - 1 - sy;
      if (flip_col) sx = w - 1 - sx;
      const uint8_t* from = image.pixels.get() + (sy * w + sx) * c;
      for (int64_t k = 0; k < c; ++k) *to++ = from[k];
    }
  }
  return out;
}

}  // namespace mx::image
