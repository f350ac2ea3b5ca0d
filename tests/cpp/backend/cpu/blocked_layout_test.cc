// Element-wise kernels that accept blocked layouts: they work on the whole buffer and leave its
// zero padding zero.
#include <gtest/gtest.h>

#include <vector>

#include "dispatch/kernel_registry.h"
#include "dispatch/run_kernel.h"
#include "ir/common_params.h"
#include "ops/elemwise/clip.h"

namespace mx {
namespace {

const Shape kShape{2, 5, 3, 2};  // five channels in blocks of eight
constexpr int64_t kBuffer = 2 * 8 * 3 * 2;

/// Offset in nChw8c.
int64_t blocked_offset(int64_t n, int64_t c, int64_t h, int64_t w) {
  return ((n * 3 + h) * 2 + w) * 8 + c;
}

std::vector<float> blocked_values(float scale) {
  std::vector<float> values(kBuffer, 0.0f);
  for (int64_t n = 0; n < 2; ++n)
    for (int64_t c = 0; c < 5; ++c)
      for (int64_t h = 0; h < 3; ++h)
        for (int64_t w = 0; w < 2; ++w)
          values[static_cast<size_t>(blocked_offset(n, c, h, w))] =
              scale * static_cast<float>(n + c - h + w + 1);
  return values;
}

/// Runs an operator on blocked tensors; empty when no kernel accepts them.
std::vector<float> run_blocked(const char* name, const Params& params, size_t num_in) {
  const Op& op = get_op(name);
  const TensorDesc desc{kShape, DType::kFloat32, Layout::kBlock8};
  const std::vector<TensorDesc> in(num_in, desc), out(1, desc);
  const ChosenKernel chosen = choose_and_prepare({op, params, in, out}, DeviceType::kCpu, false);
  if (!chosen) return {};
  std::vector<std::vector<float>> data;
  std::vector<Tensor> tensors;
  for (size_t i = 0; i < num_in; ++i) data.push_back(blocked_values(i == 0 ? 1.0f : -0.5f));
  for (auto& values : data) tensors.push_back({values.data(), kShape, desc.dtype, desc.layout});
  std::vector<float> result(kBuffer, 9.0f);
  const Tensor target{result.data(), kShape, desc.dtype, desc.layout};
  Workspace scratch{Device{}};
  KernelContext context{Device{}, nullptr, false, nullptr, {}, &scratch};
  run_kernel(chosen, params, context, tensors, {&target, 1});
  return result;
}

void expect_zero_padding(const std::vector<float>& buffer) {
  ASSERT_EQ(buffer.size(), static_cast<size_t>(kBuffer));
  for (int64_t i = 0; i < kBuffer; ++i) {
    if (i % 8 < 5) continue;
    EXPECT_EQ(buffer[static_cast<size_t>(i)], 0.0f) << "at " << i;
  }
}

TEST(BlockedLayout, SumCoversTheBuffer) {
  const auto sum = run_blocked("elemwise_add", get_op("elemwise_add").default_params(), 2);
  expect_zero_padding(sum);
  const std::vector<float> half = blocked_values(0.5f);
  EXPECT_EQ(sum, half);
}

TEST(BlockedLayout, FunctionsThatKeepZeroKeepThePadding) {
  for (const char* name : {"relu", "tanh", "square", "negative", "abs", "sqrt", "sign", "floor"})
    expect_zero_padding(run_blocked(name, get_op(name).default_params(), 1));
  expect_zero_padding(run_blocked("_mul_scalar", Params::of(ScalarParam{3.0}), 1));
  expect_zero_padding(run_blocked("clip", Params::of(ClipParam{-1.0f, 2.0f}), 1));
}

TEST(BlockedLayout, OthersRefuse) {
  for (const char* name : {"exp", "sigmoid", "cos", "log"})
    EXPECT_TRUE(run_blocked(name, get_op(name).default_params(), 1).empty()) << name;
  EXPECT_TRUE(run_blocked("clip", Params::of(ClipParam{1.0f, 2.0f}), 1).empty());
  EXPECT_TRUE(run_blocked("_plus_scalar", Params::of(ScalarParam{3.0}), 1).empty());
}

}  // namespace
}  // namespace mx
