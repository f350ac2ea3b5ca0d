#include "runtime/cached_op.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "autograd/autograd.h"
#include "runtime/executor.h"
#include "runtime/inference_cache.h"

namespace mx {
namespace {

NDArray array_of(const Shape& shape, float value) {
  NDArray array(shape, DType::kFloat32);
  const std::vector<float> values(static_cast<size_t>(shape.size()), value);
  array.copy_from_host(values.data());
  return array;
}

float first_of(const NDArray& array) {
  std::vector<float> values(static_cast<size_t>(array.size()));
  array.copy_to_host(values.data());
  return values[0];
}

/// Dense layer without bias: 3 inputs, 2 outputs.
Symbol dense() {
  return Symbol::create(get_op("FullyConnected"), {{"num_hidden", "2"}, {"no_bias", "True"}},
                        "dense", std::vector<Symbol>{Symbol::variable("data")}, {});
}

TEST(CachedOp, SharesCompiledGraphAndConstantsWithExecutors) {
  const NDArray data = array_of({4, 3}, 1), weight = array_of({2, 3}, 2);
  const auto executor = Executor::bind(dense(), {data, weight}, {}, {}, {}, {});
  executor->forward(false);
  EXPECT_EQ(first_of(executor->outputs()[0]), 6);
  const size_t graphs = inference_statistics().compiled;
  const size_t constants = constant_statistics().computed;
  CachedOp op(dense(), {{"data_indices", "[0]"}, {"param_indices", "[1]"}});
  const NDArray in[] = {data, weight};
  EXPECT_EQ(first_of(op(in, {})[0]), 6);
  EXPECT_EQ(inference_statistics().compiled, graphs);
  EXPECT_EQ(constant_statistics().computed, constants);
}

TEST(CachedOp, KeepsFewShapes) {
  CachedOp op(dense(), {});
  const NDArray weight = array_of({2, 3}, 2);
  const auto run = [&](int64_t batch) {
    const NDArray in[] = {array_of({batch, 3}, 1), weight};
    op(in, {})[0].wait_to_read();
  };
  run(1);
  const size_t alive = inference_statistics().alive;
  for (int64_t batch = 2; batch < 40; ++batch) run(batch);
  EXPECT_LE(inference_statistics().alive, alive + 8);
}

/// A variable with a gradient array.
NDArray variable(const Shape& shape, float value) {
  NDArray array = array_of(shape, value);
  autograd::mark_variable(array, array_of(shape, 0), WriteMode::kAdd);
  return array;
}

TEST(CachedOp, RecordsOneComputationAndGivesItsMemoryBack) {
  CachedOp op(dense(), {});
  const NDArray weight = variable({2, 3}, 2);
  {
    const NDArray in[] = {array_of({4, 3}, 1), weight};
    std::vector<NDArray> out;
    {
      const autograd::ScopedMode mode(true, true);
      out = op(in, {});
    }
    EXPECT_TRUE(in[0].is_held());
    autograd::backward(out, {}, false, true);
    EXPECT_FALSE(in[0].is_held());
    EXPECT_FALSE(autograd::is_known(out[0]));
  }
  EXPECT_EQ(first_of(autograd::variable_of(weight)->grad), 4);
}

TEST(CachedOp, ThreadsCallOneOperator) {
  CachedOp op(dense(), {});
  const NDArray weight = variable({2, 3}, 2);
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 16; ++t)
    threads.emplace_back([&, t] {
      const NDArray in[] = {array_of({1 + t % 3, 3}, static_cast<float>(t)), weight};
      for (int step = 0; step < 40; ++step) {
        const bool record = (t + step) % 2 == 0;
        std::vector<NDArray> out;
        {
          const autograd::ScopedMode mode(record, record);
          out = op(in, {});
        }
        if (first_of(out[0]) != static_cast<float>(6 * t)) ++wrong;
        if (record) autograd::backward(out, {}, step % 4 == 0, true);
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  float expected = 0;  // each backward adds batch * value
  for (int t = 0; t < 16; ++t) expected += 20.0f * static_cast<float>((1 + t % 3) * t);
  EXPECT_EQ(first_of(autograd::variable_of(weight)->grad), expected);
}

}  // namespace
}  // namespace mx
