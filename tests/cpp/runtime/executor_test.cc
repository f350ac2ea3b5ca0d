#include "runtime/executor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ir/infer_graph.h"

namespace mx {
namespace {

Symbol apply(const char* op, const AttrMap& attrs, const std::string& name,
             std::vector<Symbol> inputs) {
  return Symbol::create(get_op(op), attrs, name, inputs, {});
}

/// Numbers between -1 and 1 that differ from array to array.
NDArray make_array(const Shape& shape, int seed, float offset = 0) {
  NDArray array(shape, DType::kFloat32);
  std::vector<float> values(static_cast<size_t>(shape.size()));
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = offset + std::sin(static_cast<float>(i) * 0.7f + static_cast<float>(seed));
  array.copy_from_host(values.data());
  return array;
}

std::vector<float> values_of(const NDArray& array) {
  std::vector<float> values(static_cast<size_t>(array.size()));
  array.copy_to_host(values.data());
  return values;
}

/// A residual block with everything that the inference compiler fuses.
Symbol residual_network() {
  const Symbol data = Symbol::variable("data");
  const AttrMap conv{
      {"kernel", "(3, 3)"}, {"pad", "(1, 1)"}, {"num_filter", "20"}, {"no_bias", "True"}};
  const AttrMap norm{{"fix_gamma", "False"}};
  Symbol x = apply("Convolution", conv, "conv1", {data});
  x = apply("Activation", {{"act_type", "relu"}}, "relu1", {apply("BatchNorm", norm, "bn1", {x})});
  Symbol y = apply("BatchNorm", norm, "bn2", {apply("Convolution", conv, "conv2", {x})});
  y = apply("Activation", {{"act_type", "relu"}}, "relu2",
            {apply("elemwise_add", {}, "sum", {y, x})});
  y = apply("Activation", {{"act_type", "relu"}}, "relu3", {apply("BatchNorm", norm, "bn3", {y})});
  y = apply("Pooling", {{"global_pool", "True"}, {"kernel", "(1, 1)"}, {"pool_type", "avg"}},
            "pool", {y});
  return apply("FullyConnected", {{"num_hidden", "7"}}, "fc", {y});
}

struct Bound {
  std::shared_ptr<Executor> executor;
  std::vector<NDArray> args, grads;
};

Bound bind(const Symbol& symbol, bool fuse, WriteMode mode) {
  GraphTypes types(symbol.outputs());
  const GraphInputs inputs = graph_inputs(symbol.outputs());
  types.at(inputs.arguments[0], 0).shape = Shape{2, 3, 9, 8};
  infer_shapes(types);
  Bound bound;
  std::vector<NDArray> aux;
  std::vector<WriteMode> modes;
  int seed = 0;
  for (Node* node : inputs.arguments) {
    bound.args.push_back(make_array(types.at(node, 0).shape, ++seed));
    bound.grads.push_back(mode == WriteMode::kNull ? NDArray()
                                                   : make_array(types.at(node, 0).shape, 0));
    modes.push_back(mode);
  }
  for (Node* node : inputs.auxiliary)
    aux.push_back(make_array(types.at(node, 0).shape, ++seed, 2.0f));
  BindOptions options;
  options.fuse = fuse;
  bound.executor = Executor::bind(symbol, bound.args, bound.grads, modes, aux, options);
  return bound;
}

void expect_near(const std::vector<float>& a, const std::vector<float>& b, float tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], tolerance) << "at " << i;
}

TEST(Executor, FusionKeepsTheNumbers) {
  const Symbol symbol = residual_network();
  const Bound plain = bind(symbol, false, WriteMode::kNull),
              fused = bind(symbol, true, WriteMode::kNull);
  plain.executor->forward(false);
  fused.executor->forward(false);
  expect_near(values_of(plain.executor->outputs()[0]), values_of(fused.executor->outputs()[0]),
              1e-4f);
}

TEST(Executor, FusionLeavesNoBatchNormOrActivation) {
  const Bound fused = bind(residual_network(), true, WriteMode::kNull);
  const std::string plan = fused.executor->debug_str();
  EXPECT_EQ(plan.find("BatchNorm"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("Activation"), std::string::npos) << plan;
  EXPECT_NE(plan.find("_fused_convolution"), std::string::npos) << plan;
}

TEST(Executor, SeesParametersThatChangeLater) {
  const Symbol symbol = residual_network();
  const Bound plain = bind(symbol, false, WriteMode::kNull),
              fused = bind(symbol, true, WriteMode::kNull);
  fused.executor->forward(false);
  const auto before = values_of(fused.executor->outputs()[0]);
  for (const Bound* bound : {&plain, &fused})
    for (size_t i = 1; i < bound->args.size(); ++i)
      bound->args[i].copy_from_host(
          make_array(bound->args[i].shape(), 50 + static_cast<int>(i)).data());
  plain.executor->forward(false);
  fused.executor->forward(false);
  const auto after = values_of(fused.executor->outputs()[0]);
  EXPECT_NE(before, after);
  expect_near(values_of(plain.executor->outputs()[0]), after, 1e-4f);
}

TEST(Executor, GradientsAddWhenAsked) {
  const Symbol symbol = residual_network();
  const Bound write = bind(symbol, true, WriteMode::kWrite),
              add = bind(symbol, true, WriteMode::kAdd);
  const auto start = values_of(add.grads[1]);
  const NDArray head = make_array({2, 7}, 9);
  for (const Bound* bound : {&write, &add}) {
    bound->executor->forward(true);
    bound->executor->backward({&head, 1});
  }
  const auto written = values_of(write.grads[1]), added = values_of(add.grads[1]);
  for (size_t i = 0; i < start.size(); ++i) EXPECT_NEAR(added[i], start[i] + written[i], 1e-3f);
}

TEST(Executor, BackwardNamesTheOutputWithoutGradient) {
  const Bound bound = bind(residual_network(), true, WriteMode::kWrite);
  bound.executor->forward(true);
  try {
    bound.executor->backward({});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("fc_output"), std::string::npos) << error.message();
  }
}

}  // namespace
}  // namespace mx
