/// Image files and pixels: decoding, resizing, colour order and borders on plain buffers.
///
/// Everything here lives in libmxnet_image.so, so that the core library links no image codec.
/// Pixels are rows of interleaved channels (height, width, channels) without padding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "backend/common/image/resize.h"

namespace mx::image {

/// A decoded picture that owns its pixels, height x width x channels bytes.
struct Image {
  int64_t height = 0;
  int64_t width = 0;
  int64_t channels = 0;
  std::unique_ptr<uint8_t[]> pixels;

  size_t size() const { return static_cast<size_t>(height * width * channels); }
};

/// Channels wanted of a decoded file. The values are those of OpenCV's imread flags.
enum class ColorMode {
  kUnchanged = -1,  ///< 1, 3 or 4 channels as stored; 16-bit samples are reduced to 8 bits.
  kGrayscale = 0,   ///< 1 channel.
  kColor = 1,       ///< 3 channels, transparency dropped.
};

/// How a file is turned into pixels. The defaults are those of mx.image.imdecode in MXNet 1.9.1.
struct DecodeOptions {
  ColorMode mode = ColorMode::kColor;
  /// Channel order RGB(A); otherwise BGR(A), the order of cv2.imread.
  bool to_rgb = true;
  /// Turn the picture upright by its EXIF orientation, as cv2.imread does and MXNet 1.9.1 does not.
  /// Without effect on ColorMode::kUnchanged, as in cv2.
  bool apply_orientation = false;
  /// Interpolate the colour of JPEG files that store it at full width and half height (4:4:0), as
  /// libjpeg-turbo 2.1 and with it cv2 4.8 does; otherwise repeat it, as in MXNet 1.9.1.
  bool smooth_vertical_chroma = false;
};

/// Decodes a JPEG, PNG, BMP or PNM file held in memory.
///
/// Throws: Error(Value) for bytes that are no image, are damaged beyond decoding, or claim a size
/// over 2^30 pixels or out of all proportion to the number of bytes. A JPEG file that ends early
/// decodes to the rows it has, the rest filled by libjpeg, as in cv2.imread.
/// Thread safety: may be called from any number of threads.
MX_IMAGE_API Image decode(std::span<const uint8_t> bytes, const DecodeOptions& options = {});

/// Exchanges the first and third channel of every pixel in place; `channels` is 3 or 4.
MX_IMAGE_API void swap_red_blue(uint8_t* pixels, int64_t num_pixels, int64_t channels);

/// Writes the luma 0.299 R + 0.587 G + 0.114 B of RGB pixels in 14-bit fixed point. `src` and `dst`
/// may be the same buffer.
MX_IMAGE_API void rgb_to_gray(const uint8_t* src, uint8_t* dst, int64_t num_pixels);

/// What stands outside a picture. The values are OpenCV's.
enum class Border {
  kConstant = 0,    ///< a given value per channel
  kReplicate = 1,   ///< aaa|abcd|ddd
  kReflect = 2,     ///< cba|abcd|dcb
  kWrap = 3,        ///< bcd|abcd|abc
  kReflect101 = 4,  ///< dcb|abcd|cba
};

/// Rows and columns to add on each side.
struct Margins {
  int64_t top = 0;
  int64_t bottom = 0;
  int64_t left = 0;
  int64_t right = 0;
};

/// Copies `src` into the middle of `dst`, (height + top + bottom) x (width + left + right), and
/// fills the margins. `fill` holds one value per channel; only Border::kConstant reads it.
///
/// Throws: Error(Value) for a negative margin or an empty picture.
MX_IMAGE_API void copy_make_border(const uint8_t* src, const Extent& extent, uint8_t* dst,
                                   const Margins& margins, Border border,
                                   std::span<const uint8_t> fill);

}  // namespace mx::image
