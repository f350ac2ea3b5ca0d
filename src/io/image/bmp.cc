// BMP without compression: 1, 4, 8, 16, 24 and 32 bits per pixel, with the scaling of OpenCV.
#include <array>

#include "io/image/codec.h"

namespace mx::image {
namespace {

constexpr size_t kFileHeader = 14;
constexpr uint32_t kUncompressed = 0, kBitFields = 3;

using Color = std::array<uint8_t, 3>;

struct Header {
  int64_t width = 0;
  int64_t height = 0;
  bool top_down = false;
  uint32_t bits = 0;
  uint32_t compression = kUncompressed;
  bool has_6_bit_green = false;
  size_t pixel_offset = 0;
  std::array<Color, 256> palette{};
};

class BmpReader {
 public:
  explicit BmpReader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  uint32_t number(size_t offset, size_t width) const {
    if (offset > bytes_.size() || bytes_.size() - offset < width) {
      fail_decode("BMP", "it ends too early");
    }
    uint32_t value = 0;
    for (size_t i = width; i-- > 0;) value = value << 8 | bytes_[offset + i];
    return value;
  }

  const uint8_t* row(size_t offset, size_t width) const {
    if (offset > bytes_.size() || bytes_.size() - offset < width) {
      fail_decode("BMP", "it ends too early");
    }
    return bytes_.data() + offset;
  }

 private:
  std::span<const uint8_t> bytes_;
};

void read_palette(const BmpReader& reader, size_t offset, size_t entry, uint32_t used,
                  Header& out) {
  const uint32_t most = 1u << out.bits;
  const uint32_t count = used == 0 || used > most ? most : used;
  for (uint32_t i = 0; i < count; ++i) {
    const uint8_t* bgr = reader.row(offset + i * entry, 3);
    out.palette[i] = {bgr[2], bgr[1], bgr[0]};
  }
}

void read_masks(const BmpReader& reader, Header& out) {
  const uint32_t red = reader.number(kFileHeader + 40, 4);
  const uint32_t green = reader.number(kFileHeader + 44, 4);
  const uint32_t blue = reader.number(kFileHeader + 48, 4);
  if (out.bits == 16 && red == 0xf800 && green == 0x07e0 && blue == 0x001f) {
    out.has_6_bit_green = true;
  } else if (out.bits == 16 && red == 0x7c00 && green == 0x03e0 && blue == 0x001f) {
    out.has_6_bit_green = false;
  } else if (out.bits != 32 || red != 0xff0000 || green != 0xff00 || blue != 0xff) {
    fail_decode("BMP", "its colour masks are not those of 555, 565 or 888 pixels");
  }
}

/// A side of the picture; 32-bit sides are signed.
int64_t read_side(const BmpReader& reader, size_t offset, size_t width) {
  const uint32_t value = reader.number(offset, width);
  return width == 4 ? int64_t{static_cast<int32_t>(value)} : int64_t{value};
}

Header read_header(const BmpReader& reader) {
  Header out;
  out.pixel_offset = reader.number(10, 4);
  const uint32_t size = reader.number(kFileHeader, 4);
  const bool old = size == 12;
  if (!old && size < 40) fail_decode("BMP", "unknown header");
  out.width = read_side(reader, 18, old ? 2 : 4);
  out.height = read_side(reader, old ? 20 : 22, old ? 2 : 4);
  out.bits = reader.number(old ? 24 : 28, 2);
  out.compression = old ? kUncompressed : reader.number(30, 4);
  if (out.height < 0) {
    out.top_down = true;
    out.height = -out.height;
  }
  if (out.compression != kUncompressed && out.compression != kBitFields) {
    fail_decode("BMP", "it is compressed, which is unsupported");
  }
  if (out.bits == 1 || out.bits == 4 || out.bits == 8) {
    read_palette(reader, kFileHeader + size, old ? 3 : 4, old ? 0 : reader.number(46, 4), out);
  } else if (out.bits != 16 && out.bits != 24 && out.bits != 32) {
    fail_decode("BMP", "its bits per pixel are not 1, 4, 8, 16, 24 or 32");
  }
  if (out.compression == kBitFields) read_masks(reader, out);
  return out;
}

void convert_palette_row(const Header& header, const uint8_t* src, uint8_t* rgb) {
  const uint32_t per_byte = 8 / header.bits, mask = (1u << header.bits) - 1;
  for (int64_t x = 0; x < header.width; ++x) {
    const uint32_t place = static_cast<uint32_t>(x) % per_byte;
    const uint32_t shift = 8 - header.bits * (place + 1);
    const Color& color = header.palette[src[x / per_byte] >> shift & mask];
    for (int k = 0; k < 3; ++k) rgb[3 * x + k] = color[k];
  }
}

void convert_16_bit_row(const Header& header, const uint8_t* src, uint8_t* rgb) {
  for (int64_t x = 0; x < header.width; ++x) {
    const uint32_t v = src[2 * x] | uint32_t{src[2 * x + 1]} << 8;
    const bool wide = header.has_6_bit_green;
    rgb[3 * x] = static_cast<uint8_t>(wide ? v >> 8 & 0xf8 : v >> 7 & 0xf8);
    rgb[3 * x + 1] = static_cast<uint8_t>(wide ? v >> 3 & 0xfc : v >> 2 & 0xf8);
    rgb[3 * x + 2] = static_cast<uint8_t>(v << 3);
  }
}

void convert_row(const Header& header, const uint8_t* src, uint8_t* rgb) {
  if (header.bits <= 8) return convert_palette_row(header, src, rgb);
  if (header.bits == 16) return convert_16_bit_row(header, src, rgb);
  const int64_t step = header.bits / 8;
  for (int64_t x = 0; x < header.width; ++x) {
    for (int k = 0; k < 3; ++k) rgb[3 * x + k] = src[step * x + 2 - k];
  }
}

/// Whether the stored palette has no colour, so that OpenCV's unchanged form has one channel.
bool is_gray(const Header& header) {
  if (header.bits > 8) return false;
  for (uint32_t i = 0; i < (1u << header.bits); ++i) {
    const Color& color = header.palette[i];
    if (color[0] != color[1] || color[1] != color[2]) return false;
  }
  return true;
}

}  // namespace

Decoded decode_bmp(std::span<const uint8_t> bytes, const DecodeOptions& options) {
  const BmpReader reader(bytes);
  const Header header = read_header(reader);
  check_plausible(header.height, header.width, bytes.size(), 8 / header.bits + 1);
  const bool gray = options.mode == ColorMode::kGrayscale ||
                    (options.mode == ColorMode::kUnchanged && is_gray(header));
  Image rgb = make_image(header.height, header.width, 3);
  const size_t stride = (static_cast<size_t>(header.width) * header.bits + 31) / 32 * 4;
  for (int64_t y = 0; y < header.height; ++y) {
    const uint8_t* src = reader.row(header.pixel_offset + static_cast<size_t>(y) * stride, stride);
    const int64_t to = header.top_down ? y : header.height - 1 - y;
    convert_row(header, src, rgb.pixels.get() + to * header.width * 3);
  }
  if (!gray) return {std::move(rgb)};
  Image out = make_image(header.height, header.width, 1);
  rgb_to_gray(rgb.pixels.get(), out.pixels.get(), header.height * header.width);
  return {std::move(out)};
}

}  // namespace mx::image
