#include "dispatch/run_kernel.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "dispatch/kernel_registry.h"

namespace mx {
namespace {

const Op& negative() { return get_op("negative"); }

KernelQuery query(const Op& op, std::span<const TensorDesc> in, std::span<const TensorDesc> out) {
  return {op, op.default_params(), in, out};
}

/// A choice of a kernel for negative on three floats, and what is needed to run it.
struct Negative {
  TensorDesc desc{{3}, DType::kFloat32};
  float in[3] = {1, 2, 3}, out[3] = {10, 20, 30};
  Workspace scratch{Device{}};
  ChosenKernel chosen =
      choose_and_prepare(query(negative(), {&desc, 1}, {&desc, 1}), DeviceType::kCpu, true);

  void run(WriteMode mode) {
    const Tensor input{in, desc.shape, desc.dtype}, output{out, desc.shape, desc.dtype};
    const WriteMode modes[] = {mode};
    KernelContext context{Device{}, nullptr, false, nullptr, modes, &scratch};
    run_kernel(chosen, negative().default_params(), context, {&input, 1}, {&output, 1});
  }
};

TEST(RunKernel, OverwritesByDefault) {
  Negative call;
  call.run(WriteMode::kWrite);
  EXPECT_EQ(call.out[0], -1);
  EXPECT_EQ(call.out[2], -3);
}

TEST(RunKernel, AddsForKernelsThatCannot) {
  Negative call;
  ASSERT_FALSE(call.chosen.kernel->adds);
  call.run(WriteMode::kAdd);
  EXPECT_EQ(call.out[0], 9);
  EXPECT_EQ(call.out[2], 27);
}

TEST(RunKernel, AddsIntoATensor) {
  float sum[] = {1, 2}, addend[] = {10, 20};
  Workspace scratch{Device{}};
  KernelContext context{Device{}, nullptr, false, nullptr, {}, &scratch};
  add_into({sum, {2}, DType::kFloat32}, {addend, {2}, DType::kFloat32}, context);
  EXPECT_EQ(sum[0], 11);
  EXPECT_EQ(sum[1], 22);
}

TEST(ChooseKernel, TakesTheBestThatDoesNotRefuse) {
  for (const Op* op : all_ops()) {
    const std::vector<const Kernel*>& kernels = kernels_of(*op, DeviceType::kCpu);
    for (size_t i = 1; i < kernels.size(); ++i)
      EXPECT_GE(kernels[i - 1]->priority, kernels[i]->priority) << op->name;
  }
}

TEST(ChooseKernel, SaysWhyAllRefuse) {
  const TensorDesc blocked{{1, 8, 2, 2}, DType::kFloat32, Layout::kBlock8};
  const Op& op = get_op("reverse");
  const Params params = op.parse_params({{"axis", "0"}});
  std::string refusals;
  EXPECT_EQ(choose_kernel({op, params, {&blocked, 1}, {&blocked, 1}}, DeviceType::kCpu, &refusals),
            nullptr);
  EXPECT_NE(refusals.find("plain layouts only"), std::string::npos) << refusals;
}

TEST(ForceKernel, ChoosesByNameUntilItEnds) {
  const Negative before;
  const std::string name = before.chosen.kernel->name;
  const uint64_t version = forced_kernels_version();
  force_kernel(negative(), "decomposition");
  EXPECT_GT(forced_kernels_version(), version);
  EXPECT_FALSE(static_cast<bool>(Negative().chosen));
  force_kernel(negative(), name);
  EXPECT_EQ(Negative().chosen.kernel, before.chosen.kernel);
  force_kernel(negative(), "");
  EXPECT_EQ(Negative().chosen.kernel, before.chosen.kernel);
}

TEST(KernelRegistry, FindsNoProblems) {
  EXPECT_EQ(check_kernel_registry(), std::vector<std::string>{});
  EXPECT_EQ(check_op_registry(), std::vector<std::string>{});
}

}  // namespace
}  // namespace mx
