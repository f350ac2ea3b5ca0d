#include "backend/common/fast_math.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace mx {
namespace {

/// Largest error of f in units in the last place, over n arguments from low to high.
template <typename F, typename Reference>
double worst_error(F f, Reference exact, double low, double high, int n = 200000) {
  double worst = 0;
  for (int i = 0; i <= n; ++i) {
    const auto x = static_cast<float>(low + (high - low) * i / n);
    const double want = exact(static_cast<double>(x));
    const float rounded = std::abs(static_cast<float>(want));
    const double unit = std::nextafter(rounded, std::numeric_limits<float>::infinity()) - rounded;
    worst = std::max(worst, std::abs(static_cast<double>(f(x)) - want) / unit);
  }
  return worst;
}

double exact_sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

TEST(FastMath, IsExactToTwoUnitsOrSo) {
  const auto exp = [](float x) { return math::exp(x); };
  const auto log = [](float x) { return math::log(x); };
  const auto tanh = [](float x) { return math::tanh(x); };
  const auto erf = [](float x) { return math::erf(x); };
  const auto sigmoid = [](float x) { return math::sigmoid(x); };
  EXPECT_LT(worst_error(
                exp, [](double x) { return std::exp(x); }, -87, 88.7),
            1.3);
  EXPECT_LT(worst_error(
                exp, [](double x) { return std::exp(x); }, -103, -87),
            1.3);
  EXPECT_LT(worst_error(
                log, [](double x) { return std::log(x); }, 1e-42, 1e-38),
            1.5);
  EXPECT_LT(worst_error(
                log, [](double x) { return std::log(x); }, 0.3, 3),
            1.5);
  EXPECT_LT(worst_error(
                log, [](double x) { return std::log(x); }, 1e-6, 3e38),
            1.5);
  EXPECT_LT(worst_error(
                tanh, [](double x) { return std::tanh(x); }, -10, 10),
            2.5);
  EXPECT_LT(worst_error(
                tanh, [](double x) { return std::tanh(x); }, -0.7, 0.7),
            2.5);
  EXPECT_LT(worst_error(
                erf, [](double x) { return std::erf(x); }, -5, 5),
            2.5);
  EXPECT_LT(worst_error(
                erf, [](double x) { return std::erf(x); }, -1, 1),
            2.5);
  EXPECT_LT(worst_error(sigmoid, exact_sigmoid, -80, 20), 2.8);
}

TEST(FastMath, KeepsInfinitiesAndNan) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(math::exp(infinity), infinity);
  EXPECT_EQ(math::exp(-infinity), 0.0f);
  EXPECT_EQ(math::exp(0.0f), 1.0f);
  EXPECT_EQ(math::log(0.0f), -infinity);
  EXPECT_EQ(math::log(1.0f), 0.0f);
  EXPECT_EQ(math::log(infinity), infinity);
  EXPECT_TRUE(std::isnan(math::log(-1.0f)));
  EXPECT_EQ(math::tanh(infinity), 1.0f);
  EXPECT_EQ(math::tanh(-infinity), -1.0f);
  EXPECT_EQ(math::erf(infinity), 1.0f);
  EXPECT_EQ(math::sigmoid(-infinity), 0.0f);
  EXPECT_TRUE(std::isnan(math::exp(nan)));
  EXPECT_TRUE(std::isnan(math::log(nan)));
  EXPECT_TRUE(std::isnan(math::tanh(nan)));
  EXPECT_TRUE(std::isnan(math::erf(nan)));
  EXPECT_TRUE(std::isnan(math::sigmoid(nan)));
}

}  // namespace
}  // namespace mx
