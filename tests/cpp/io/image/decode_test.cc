#include "base/error.h"
#include "gtest/gtest.h"
#include "io/image/image.h"
#include "reference.h"

namespace mx::image {
namespace {

/// "HxWxC crc", or the error's text when the file is refused.
std::string outcome(const std::vector<uint8_t>& bytes, const DecodeOptions& options) {
  try {
    const Image image = decode(bytes, options);
    return concat(image.height, "x", image.width, "x", image.channels, " ",
                  test::checksum(image.pixels.get(), image.size()));
  } catch (const Error& error) {
    return error.kind() == ErrorKind::kValue ? error.message() : "wrong kind of error";
  }
}

std::string error_of(const std::string& bytes) { return outcome({bytes.begin(), bytes.end()}, {}); }

TEST(Decode, GivesThePixelsOfOpenCvAndMxnet) {
  const auto table = test::read_table("decoded.tsv");
  ASSERT_GT(table.size(), 200u);
  for (const auto& row : table) {
    const bool as_cv2 = row[1] == "cv2";
    const DecodeOptions options{static_cast<ColorMode>(std::stoi(row[2])), !as_cv2, as_cv2, as_cv2};
    const std::string got = outcome(test::read_bytes(test::data_folder() / row[0]), options);
    const std::string where = row[0] + " as " + row[1] + ", mode " + row[2];
    if (row[3] == "0") {
      EXPECT_NE(got.find("cannot be decoded"), std::string::npos) << where << ": " << got;
    } else {
      EXPECT_EQ(got, row[3] + "x" + row[4] + "x" + row[5] + " " + row[6]) << where;
    }
  }
}

TEST(Decode, NamesWhatIsNoImage) {
  EXPECT_EQ(error_of(""),
            "imdecode: buf=0 bytes is no image; expected a JPEG, PNG, BMP or PNM file");
  EXPECT_EQ(error_of("GIF89a"),
            "imdecode: buf=6 bytes beginning with 47 49 46 38 39 61 is no image; expected a JPEG,"
            " PNG, BMP or PNM file");
}

TEST(Decode, RefusesSizesThatTheBytesCannotFill) {
  EXPECT_NE(error_of("P6 100000 100000 255\nabc").find("size=100000x100000"), std::string::npos);
  EXPECT_NE(error_of("P6 20000 20000 255\nabc").find("cannot come from"), std::string::npos);
  EXPECT_NE(error_of("P5 0 7 255\nabc").find("size=7x0"), std::string::npos);

  std::vector<uint8_t> png = test::read_bytes(test::data_folder() / "png_rgb.png");
  png[18] = 0x40;  // width 53 becomes 16437, and its CRC is wrong as well
  EXPECT_NE(outcome(png, {}).find("PNG file cannot be decoded"), std::string::npos);

  std::vector<uint8_t> jpeg = test::read_bytes(test::data_folder() / "jpeg_420.jpg");
  for (size_t i = 0; i + 8 < jpeg.size(); ++i) {
    if (jpeg[i] != 0xff || jpeg[i + 1] != 0xc0) continue;
    for (size_t k = i + 5; k < i + 9; ++k) jpeg[k] = 0x70;
    break;
  }
  EXPECT_NE(outcome(jpeg, {}).find("size=28784x28784 cannot come from"), std::string::npos);
}

TEST(Decode, SurvivesEveryCutAndManyFlips) {
  for (const char* name : {"jpeg_420_progressive.jpg", "png_rgba_interlaced.png",
                           "bmp_8_palette.bmp", "p3.ppm", "jpeg_exif6.jpg"}) {
    const std::vector<uint8_t> whole = test::read_bytes(test::data_folder() / name);
    ASSERT_FALSE(whole.empty()) << name;
    DecodeOptions options;
    options.apply_orientation = true;
    for (size_t size = 0; size < whole.size(); size += 1 + size / 40) {
      EXPECT_NE(outcome({whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size)}, options),
                "wrong kind of error");
    }
    uint32_t state = 1;
    for (int round = 0; round < 300; ++round) {
      std::vector<uint8_t> bytes = whole;
      for (int flip = 0; flip < 4; ++flip) {
        state = state * 1103515245u + 12345u;
        bytes[(state >> 8) % bytes.size()] ^= static_cast<uint8_t>(1u << (state >> 3 & 7));
      }
      EXPECT_NE(outcome(bytes, options), "wrong kind of error");
    }
  }
}

}  // namespace
}  // namespace mx::image
