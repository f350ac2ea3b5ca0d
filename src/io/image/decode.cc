#include <cstring>
#include <string>

#include "base/error.h"
#include "io/image/codec.h"

namespace mx::image {
namespace {

constexpr int64_t kMaxPixels = int64_t{1} << 30;
constexpr int64_t kMaxSide = int64_t{1} << 20;
// Pictures up to this size are decoded however few bytes they come from.
constexpr int64_t kAlwaysPlausible = int64_t{1} << 20;

bool starts_with(std::span<const uint8_t> bytes, const char* magic, size_t length) {
  return bytes.size() >= length && std::memcmp(bytes.data(), magic, length) == 0;
}

bool is_pnm(std::span<const uint8_t> bytes) {
  return bytes.size() >= 3 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6' &&
         (bytes[2] == ' ' || bytes[2] == '#' || (bytes[2] >= '\t' && bytes[2] <= '\r'));
}

std::string first_bytes(std::span<const uint8_t> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < bytes.size() && i < 8; ++i) {
    if (i) text += ' ';
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

Decoded decode_any(std::span<const uint8_t> bytes, const DecodeOptions& options) {
  if (starts_with(bytes, "\xff\xd8\xff", 3)) return decode_jpeg(bytes, options);
  if (starts_with(bytes, "\x89PNG\r\n\x1a\n", 8)) return decode_png(bytes, options);
  if (starts_with(bytes, "BM", 2)) return decode_bmp(bytes, options);
  if (is_pnm(bytes)) return decode_pnm(bytes, options);
  fail(ErrorKind::kValue, "imdecode: buf=" + std::to_string(bytes.size()) + " bytes" +
                              (bytes.empty() ? "" : " beginning with " + first_bytes(bytes)) +
                              " is no image; expected a JPEG, PNG, BMP or PNM file");
}

}  // namespace

void fail_decode(const char* format, const char* what) {
  fail(ErrorKind::kValue, std::string("imdecode: buf=") + format + " file cannot be decoded: " +
                              what + "; expected an undamaged image file");
}

Image make_image(int64_t height, int64_t width, int64_t channels) {
  if (height <= 0 || width <= 0 || height > kMaxSide || width > kMaxSide ||
      height * width > kMaxPixels) {
    fail(ErrorKind::kValue,
         "imdecode: size=" + std::to_string(height) + "x" + std::to_string(width) +
             " claimed by the file is refused; expected 1 to 2^20 per side and at"
             " most 2^30 pixels");
  }
  Image image{height, width, channels, nullptr};
  image.pixels.reset(new uint8_t[image.size()]);
  return image;
}

void check_plausible(int64_t height, int64_t width, size_t num_bytes, int64_t pixels_per_byte) {
  if (height <= 0 || width <= 0 || height > kMaxSide || width > kMaxSide)
    return;  // make_image tells
  const int64_t most = kAlwaysPlausible + static_cast<int64_t>(num_bytes) * pixels_per_byte;
  if (height * width <= most) return;
  fail(ErrorKind::kValue, "imdecode: size=" + std::to_string(height) + "x" + std::to_string(width) +
                              " cannot come from " + std::to_string(num_bytes) +
                              " bytes; expected at most " + std::to_string(most) + " pixels");
}

Image decode(std::span<const uint8_t> bytes, const DecodeOptions& options) {
  Decoded decoded = decode_any(bytes, options);
  Image image = std::move(decoded.image);
  if (options.apply_orientation && options.mode != ColorMode::kUnchanged) {
    image = orient(std::move(image), decoded.orientation);
  }
  if (!options.to_rgb && image.channels >= 3) {
    swap_red_blue(image.pixels.get(), image.height * image.width, image.channels);
  }
  return image;
}

}  // namespace mx::image
