// Convolutions of each channel with a window of its own against the definition: tiles of 3x3
// windows at all edges of the image, and other windows.
#include "backend/cpu/tuned/depthwise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "backend/cpu/tuned/write.h"
#include "whole_values.h"

namespace mx::tuned {
namespace {

float expected_at(const DirectSizes& s, const Image& in, const std::vector<float>& packed,
                  int64_t sample, int64_t c, int64_t y, int64_t x) {
  float sum = 0;
  for (int64_t ky = 0; ky < s.kernel[0]; ++ky)
    for (int64_t kx = 0; kx < s.kernel[1]; ++kx) {
      const int64_t row = y * s.stride[0] - s.pad[0] + ky * s.dilate[0];
      const int64_t column = x * s.stride[1] - s.pad[1] + kx * s.dilate[1];
      if (row < 0 || row >= s.in[0] || column < 0 || column >= s.in[1]) continue;
      sum += packed[(ky * s.kernel[1] + kx) * s.channels + c] *
             in.data[sample * in.sample + row * in.row + column * in.pixel + c / kLanes * in.group +
                     c % kLanes];
    }
  return sum;
}

Tensor image_tensor(std::vector<float>& values, const Shape& shape, Layout layout) {
  Tensor tensor{values.data(), shape};
  tensor.layout = layout;
  return tensor;
}

void check(const FusedConvolutionParam& p, const Shape& shape, Layout layout) {
  Shape result = shape;
  for (int axis = 0; axis < 2; ++axis)
    result[2 + axis] =
        (shape[2 + axis] + 2 * p.pad[axis] - (p.kernel[axis] - 1) * p.dilate[axis] - 1) /
            p.stride[axis] +
        1;
  std::vector<float> data = whole_values(shape.size(), 1);
  std::vector<float> results(static_cast<size_t>(result.size()), NAN);
  const std::vector<float> packed = whole_values(shape[1] * p.kernel.size(), 2);
  const Image in = image_of(image_tensor(data, shape, layout));
  const Image out = image_of(image_tensor(results, result, layout));
  const DirectSizes s = direct_sizes(p, shape, result);
  DepthwiseRun<float, WriteReal>(s, data.data(), in, out, packed.data(), WriteReal{out, {}})();
  int64_t wrong = 0;
  for (int64_t n = 0; n < s.samples; ++n)
    for (int64_t c = 0; c < s.channels; ++c)
      for (int64_t y = 0; y < s.out[0]; ++y)
        for (int64_t x = 0; x < s.out[1]; ++x)
          wrong += out.data[n * out.sample + y * out.row + x * out.pixel + c / kLanes * out.group +
                            c % kLanes] != expected_at(s, in, packed, n, c, y, x);
  EXPECT_EQ(wrong, 0) << "shape " << shape << ", kernel " << p.kernel << ", stride " << p.stride
                      << ", pad " << p.pad;
}

FusedConvolutionParam window(const Shape& kernel, const Shape& stride, const Shape& pad) {
  FusedConvolutionParam p;
  p.kernel = kernel, p.stride = stride, p.pad = pad, p.dilate = Shape{1, 1};
  return p;
}

class Depthwise : public testing::TestWithParam<Layout> {};

TEST_P(Depthwise, TilesOfAllSizesAtAllEdges) {
  for (int64_t height = 1; height <= 6; ++height)
    for (int64_t width = 1; width <= 10; ++width)
      for (const int64_t stride : {1, 2})
        for (const int64_t pad : {1, 2})
          check(window({3, 3}, {stride, stride}, {pad, 3 - pad}), {2, 32, height + pad, width + 2},
                GetParam());
}

TEST_P(Depthwise, WindowsBesideTheImage) {
  for (const int64_t stride : {1, 2})
    check(window({3, 3}, {stride, stride}, {5, 4}), {1, 16, 2, 1}, GetParam());
}

TEST_P(Depthwise, ManyChannels) {
  check(window({3, 3}, {1, 1}, {1, 1}), {3, 560, 9, 7}, GetParam());
}

TEST_P(Depthwise, OtherWindows) {
  check(window({3, 3}, {1, 2}, {1, 1}), {2, 32, 9, 11}, GetParam());
  check(window({3, 3}, {3, 3}, {1, 1}), {2, 32, 9, 11}, GetParam());
  check(window({5, 3}, {1, 1}, {2, 1}), {2, 32, 9, 11}, GetParam());
  FusedConvolutionParam dilated = window({3, 3}, {1, 1}, {2, 2});
  dilated.dilate = Shape{2, 2};
  check(dilated, {2, 32, 9, 11}, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Layouts, Depthwise, testing::Values(Layout::kChannelsLast, kBlocks));

}  // namespace
}  // namespace mx::tuned
