#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "gtest/gtest.h"
#include "io/image/image.h"
#include "reference.h"

namespace mx::image {
namespace {

/// The pixels of tools/oracle/make_image_reference.py.
template <typename T>
std::vector<T> source_pixels(const Extent& extent) {
  std::vector<T> pixels(static_cast<size_t>(extent.height * extent.width * extent.channels));
  uint32_t state = 12345;
  for (T& value : pixels) {
    state = state * 1103515245u + 12345u;
    value = static_cast<T>(state >> 24);
  }
  return pixels;
}

template <typename T>
std::string resized_checksum(const Extent& from, int64_t height, int64_t width, int interpolation) {
  const std::vector<T> src = source_pixels<T>(from);
  std::vector<T> dst(static_cast<size_t>(height * width * from.channels));
  resize(src.data(), from, dst.data(), height, width, static_cast<Interpolation>(interpolation));
  return std::to_string(test::checksum(dst.data(), dst.size() * sizeof(T)));
}

TEST(Resize, EqualsMxnetToTheLastBit) {
  const auto table = test::read_table("resized.tsv");
  ASSERT_GT(table.size(), 50u);
  for (const auto& row : table) {
    const Extent from{std::stoll(row[0]), std::stoll(row[1]), std::stoll(row[2])};
    const int64_t height = std::stoll(row[3]), width = std::stoll(row[4]);
    const int interpolation = std::stoi(row[5]);
    const std::string where = concat(row[0], "x", row[1], "x", row[2], " to ", row[3], "x", row[4],
                                     ", interpolation ", row[5]);
    EXPECT_EQ(resized_checksum<uint8_t>(from, height, width, interpolation), row[6]) << where;
    EXPECT_EQ(resized_checksum<float>(from, height, width, interpolation), row[7]) << where;
  }
}

TEST(Resize, SameSizeCopies) {
  const Extent extent{5, 7, 3};
  const std::vector<uint8_t> src = source_pixels<uint8_t>(extent);
  std::vector<uint8_t> dst(src.size());
  for (const auto kind : {Interpolation::kNearest, Interpolation::kCubic, Interpolation::kArea}) {
    std::fill(dst.begin(), dst.end(), 0);
    resize(src.data(), extent, dst.data(), extent.height, extent.width, kind);
    EXPECT_EQ(src, dst);
  }
}

// Large pictures are computed in parts by several threads; the parts must not show.
TEST(Resize, LargePicturesEqualTheirParts) {
  constexpr int64_t kFactor = 3, kHeight = 900, kWidth = 1400;
  const Extent whole{kHeight, kWidth, 3};
  const std::vector<uint8_t> src = source_pixels<uint8_t>(whole);
  std::vector<uint8_t> dst(src.size() * kFactor * kFactor);
  for (const auto kind :
       {Interpolation::kNearest, Interpolation::kLinear, Interpolation::kLanczos4}) {
    resize(src.data(), whole, dst.data(), kHeight * kFactor, kWidth * kFactor, kind);
    // The upper third alone, with enough rows below that its last wanted row sees the same input.
    const Extent part{kHeight / 3 + 10, kWidth, 3};
    std::vector<uint8_t> top(static_cast<size_t>(part.height * kWidth * 3) * kFactor * kFactor);
    resize(src.data(), part, top.data(), part.height * kFactor, kWidth * kFactor, kind);
    const auto wanted = static_cast<ptrdiff_t>(kHeight / 3 * kFactor * kWidth * kFactor * 3);
    EXPECT_TRUE(std::equal(top.begin(), top.begin() + wanted, dst.begin()));
  }
}

TEST(Resize, RefusesWrongSizesAndMethods) {
  const uint8_t pixel[3] = {1, 2, 3};
  uint8_t out[3];
  EXPECT_THROW(resize(pixel, {0, 1, 3}, out, 1, 1, Interpolation::kLinear), Error);
  EXPECT_THROW(resize(pixel, {1, 1, 3}, out, -1, 1, Interpolation::kLinear), Error);
  EXPECT_THROW(resize(pixel, {1, 1, 3}, out, 1, 2, static_cast<Interpolation>(7)), Error);
}

TEST(Color, GrayKeepsWhiteAndWeighsChannels) {
  const uint8_t rgb[] = {255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255};
  uint8_t gray[4];
  rgb_to_gray(rgb, gray, 4);
  EXPECT_EQ(std::vector<uint8_t>(gray, gray + 4), (std::vector<uint8_t>{255, 76, 150, 29}));
}

TEST(Border, FillsEachKind) {
  const uint8_t row[] = {1, 2, 3};
  const uint8_t fill[] = {9};
  const auto padded = [&](Border border) {
    std::vector<uint8_t> out(11);
    copy_make_border(row, {1, 3, 1}, out.data(), {0, 0, 4, 4}, border, fill);
    return out;
  };
  using Row = std::vector<uint8_t>;
  EXPECT_EQ(padded(Border::kConstant), (Row{9, 9, 9, 9, 1, 2, 3, 9, 9, 9, 9}));
  EXPECT_EQ(padded(Border::kReplicate), (Row{1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3}));
  EXPECT_EQ(padded(Border::kReflect), (Row{3, 3, 2, 1, 1, 2, 3, 3, 2, 1, 1}));
  EXPECT_EQ(padded(Border::kWrap), (Row{3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1}));
  EXPECT_EQ(padded(Border::kReflect101), (Row{1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3}));
}

TEST(Border, RefusesWrongArguments) {
  const uint8_t row[] = {1, 2, 3};
  std::vector<uint8_t> out(64);
  EXPECT_THROW(copy_make_border(row, {1, 3, 1}, out.data(), {-1, 0, 0, 0}, Border::kWrap, {}),
               Error);
  EXPECT_THROW(copy_make_border(row, {1, 3, 1}, out.data(), {1, 0, 0, 0}, Border::kConstant, {}),
               Error);
  EXPECT_THROW(copy_make_border(row, {0, 3, 1}, out.data(), {1, 0, 0, 0}, Border::kWrap, {}),
               Error);
}

}  // namespace
}  // namespace mx::image
