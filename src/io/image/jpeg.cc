// JPEG by libjpeg-turbo: integer DCT and smooth chroma upsampling, as OpenCV asks for.
//
// libjpeg reports errors by a longjmp out of its own C frames. Each call into it therefore stands
// in a function without objects that have a destructor, which turns the jump into a return value.
// jpeglib.h needs FILE and size_t.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <algorithm>
#include <csetjmp>
#include <cstring>
#include <vector>

#include "io/image/codec.h"

namespace mx::image {
namespace {

// Every 8x8 block costs a bit or more, and arithmetic coding a little less.
constexpr int64_t kPixelsPerByte = 4096;
// Each scan of a progressive file walks over the whole picture; encoders write about ten.
constexpr int kMaxScans = 200;
constexpr char kExifMark[] = "Exif\0";  // and the terminating zero: six bytes

struct Trap {
  jpeg_error_mgr manager;  // first, so that libjpeg's pointer to it is a pointer to the trap
  std::jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
};

void on_error(j_common_ptr info) {
  Trap* trap = reinterpret_cast<Trap*>(info->err);
  info->err->format_message(info, trap->message);
  std::longjmp(trap->jump, 1);
}

void on_message(j_common_ptr, int) {}

void on_progress(j_common_ptr info) {
  if (!info->is_decompressor) return;
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number <= kMaxScans) return;
  Trap* trap = reinterpret_cast<Trap*>(info->err);
  std::snprintf(trap->message, sizeof trap->message, "over %d scans", kMaxScans);
  std::longjmp(trap->jump, 1);
}

/// One decompressor. Functions that return bool give false when libjpeg refused; message() says
/// why.
class JpegReader {
 public:
  explicit JpegReader(std::span<const uint8_t> bytes) : bytes_(bytes) {
    std::memset(&info_, 0, sizeof info_);
    info_.err = jpeg_std_error(&trap_.manager);
    trap_.manager.error_exit = on_error;
    trap_.manager.emit_message = on_message;
    trap_.message[0] = '\0';
    progress_ = {};
    progress_.progress_monitor = on_progress;
  }
  ~JpegReader() { jpeg_destroy_decompress(&info_); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  bool read_header(bool keep_exif) {
    if (setjmp(trap_.jump)) return false;
    jpeg_create_decompress(&info_);
    info_.progress = &progress_;
    jpeg_mem_src(&info_, bytes_.data(), static_cast<unsigned long>(bytes_.size()));
    if (keep_exif) jpeg_save_markers(&info_, JPEG_APP0 + 1, 0xffff);
    jpeg_read_header(&info_, TRUE);
    return true;
  }

  bool start(J_COLOR_SPACE color_space, bool smooth_upsampling) {
    if (setjmp(trap_.jump)) return false;
    info_.out_color_space = color_space;
    info_.do_fancy_upsampling = smooth_upsampling ? TRUE : FALSE;
    jpeg_start_decompress(&info_);
    return true;
  }

  bool read_row(uint8_t* row) {
    if (setjmp(trap_.jump)) return false;
    JSAMPROW rows[1] = {row};
    return jpeg_read_scanlines(&info_, rows, 1) == 1;
  }

  bool finish() {
    if (setjmp(trap_.jump)) return false;
    jpeg_finish_decompress(&info_);
    return true;
  }

  const jpeg_decompress_struct& info() const { return info_; }
  const char* message() const { return trap_.message; }

 private:
  std::span<const uint8_t> bytes_;
  jpeg_decompress_struct info_;
  jpeg_progress_mgr progress_;
  Trap trap_;
};

/// Whether colour is stored at full width and half height.
bool has_vertical_chroma_only(const jpeg_decompress_struct& info) {
  if (info.num_components != 3 || info.jpeg_color_space != JCS_YCbCr) return false;
  const jpeg_component_info* part = info.comp_info;
  return info.max_v_samp_factor == 2 * part[1].v_samp_factor &&
         info.max_h_samp_factor == part[1].h_samp_factor &&
         part[1].v_samp_factor == part[2].v_samp_factor &&
         part[1].h_samp_factor == part[2].h_samp_factor;
}

int orientation_of(const jpeg_decompress_struct& info) {
  constexpr size_t kMarkSize = sizeof kExifMark;
  for (jpeg_saved_marker_ptr marker = info.marker_list; marker; marker = marker->next) {
    if (marker->data_length < kMarkSize || std::memcmp(marker->data, kExifMark, kMarkSize))
      continue;
    return exif_orientation({marker->data + kMarkSize, marker->data_length - kMarkSize});
  }
  return 1;
}

/// Converts inverted CMYK, which is what the files of all common programs hold, to RGB.
void cmyk_to_rgb(const uint8_t* src, uint8_t* dst, int64_t num_pixels) {
  for (int64_t i = 0; i < num_pixels; ++i) {
    const int black = src[4 * i + 3];
    for (int k = 0; k < 3; ++k) {
      dst[3 * i + k] = static_cast<uint8_t>(black - ((255 - src[4 * i + k]) * black >> 8));
    }
  }
}

void read_plain(JpegReader& reader, Image& image) {
  const int64_t stride = image.width * image.channels;
  for (int64_t y = 0; y < image.height; ++y) {
    if (!reader.read_row(image.pixels.get() + y * stride)) fail_decode("JPEG", reader.message());
  }
}

/// Converts a row of full-range YCbCr to RGB in 16-bit fixed point, as libjpeg does.
void ycc_to_rgb(const uint8_t* luma, const uint8_t* blue, const uint8_t* red, uint8_t* rgb,
                int64_t width) {
  const auto fixed = [](double value) { return static_cast<int>(value * 65536 + 0.5); };
  const auto saturate = [](int value) { return static_cast<uint8_t>(std::clamp(value, 0, 255)); };
  constexpr int kHalf = 1 << 15;
  for (int64_t x = 0; x < width; ++x, rgb += 3) {
    const int y = luma[3 * x], b = blue[x] - 128, r = red[x] - 128;
    rgb[0] = saturate(y + ((fixed(1.40200) * r + kHalf) >> 16));
    rgb[1] = saturate(y + ((-fixed(0.34414) * b - fixed(0.71414) * r + kHalf) >> 16));
    rgb[2] = saturate(y + ((fixed(1.77200) * b + kHalf) >> 16));
  }
}

/// Interpolates one colour plane between rows of half height as libjpeg-turbo 2.0 did: three parts
/// of the nearer row, one of the other, always rounded down at a half.
void blend_chroma(const uint8_t* near, const uint8_t* far, uint8_t* out, int64_t width) {
  for (int64_t x = 0; x < width; ++x) {
    out[x] = static_cast<uint8_t>((3 * near[3 * x] + far[3 * x] + 1) >> 2);
  }
}

/// Turns YCbCr pixels whose colour is repeated in pairs of rows into RGB with colour interpolated.
Image smooth_vertical_chroma(const Image& ycc) {
  Image rgb = make_image(ycc.height, ycc.width, 3);
  const int64_t stride = ycc.width * 3, last_pair = (ycc.height - 1) / 2;
  std::vector<uint8_t> blue(static_cast<size_t>(ycc.width)), red(blue.size());
  for (int64_t y = 0; y < ycc.height; ++y) {
    const int64_t pair = y / 2;
    const int64_t other = std::clamp<int64_t>(y % 2 ? pair + 1 : pair - 1, 0, last_pair);
    const uint8_t* near = ycc.pixels.get() + 2 * pair * stride;
    const uint8_t* far = ycc.pixels.get() + 2 * other * stride;
    blend_chroma(near + 1, far + 1, blue.data(), ycc.width);
    blend_chroma(near + 2, far + 2, red.data(), ycc.width);
    ycc_to_rgb(ycc.pixels.get() + y * stride, blue.data(), red.data(),
               rgb.pixels.get() + y * stride, ycc.width);
  }
  return rgb;
}

void read_cmyk(JpegReader& reader, Image& image) {
  std::vector<uint8_t> inks(static_cast<size_t>(image.width) * 4);
  std::vector<uint8_t> rgb(static_cast<size_t>(image.width) * 3);
  const int64_t stride = image.width * image.channels;
  for (int64_t y = 0; y < image.height; ++y) {
    if (!reader.read_row(inks.data())) fail_decode("JPEG", reader.message());
    uint8_t* row = image.pixels.get() + y * stride;
    cmyk_to_rgb(inks.data(), image.channels == 3 ? row : rgb.data(), image.width);
    if (image.channels == 1) rgb_to_gray(rgb.data(), row, image.width);
  }
}

}  // namespace

Decoded decode_jpeg(std::span<const uint8_t> bytes, const DecodeOptions& options) {
  JpegReader reader(bytes);
  if (!reader.read_header(options.apply_orientation)) fail_decode("JPEG", reader.message());
  const jpeg_decompress_struct& info = reader.info();
  const int64_t height = info.image_height, width = info.image_width;
  check_plausible(height, width, bytes.size(), kPixelsPerByte);
  const bool gray = options.mode == ColorMode::kGrayscale ||
                    (options.mode == ColorMode::kUnchanged && info.num_components == 1);
  Decoded decoded{make_image(height, width, gray ? 1 : 3), orientation_of(info)};
  const bool cmyk = info.num_components == 4;
  const bool old_chroma =
      !gray && !options.smooth_vertical_chroma && has_vertical_chroma_only(info);
  const J_COLOR_SPACE space = cmyk         ? JCS_CMYK
                              : gray       ? JCS_GRAYSCALE
                              : old_chroma ? JCS_YCbCr
                                           : JCS_RGB;
  if (!reader.start(space, !old_chroma)) fail_decode("JPEG", reader.message());
  if (cmyk) {
    read_cmyk(reader, decoded.image);
  } else {
    read_plain(reader, decoded.image);
  }
  if (!reader.finish()) fail_decode("JPEG", reader.message());
  if (old_chroma) decoded.image = smooth_vertical_chroma(decoded.image);
  return decoded;
}

}  // namespace mx::image
