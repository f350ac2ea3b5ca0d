#include "io/image/warp_affine.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "gtest/gtest.h"

namespace mx::image {
namespace {

constexpr Extent kFrom{5, 7, 3};
constexpr uint8_t kFill[] = {200, 201, 202};
constexpr Interpolation kAll[] = {Interpolation::kNearest, Interpolation::kLinear,
                                  Interpolation::kCubic, Interpolation::kArea,
                                  Interpolation::kLanczos4};

std::vector<uint8_t> counted() {
  std::vector<uint8_t> pixels(static_cast<size_t>(kFrom.height * kFrom.width * kFrom.channels));
  std::iota(pixels.begin(), pixels.end(), uint8_t{0});
  return pixels;
}

std::vector<uint8_t> warped(int64_t height, int64_t width, const AffineMap& map,
                            Interpolation interpolation) {
  std::vector<uint8_t> to(static_cast<size_t>(height * width * kFrom.channels), 99);
  warp_affine(counted().data(), kFrom, to.data(), height, width, map, interpolation, kFill);
  return to;
}

TEST(WarpAffine, IdentityChangesNothing) {
  for (const Interpolation each : kAll)
    EXPECT_EQ(warped(kFrom.height, kFrom.width, {1, 0, 0, 0, 1, 0}, each), counted());
}

TEST(WarpAffine, HalfTurnReversesPixels) {
  const double right = kFrom.width - 1, bottom = kFrom.height - 1;
  for (const Interpolation each : kAll) {
    const auto turned = warped(kFrom.height, kFrom.width, {-1, 0, right, 0, -1, bottom}, each);
    const auto from = counted();
    const size_t pixels = from.size() / 3;
    for (size_t i = 0; i < pixels; ++i)
      for (size_t c = 0; c < 3; ++c) EXPECT_EQ(turned[i * 3 + c], from[(pixels - 1 - i) * 3 + c]);
  }
}

TEST(WarpAffine, OutsideIsFilled) {
  for (const Interpolation each : kAll) {
    const auto moved = warped(20, 20, {1, 0, 1000, 0, 1, -1000}, each);
    for (size_t i = 0; i < moved.size(); ++i) EXPECT_EQ(moved[i], kFill[i % 3]);
  }
}

TEST(WarpAffine, MapsThatLoseOrOverflowShowSomething) {
  for (const Interpolation each : kAll) {
    const auto lost = warped(3, 3, {0, 0, 0, 0, 0, 0}, each);
    for (size_t i = 0; i < lost.size(); ++i) EXPECT_EQ(lost[i], counted()[i % 3]);
    warped(3, 3, {1e-300, 0, 0, 0, 1e-300, 0}, each);
    warped(3, 3, {1e300, 0, 1e300, 0, 1e300, -1e300}, each);
  }
}

}  // namespace
}  // namespace mx::image
