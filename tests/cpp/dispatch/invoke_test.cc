#include "dispatch/invoke.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/error.h"

namespace mx {
namespace {

using Values = std::vector<float>;

NDArray array_of(const Values& values, Shape shape = {}) {
  if (shape.ndim() <= 0) shape = {static_cast<int64_t>(values.size())};
  NDArray array(shape, DType::kFloat32);
  array.copy_from_host(values.data());
  return array;
}

Values values_of(const NDArray& array) {
  Values values(static_cast<size_t>(array.size()));
  array.copy_to_host(values.data());
  return values;
}

void call(const char* name, std::vector<NDArray> in, std::vector<NDArray>& out,
          const AttrMap& attrs = {}, const InvokeOptions& options = {}) {
  const Op& op = get_op(name);
  invoke(op, op.parse_params(attrs), in, out, options);
}

Values result_of(const char* name, std::vector<NDArray> in, const AttrMap& attrs = {}) {
  std::vector<NDArray> out;
  call(name, std::move(in), out, attrs);
  return values_of(out.at(0));
}

std::string error_of(const char* name, std::vector<NDArray> in, std::vector<NDArray> out = {},
                     const AttrMap& attrs = {}) {
  try {
    call(name, std::move(in), out, attrs);
    for (const NDArray& array : out) array.wait_to_read();
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

TEST(Invoke, MakesOutputs) {
  std::vector<NDArray> out;
  call("elemwise_add", {array_of({1, 2, 3}), array_of({10, 20, 30})}, out);
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].shape(), Shape{3});
  EXPECT_EQ(values_of(out[0]), (Values{11, 22, 33}));
}

TEST(Invoke, WritesOutputsThatAreGiven) {
  std::vector<NDArray> out{array_of({7, 7, 7})};
  const void* memory = out[0].data();
  call("negative", {array_of({1, 2, 3})}, out);
  EXPECT_EQ(values_of(out[0]), (Values{-1, -2, -3}));
  EXPECT_EQ(out[0].data(), memory);
}

TEST(Invoke, WritesOnlyTheViewThatIsGiven) {
  const NDArray whole = array_of({1, 2, 3, 4, 5});
  std::vector<NDArray> out{whole.view({2}, 2)};
  call("negative", {array_of({8, 9})}, out);
  EXPECT_EQ(values_of(whole), (Values{1, 2, -8, -9, 5}));
}

TEST(Invoke, OverlappingViewsAreReadBeforeTheyAreWritten) {
  const NDArray whole = array_of({1, 2, 3, 4, 5});
  std::vector<NDArray> out{whole.view({4}, 1)};
  call("negative", {whole.view({4}, 0)}, out);
  EXPECT_EQ(values_of(whole), (Values{1, -1, -2, -3, -4}));
}

TEST(Invoke, AnInputMayBeTheOutputWhereTheOperatorForbidsIt) {
  const NDArray data = array_of({1, 2, 3, 4});
  std::vector<NDArray> out{data};
  call("reverse", {data}, out, {{"axis", "0"}});
  EXPECT_EQ(values_of(data), (Values{4, 3, 2, 1}));
}

TEST(Invoke, AddsWhereAskedTo) {
  std::vector<NDArray> out{array_of({100, 200})};
  const WriteMode modes[] = {WriteMode::kAdd};
  InvokeOptions options;
  options.write_modes = modes;
  call("negative", {array_of({1, 2})}, out, {}, options);
  EXPECT_EQ(values_of(out[0]), (Values{99, 198}));
}

TEST(Invoke, DecomposesWhatHasNoKernel) {
  const NDArray data = array_of({1, 2, 3, 4}, {2, 2});
  ASSERT_TRUE(kernels_of(get_op("moments"), DeviceType::kCpu).empty());
  std::vector<NDArray> out;
  call("moments", {data}, out, {{"axes", "(1,)"}});
  EXPECT_EQ(values_of(out.at(0)), (Values{1.5, 3.5}));
  EXPECT_EQ(values_of(out.at(1)), (Values{0.25, 0.25}));
}

TEST(Invoke, LargeWorkIsDoneWhenSomebodyWaits) {
  constexpr size_t kSize = 300000;
  Values values(kSize);
  std::iota(values.begin(), values.end(), 0.0f);
  std::vector<NDArray> chain{array_of(values)};
  for (int i = 0; i < 10; ++i) {
    std::vector<NDArray> out;
    call("_plus_scalar", {chain.back()}, out, {{"scalar", "1"}});
    chain.push_back(out[0]);
  }
  const Values result = values_of(chain.back());
  for (size_t i : {size_t{0}, kSize / 2, kSize - 1}) EXPECT_EQ(result[i], values[i] + 10);
}

TEST(Invoke, NamesWhatIsWrong) {
  const NDArray two = array_of({1, 2}), three = array_of({1, 2, 3});
  EXPECT_NE(error_of("elemwise_add", {two}).find("elemwise_add: 1 inputs were given"),
            std::string::npos);
  EXPECT_NE(error_of("elemwise_add", {two, NDArray()}).find("is missing"), std::string::npos);
  EXPECT_NE(error_of("elemwise_add", {two, three}).find("elemwise_add"), std::string::npos);
  EXPECT_NE(error_of("negative", {two}, {three}).find("negative"), std::string::npos);
}

TEST(Invoke, AFailedCallLeavesArraysUsable) {
  const NDArray data = array_of({1, 2}), index = array_of({5});
  std::vector<NDArray> out{array_of({0})};
  EXPECT_NE(error_of("take", {data, index}, out, {{"mode", "raise"}}), "no error");
  EXPECT_EQ(values_of(data), (Values{1, 2}));
  EXPECT_EQ(result_of("negative", {data}), (Values{-1, -2}));
}

TEST(InferOutputTypes, TellsShapeAndDType) {
  const Op& op = get_op("dot");
  const TensorType in[] = {{{2, 3}, DType::kFloat64}, {{3, 4}, DType::kFloat64}};
  const auto types = infer_output_types(op, op.default_params(), in);
  ASSERT_EQ(types.size(), 1u);
  EXPECT_EQ(types[0].shape, (Shape{2, 4}));
  EXPECT_EQ(types[0].dtype, DType::kFloat64);
}

TEST(InferOutputTypes, RefusesWhatStaysUnknown) {
  const Op& op = get_op("negative");
  const TensorType in[] = {{Shape{2, -1}, DType::kFloat32}};
  EXPECT_THROW(infer_output_types(op, op.default_params(), in), Error);
}

}  // namespace
}  // namespace mx
