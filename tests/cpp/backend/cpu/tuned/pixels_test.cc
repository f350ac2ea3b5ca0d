// Products of pixels and packed weights, shared between threads in every way, against the
// definition.
#include "backend/cpu/tuned/pixels.h"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <vector>

#include "whole_values.h"

namespace mx::tuned {
namespace {

int64_t largest_share(const Shares& shares, int64_t pixels, const Panels& panels) {
  int64_t filters = 0;
  for (int64_t i = 0; i < shares.panels; ++i)
    filters = std::max(filters, panels.begin(panels.count * (i + 1) / shares.panels) -
                                    panels.begin(panels.count * i / shares.panels));
  return (pixels + shares.pixels - 1) / shares.pixels * filters;
}

TEST(Shares, AreNearlyEven) {
  for (const int64_t threads : {1, 2, 3, 4, 8})
    for (const int64_t pixels : {49, 196, 784})
      for (const int64_t filters : {32, 64, 96, 160, 320, 960}) {
        const Panels panels(filters);
        const Shares shares = shares_of(threads, pixels, 64, panels);
        EXPECT_EQ(shares.pixels * shares.panels, threads);
        EXPECT_LE(largest_share(shares, pixels, panels) * threads * 4, pixels * filters * 5)
            << threads << " threads, " << pixels << " pixels, " << filters << " filters";
      }
}

TEST(Shares, ReadTheLargerOperandOnce) {
  const Panels panels(16 * kPanel);
  EXPECT_EQ(shares_of(2, 10, 64, panels).panels, 2);
  EXPECT_EQ(shares_of(2, 100000, 64, panels).pixels, 2);
}

struct Case {
  int64_t pixels, channels, filters;
};

class MultiplyPixels : public testing::TestWithParam<Case> {};

TEST_P(MultiplyPixels, GivesTheProductWithAnyThreads) {
  const auto [pixels, channels, filters] = GetParam();
  std::vector<float> data = whole_values(pixels * channels, 1);
  std::vector<float> weight = whole_values(filters * channels, 2), bias = whole_values(filters, 3);
  std::vector<float> packed(static_cast<size_t>(Panels(filters).vectors * kLanes * channels));
  for (int64_t i = 0; i < Panels(filters).count; ++i)
    pack_panel(weight.data(), filters, channels, i, packed.data());
  Finish finish;
  finish.bias = bias.data();
  finish.function = Finish::Function::kClamp;
  finish.low = -20, finish.high = 1000;
  const int threads_before = omp_get_max_threads();
  for (int threads = 1; threads <= 6; ++threads) {
    omp_set_num_threads(threads);
    std::vector<float> results(static_cast<size_t>(pixels * filters + kLanes), NAN);
    Tensor out{results.data(), Shape{1, filters, pixels, 1}};
    out.layout = Layout::kChannelsLast;
    multiply_pixels(data.data(), packed.data(), channels, out, finish);
    int64_t wrong = 0;
    for (int64_t p = 0; p < pixels; ++p)
      for (int64_t f = 0; f < filters; ++f) {
        float sum = bias[f];
        for (int64_t c = 0; c < channels; ++c)
          sum += data[p * channels + c] * weight[f * channels + c];
        wrong += results[p * filters + f] != std::clamp(sum, finish.low, finish.high);
      }
    EXPECT_EQ(wrong, 0) << threads << " threads";
    EXPECT_TRUE(std::isnan(results[static_cast<size_t>(pixels * filters)]));
  }
  omp_set_num_threads(threads_before);
}

INSTANTIATE_TEST_SUITE_P(Sizes, MultiplyPixels,
                         testing::Values(Case{1, 5, 16}, Case{49, 400, 160}, Case{49, 64, 1280},
                                         Case{196, 96, 64}, Case{391, 33, 80}, Case{1000, 16, 96},
                                         Case{391, 33, 24}, Case{49, 64, 1000}, Case{13, 20, 13},
                                         Case{5, 3, 1}));

}  // namespace
}  // namespace mx::tuned
