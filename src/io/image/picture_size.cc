#include "io/image/picture_size.h"

namespace mx::image {
namespace {

int64_t big_endian(const uint8_t* bytes, int count) {
  int64_t value = 0;
  for (int i = 0; i < count; ++i) value = value << 8 | bytes[i];
  return value;
}

/// Whether a marker begins a frame; the three in between begin tables.
bool is_frame(uint8_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

Extent jpeg_size(std::span<const uint8_t> bytes) {
  size_t at = 2;
  while (at + 9 <= bytes.size()) {
    if (bytes[at] != 0xff) {
      ++at;
      continue;
    }
    const uint8_t marker = bytes[at + 1];
    if (marker == 0xff || marker == 0 || marker == 1 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += marker == 0xff ? 1 : 2;  // fill bytes, and markers without a length
      continue;
    }
    if (is_frame(marker)) return {big_endian(&bytes[at + 5], 2), big_endian(&bytes[at + 7], 2), 0};
    if (marker == 0xda || marker == 0xd9) break;
    at += 2 + static_cast<size_t>(big_endian(&bytes[at + 2], 2));
  }
  return {};
}

}  // namespace

Extent picture_size(std::span<const uint8_t> bytes) {
  Extent size;
  if (bytes.size() > 3 && bytes[0] == 0xff && bytes[1] == 0xd8) size = jpeg_size(bytes);
  if (bytes.size() >= 24 && bytes[0] == 0x89 && bytes[1] == 'P') {
    size = {big_endian(&bytes[20], 4), big_endian(&bytes[16], 4), 0};
  }
  if (size.height > 0 && size.width > 0) return size;
  const Image image = decode(bytes);  // small formats, and the error of what is no picture
  return {image.height, image.width, 0};
}

}  // namespace mx::image
