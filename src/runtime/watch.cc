#include "runtime/watch.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "ir/op.h"
#include "ir/symbol.h"

namespace mx {
namespace {

bool is_auxiliary(const Node& node, uint32_t i) {
  return node.op->input_kind(node.params, i) == InputKind::kAuxiliary;
}

/// Inputs that may get a gradient; auxiliary states are behind them.
uint32_t differentiable_inputs(const Node& node) {
  auto count = static_cast<uint32_t>(node.inputs.size());
  while (count > 0 && is_auxiliary(node, count - 1)) --count;
  return count;
}

/// The value as an array of its own; none for a head gradient that nobody needs.
NDArray copy_of(const Watch& watch, const std::shared_ptr<const BoundGraph>& graph,
                const std::shared_ptr<Arena>& arena) {
  if (!watch.value) {
    const NDArray zeros(watch.type.shape, watch.type.dtype, graph->device);
    push_zeros(zeros);
    return zeros;
  }
  NDArray copy = copy_of_value(graph, arena, watch.value);
  if (copy) copy.wait_to_read();
  return copy;
}

/// Operators of one input whose name monitors of 1.9.1 show; that of others they number.
constexpr auto kNamed = std::to_array<std::string_view>({
    "Dropout",
    "GridGenerator",
    "IdentityAttachKLSparseReg",
    "L2Normalization",
    "LRN",
    "LeakyReLU",
    "MakeLoss",
    "Pad",
    "Pooling",
    "Pooling_v1",
    "SliceChannel",
    "SwapAxis",
    "SequenceLast",
    "SequenceMask",
    "SequenceReverse",
    "_contrib_BilinearResize2D",
    "_contrib_MultiBoxPrior",
    "_contrib_index_array",
    "_contrib_quadratic",
    "_contrib_quantize_v2",
    "_image_normalize",
    "_image_to_tensor",
    "_split_v2",
    "all_finite",
    "depth_to_space",
    "diag",
    "im2col",
    "log_softmax",
    "moments",
    "repeat",
    "reverse",
    "softmax",
    "space_to_depth",
    "squeeze",
    "tile",
});

}  // namespace

std::string input_name(const Node& node, uint32_t i) {
  const std::vector<std::string> names = node.op->input_names(node.params);
  const bool is_unnamed = names.size() == 1 && !node.op->is_variadic() && names[0] == "data" &&
                          std::ranges::find(kNamed, node.op->name) == kNamed.end();
  return node.name + "_" + (is_unnamed ? "input0" : names[i]);
}

std::vector<Watch> watched_results(const std::vector<Node*>& order, const LoweredGraph& lowered,
                                   bool inputs) {
  std::vector<Watch> list;
  for (Node* node : order) {
    if (node->is_variable()) continue;
    for (uint32_t i = 0; inputs && i < node->inputs.size(); ++i) {
      const Value& value = node->inputs[i];
      if (value.node->is_variable()) list.push_back({value.node->name, value, {}});
      list.push_back({input_name(*node, i), lowered.lowered(value), {}});
    }
    for (uint32_t i = 0; i < node->num_outputs(); ++i) {
      const Value value{node->shared_from_this(), i};
      list.push_back({output_name(value), lowered.lowered(value), {}});
    }
  }
  return list;
}

std::vector<Watch> watched_gradients(const std::vector<OperatorGradients>& operators,
                                     const GraphTypes& types, const LoweredGraph& lowered,
                                     bool inputs) {
  std::vector<Watch> list;
  for (const OperatorGradients& op : operators) {
    const std::string prefix = op.node->name + "_backward_";
    for (size_t i = 0; inputs && i < op.d_out.size(); ++i)
      if (op.d_out[i])
        list.push_back({prefix + "input" + std::to_string(i), lowered.lowered(op.d_out[i]), {}});
    const uint32_t count = differentiable_inputs(*op.node);
    for (uint32_t i = 0; i < count; ++i) {
      const std::string name = prefix + "output" + (count == 1 ? "" : std::to_string(i));
      const Value& d_in = op.d_in[i];
      list.push_back({name, d_in ? lowered.lowered(d_in) : Value{}, types[op.node->inputs[i]]});
    }
  }
  return list;
}

void show(const std::vector<Watch>& list, const std::shared_ptr<const BoundGraph>& graph,
          const std::shared_ptr<Arena>& arena, const Monitor& monitor) {
  Engine::get().wait_to_read(arena->var());
  for (const Watch& watch : list)
    if (const NDArray copy = copy_of(watch, graph, arena)) monitor(watch.name, copy);
}

}  // namespace mx
