#include "comm/compression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "base/error.h"

namespace mx::comm {
namespace {

using testing::ElementsAre;

NDArray array_of(const std::vector<float>& values) {
  const NDArray array(Shape{static_cast<int64_t>(values.size())}, DType::kFloat32);
  array.copy_from_host(values.data());
  return array;
}

std::vector<float> values_of(const NDArray& array) {
  std::vector<float> values(static_cast<size_t>(array.size()));
  array.copy_to_host(values.data());
  return values;
}

TEST(Compression, SendsThresholdsAndKeepsTheRest) {
  const NDArray gradient = array_of({0.75f, -0.5f, 0.25f, 0.5f, -2});
  const NDArray residual = array_of({0, 0, 0.125f, 0.25f, 0}), values = array_of({9, 9, 9, 9, 9});
  const NDArray packed(Shape{2}, DType::kUint8);
  compress_two_bit(gradient, residual, packed, 0.5f);
  expand_two_bit(packed, values, 0.5f);
  EXPECT_THAT(values_of(values), ElementsAre(0.5f, -0.5f, 0, 0.5f, -0.5f));
  EXPECT_THAT(values_of(residual), ElementsAre(0.25f, 0, 0.375f, 0.25f, -1.5f));
  // What was kept is sent when it has become large enough.
  compress_two_bit(array_of({0, 0, 0.125f, 0, 0}), residual, packed, 0.5f);
  expand_two_bit(packed, values, 0.5f);
  EXPECT_THAT(values_of(values), ElementsAre(0, 0, 0.5f, 0, -0.5f));
}

TEST(Compression, WorksOnPartsOfArrays) {
  const NDArray whole = array_of({1, 1, 1, 1}), residual = array_of({0, 0, 0, 0});
  const NDArray packed(Shape{1}, DType::kUint8), values = array_of({7, 7, 7, 7});
  compress_two_bit(whole.view(Shape{2}, 1), residual.view(Shape{2}, 1), packed, 1);
  expand_two_bit(packed, values.view(Shape{2}, 2), 1);
  EXPECT_THAT(values_of(values), ElementsAre(7, 7, 1, 1));
  EXPECT_THAT(values_of(residual), ElementsAre(0, 0, 0, 0));
}

TEST(Compression, RefusesWhatDoesNotFit) {
  const NDArray values = array_of({1, 2, 3, 4, 5}), packed(Shape{1}, DType::kUint8);
  EXPECT_THROW(expand_two_bit(packed, values, 1), Error);
  const NDArray fits(Shape{2}, DType::kUint8);
  EXPECT_THROW(expand_two_bit(fits, values, 0), Error);
  EXPECT_THROW(expand_two_bit(values, values, 1), Error);
}

}  // namespace
}  // namespace mx::comm
