#include <gtest/gtest.h>

#include "ir/infer_graph.h"
#include "runtime/executor.h"
#include "runtime/training_program.h"

namespace mx {
namespace {

/// Six fully connected layers with `width` inputs and outputs, and an activation behind each.
Symbol six_layers(int64_t width) {
  Symbol x = Symbol::variable("data");
  for (int i = 0; i < 6; ++i) {
    const std::string number = std::to_string(i);
    const Symbol inputs[] = {x};
    const Symbol dense[] = {Symbol::create(get_op("FullyConnected"),
                                           {{"num_hidden", std::to_string(width)}}, "fc" + number,
                                           inputs, {})};
    x = Symbol::create(get_op("Activation"), {{"act_type", "relu"}}, "relu" + number, dense, {});
  }
  return x;
}

struct Network {
  Network(int64_t batch, int64_t width)
      : symbol(six_layers(width)), inputs(graph_inputs(symbol.outputs())), types(symbol.outputs()) {
    types.at(inputs.arguments[0], 0) = {Shape{batch, width}, DType::kFloat32};
    infer_shapes(types);
    infer_dtypes(types);
    default_dtypes(types);
  }
  std::shared_ptr<const TrainingProgram> compile() const {
    TrainingRequest request{symbol, inputs, types, {}, {}};
    request.modes.assign(inputs.arguments.size(), WriteMode::kWrite);
    request.options.is_train = true;
    return compile_training(std::move(request));
  }
  Symbol symbol;
  GraphInputs inputs;
  GraphTypes types;
};

TEST(BackwardParts, LastLayersAreFinalFirst) {
  const Network network(256, 512);
  const auto program = network.compile();
  const std::vector<StepRange>& parts = program->graph->backward();
  ASSERT_GT(parts.size(), 3u);
  EXPECT_EQ(parts.front().first, program->graph->split());
  EXPECT_EQ(parts.back().last, program->graph->num_steps());
  std::vector<size_t> part_of(program->graph->graph().outputs.size(), parts.size());
  for (size_t p = 0; p < parts.size(); ++p) {
    if (p > 0) EXPECT_EQ(parts[p].first, parts[p - 1].last);
    for (uint32_t output : parts[p].writes) {
      EXPECT_EQ(part_of[output], parts.size()) << "output " << output << " is written twice";
      part_of[output] = p;
    }
  }
  const auto part_of_argument = [&](const std::string& name) {
    for (size_t i = 0; i < program->gradients.size(); ++i)
      if (network.inputs.arguments[program->gradients[i]]->name == name) return part_of[1 + i];
    return parts.size();
  };
  EXPECT_EQ(part_of_argument("fc5_weight"), 0u);
  EXPECT_LT(part_of_argument("fc4_weight"), part_of_argument("fc1_weight"));
  EXPECT_EQ(part_of_argument("fc0_weight"), parts.size() - 1);
}

TEST(BackwardParts, SmallNetworksRunInOne) {
  EXPECT_EQ(Network(4, 16).compile()->graph->backward().size(), 1u);
}

}  // namespace
}  // namespace mx
