// PNG by libpng, with the transformations that OpenCV asks for: 16 bits cut to 8, transparency
// dropped (not blended) unless the file is wanted unchanged, gray weighted 0.299, 0.587, 0.114.
//
// libpng reports errors by a longjmp out of its own C frames; see jpeg.cc for how that is
// contained.
#include <png.h>

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <vector>

#include "io/image/codec.h"

namespace mx::image {
namespace {

// Deflate packs 1032 bytes into one at most, and a byte can hold 8 pixels.
constexpr int64_t kDeflateRatio = 1032;

class PngReader {
 public:
  explicit PngReader(std::span<const uint8_t> bytes) : bytes_(bytes) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
    if (png_) info_ = png_create_info_struct(png_);
  }
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  bool read_header() {
    if (!info_) return false;
    if (setjmp(png_jmpbuf(png_))) return false;
    png_set_read_fn(png_, this, on_read);
    png_read_info(png_, info_);
    return true;
  }

  /// Number of channels that OpenCV gives for the file as it is stored.
  int stored_channels() const {
    const int type = png_get_color_type(png_, info_);
    if (type == PNG_COLOR_TYPE_GRAY) return 1;
    if (type & PNG_COLOR_MASK_ALPHA || png_get_valid(png_, info_, PNG_INFO_tRNS)) return 4;
    return 3;
  }

  bool start(int channels) {
    if (setjmp(png_jmpbuf(png_))) return false;
    const int type = png_get_color_type(png_, info_);
    png_set_strip_16(png_);
    if (channels < 4) {
      png_set_strip_alpha(png_);
    } else {
      png_set_tRNS_to_alpha(png_);
    }
    if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png_);
    if (!(type & PNG_COLOR_MASK_COLOR)) png_set_expand_gray_1_2_4_to_8(png_);
    if (channels == 1) {
      png_set_rgb_to_gray(png_, PNG_ERROR_ACTION_NONE, 0.299, 0.587);
    } else if (!(type & PNG_COLOR_MASK_COLOR)) {
      png_set_gray_to_rgb(png_);
    }
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    return true;
  }

  bool read_rows(uint8_t** rows) {
    if (setjmp(png_jmpbuf(png_))) return false;
    png_read_image(png_, rows);
    png_read_end(png_, info_);
    return true;
  }

  int orientation() {
    png_bytep data = nullptr;
    png_uint_32 size = 0;
    if (!png_get_eXIf_1(png_, info_, &size, &data) || !data) return 1;
    return exif_orientation({data, size});
  }

  int64_t height() const { return png_get_image_height(png_, info_); }
  int64_t width() const { return png_get_image_width(png_, info_); }
  int64_t bits_per_pixel() const {
    return int64_t{png_get_bit_depth(png_, info_)} * png_get_channels(png_, info_);
  }
  size_t row_bytes() const { return png_get_rowbytes(png_, info_); }
  const char* message() const { return message_; }

 private:
  static void on_error(png_structp png, png_const_charp text) {
    auto* reader = static_cast<PngReader*>(png_get_error_ptr(png));
    std::snprintf(reader->message_, sizeof reader->message_, "%s", text);
    png_longjmp(png, 1);
  }
  static void on_warning(png_structp, png_const_charp) {}
  static void on_read(png_structp png, png_bytep to, png_size_t count) {
    auto* reader = static_cast<PngReader*>(png_get_io_ptr(png));
    if (count > reader->bytes_.size() - reader->position_) png_error(png, "it ends too early");
    std::memcpy(to, reader->bytes_.data() + reader->position_, count);
    reader->position_ += count;
  }

  std::span<const uint8_t> bytes_;
  size_t position_ = 0;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  char message_[128] = "out of memory";
};

}  // namespace

Decoded decode_png(std::span<const uint8_t> bytes, const DecodeOptions& options) {
  PngReader reader(bytes);
  if (!reader.read_header()) fail_decode("PNG", reader.message());
  const int64_t height = reader.height(), width = reader.width();
  check_plausible(height, width, bytes.size(), kDeflateRatio * 8 / reader.bits_per_pixel() + 1);
  const int channels = options.mode == ColorMode::kGrayscale ? 1
                       : options.mode == ColorMode::kColor   ? 3
                                                             : reader.stored_channels();
  Decoded decoded{make_image(height, width, channels)};
  if (!reader.start(channels)) fail_decode("PNG", reader.message());
  const size_t stride = static_cast<size_t>(width) * static_cast<size_t>(channels);
  if (reader.row_bytes() != stride) fail_decode("PNG", "unknown pixel format");
  std::vector<uint8_t*> rows(static_cast<size_t>(height));
  for (size_t y = 0; y < rows.size(); ++y) rows[y] = decoded.image.pixels.get() + y * stride;
  if (!reader.read_rows(rows.data())) fail_decode("PNG", reader.message());
  if (options.apply_orientation) decoded.orientation = reader.orientation();
  return decoded;
}

}  // namespace mx::image
