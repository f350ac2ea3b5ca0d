// Winograd convolution against the definition, for every way in which an image may lie in memory.
#include "backend/cpu/tuned/winograd.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "backend/cpu/tuned/tile_gemm.h"

namespace mx::tuned::winograd {
namespace {

struct Case {
  int64_t samples, height, width, channels, filters, pad_top, pad_left;
  bool is_blocked;
};

class Winograd : public testing::TestWithParam<Case> {};

Image image_of(std::vector<float>& values, int64_t height, int64_t width, int64_t channels,
               bool is_blocked) {
  const int64_t pixel = is_blocked ? kLanes : channels;
  return {values.data(),
          height,
          width,
          pixel,
          width * pixel,
          is_blocked ? height * width * kLanes : kLanes,
          height * width * channels};
}

/// The element of channel c at (y, x), zero outside of the image.
double at(const Image& image, int64_t n, int64_t c, int64_t y, int64_t x) {
  if (y < 0 || x < 0 || y >= image.height || x >= image.width) return 0;
  return image.data[n * image.sample + c / kLanes * image.group + y * image.row + x * image.pixel +
                    c % kLanes];
}

std::vector<float> random_values(int64_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<float> values(static_cast<size_t>(count));
  for (float& value : values) value = uniform(generator);
  return values;
}

void run(const Problem& p, int64_t samples, const std::vector<float>& weights) {
  std::vector<float> transformed(static_cast<size_t>(weight_size(p.channels, p.filters)));
  for (int64_t k = 0; k < p.filters; k += kLanes)
    transform_weights({weights.data(), p.channels * 9, 9, false}, p.channels, p.filters, k,
                      transformed.data());
  const int64_t tiles = samples * p.tiles_down * p.tiles_across, room = tiles + 1;
  std::vector<float> inputs(static_cast<size_t>(kPoints * room * p.channels));
  std::vector<float> products(static_cast<size_t>(kPoints * room * p.filters));
  transform_input(p, 0, tiles, 0, p.channels, {inputs.data(), p.channels, room * p.channels});
  const int64_t panels = Panels(p.filters).count;
  for (int64_t point = 0; point < kPoints; ++point)
    for (int64_t panel = 0; panel < panels; ++panel)
      multiply(p, point, panel, tiles, room, inputs.data(), transformed.data(), products.data());
  transform_output(p, 0, tiles, 0, p.filters, products.data(), room);
}

TEST_P(Winograd, EqualsTheDefinition) {
  const Case c = GetParam();
  const int64_t rows = c.height + 2 * c.pad_top - 2, columns = c.width + 2 * c.pad_left - 2;
  auto data = random_values(c.samples * c.height * c.width * c.channels, 1);
  auto out = random_values(c.samples * rows * columns * c.filters, 2);
  const auto added = out, bias = random_values(c.filters, 3);
  const auto weights = random_values(c.filters * c.channels * 9, 4);
  Problem p;
  p.in = image_of(data, c.height, c.width, c.channels, c.is_blocked);
  p.out = image_of(out, rows, columns, c.filters, c.is_blocked);
  p.channels = c.channels, p.filters = c.filters;
  p.pad_top = c.pad_top, p.pad_left = c.pad_left;
  p.tiles_down = (rows + 3) / 4, p.tiles_across = (columns + 3) / 4;
  p.finish.bias = bias.data();
  p.finish.added = out.data();  // in place, as graphs do it
  p.finish.function = Finish::Function::kClamp;
  p.finish.high = std::numeric_limits<float>::infinity();
  run(p, c.samples, weights);
  auto before = added;
  const Image residual = image_of(before, rows, columns, c.filters, c.is_blocked);
  double worst = 0;
  for (int64_t n = 0; n < c.samples; ++n)
    for (int64_t k = 0; k < c.filters; ++k)
      for (int64_t y = 0; y < rows; ++y)
        for (int64_t x = 0; x < columns; ++x) {
          double sum = bias[static_cast<size_t>(k)] + at(residual, n, k, y, x);
          for (int64_t ch = 0; ch < c.channels; ++ch)
            for (int64_t i = 0; i < 9; ++i)
              sum += at(p.in, n, ch, y - c.pad_top + i / 3, x - c.pad_left + i % 3) *
                     weights[static_cast<size_t>((k * c.channels + ch) * 9 + i)];
          worst = std::max(worst, std::abs(std::max(sum, 0.0) - at(p.out, n, k, y, x)));
        }
  EXPECT_LT(worst, 1e-5 * std::sqrt(static_cast<double>(9 * c.channels)));
}

INSTANTIATE_TEST_SUITE_P(
    Sizes, Winograd,
    testing::Values(Case{1, 8, 8, 16, 16, 1, 1, false}, Case{2, 7, 9, 32, 48, 1, 1, true},
                    Case{1, 13, 5, 48, 160, 1, 1, false}, Case{3, 4, 4, 64, 96, 0, 0, true},
                    Case{1, 3, 3, 16, 112, 2, 2, false}, Case{2, 6, 10, 80, 64, 0, 2, true},
                    Case{1, 1, 1, 16, 16, 1, 1, false}, Case{1, 2, 2, 16, 16, 7, 3, false}));

}  // namespace
}  // namespace mx::tuned::winograd
