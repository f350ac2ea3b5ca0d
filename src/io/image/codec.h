/// The decoders behind mx::image::decode. Each gives RGB channel order and ignores `to_rgb`.
#pragma once

#include "io/image/image.h"

namespace mx::image {

/// A decoded file and its EXIF orientation, 1 (upright) to 8.
struct Decoded {
  Image image;
  int orientation = 1;
};

Decoded decode_jpeg(std::span<const uint8_t> bytes, const DecodeOptions& options);
Decoded decode_png(std::span<const uint8_t> bytes, const DecodeOptions& options);
Decoded decode_bmp(std::span<const uint8_t> bytes, const DecodeOptions& options);
Decoded decode_pnm(std::span<const uint8_t> bytes, const DecodeOptions& options);

/// Allocates the pixels of a picture.
///
/// Throws: Error(Value) when the size is not positive, or over 2^20 in a dimension or 2^30 pixels.
Image make_image(int64_t height, int64_t width, int64_t channels);

/// Refuses a claimed size that no file of `num_bytes` bytes can fill, before memory is taken for
/// it. `pixels_per_byte` is the most that the format can pack into a byte.
void check_plausible(int64_t height, int64_t width, size_t num_bytes, int64_t pixels_per_byte);

/// Orientation tag of EXIF data that begins with its TIFF header; 1 when there is none.
int exif_orientation(std::span<const uint8_t> tiff);

/// Gives the picture as it looks upright.
Image orient(Image image, int orientation);

/// Raises the error of a file that cannot be decoded; `what` says why.
[[noreturn]] void fail_decode(const char* format, const char* what);

}  // namespace mx::image
