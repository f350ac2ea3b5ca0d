// PBM, PGM and PPM (P1 to P6), as text and binary, with 1, 8 or 16 bits per sample.
#include "io/image/codec.h"

namespace mx::image {
namespace {

constexpr uint32_t kMostSample = 65535;

struct Header {
  int64_t width = 0;
  int64_t height = 0;
  int64_t channels = 1;
  uint32_t most = 1;
  bool bitmap = false;
  bool text = false;
};

class PnmReader {
 public:
  explicit PnmReader(std::span<const uint8_t> bytes) : bytes_(bytes), position_(2) {}

  /// Reads a decimal number after white space and comments.
  uint32_t number(uint32_t limit) {
    skip_space();
    uint32_t value = 0;
    size_t digits = 0;
    for (; position_ < bytes_.size() && is_digit(bytes_[position_]); ++position_, ++digits) {
      value = value * 10 + (bytes_[position_] - '0');
      if (value > limit) fail_decode("PNM", "a number in it is too large");
    }
    if (digits == 0) fail_decode("PNM", "a number is missing");
    return value;
  }

  /// Reads one digit of a text bitmap, where digits need no space between them.
  uint32_t digit() {
    skip_space();
    const uint8_t c = byte();
    if (c != '0' && c != '1') fail_decode("PNM", "a bit in it is neither 0 nor 1");
    return c - '0';
  }

  uint8_t byte() {
    if (position_ >= bytes_.size()) fail_decode("PNM", "it ends too early");
    return bytes_[position_++];
  }

  size_t left() const { return bytes_.size() - position_; }

 private:
  static bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }

  void skip_space() {
    for (; position_ < bytes_.size(); ++position_) {
      const uint8_t c = bytes_[position_];
      if (c == '#') {
        while (position_ < bytes_.size() && bytes_[position_] != '\n') ++position_;
      } else if (c != ' ' && !(c >= '\t' && c <= '\r')) {
        return;
      }
      if (position_ >= bytes_.size()) return;
    }
  }

  std::span<const uint8_t> bytes_;
  size_t position_;
};

Header read_header(PnmReader& reader, uint8_t kind) {
  Header out;
  out.bitmap = kind == '1' || kind == '4';
  out.text = kind <= '3';
  out.channels = kind == '3' || kind == '6' ? 3 : 1;
  out.width = reader.number(1u << 30);
  out.height = reader.number(1u << 30);
  out.most = out.bitmap ? 1 : reader.number(kMostSample);
  if (out.most == 0) fail_decode("PNM", "its largest sample is 0");
  if (!out.text) reader.byte();  // the one white space before binary samples
  return out;
}

/// Text samples are scaled by the largest; binary ones are bytes as they are, or the high byte of
/// two.
uint8_t read_sample(PnmReader& reader, const Header& header) {
  if (header.text) {
    const uint32_t value = reader.number(kMostSample);
    if (header.most > 255) return static_cast<uint8_t>(value >> 8);
    return static_cast<uint8_t>((value > header.most ? header.most : value) * 255 / header.most);
  }
  const uint8_t first = reader.byte();
  if (header.most > 255) reader.byte();
  return first;
}

void read_bitmap(PnmReader& reader, const Header& header, uint8_t* out) {
  for (int64_t y = 0; y < header.height; ++y) {
    uint32_t bits = 0;
    for (int64_t x = 0; x < header.width; ++x) {
      if (!header.text && x % 8 == 0) bits = reader.byte();
      const uint32_t black = header.text ? reader.digit() : bits >> (7 - x % 8) & 1;
      *out++ = black ? 0 : 255;
    }
  }
}

Image convert(Image image, int64_t channels) {
  if (image.channels == channels) return image;
  Image out = make_image(image.height, image.width, channels);
  const int64_t count = image.height * image.width;
  if (channels == 1) {
    rgb_to_gray(image.pixels.get(), out.pixels.get(), count);
  } else {
    for (int64_t i = 0; i < count; ++i) {
      for (int k = 0; k < 3; ++k) out.pixels[static_cast<size_t>(3 * i + k)] = image.pixels[i];
    }
  }
  return out;
}

}  // namespace

Decoded decode_pnm(std::span<const uint8_t> bytes, const DecodeOptions& options) {
  PnmReader reader(bytes);
  const Header header = read_header(reader, bytes[1]);
  check_plausible(header.height, header.width, bytes.size(), 8);
  Image image = make_image(header.height, header.width, header.channels);
  if (header.bitmap) {
    read_bitmap(reader, header, image.pixels.get());
  } else {
    for (size_t i = 0; i < image.size(); ++i) image.pixels[i] = read_sample(reader, header);
  }
  const int64_t channels = options.mode == ColorMode::kGrayscale ? 1
                           : options.mode == ColorMode::kColor   ? 3
                                                                 : header.channels;
  return {convert(std::move(image), channels)};
}

}  // namespace mx::image
