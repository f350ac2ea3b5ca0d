#include "passes/lower.h"

#include "dispatch/invoke.h"
#include "ir/op.h"

namespace mx {
namespace {

class Lowering {
 public:
  Lowering(LoweredGraph& graph, DeviceType device, bool is_train)
      : graph_(graph), device_(device), is_train_(is_train) {}

  void add(const NodePtr& original) {
    NodePtr node = with_mapped_inputs(original);
    std::vector<TensorType> in;
    for (const Value& value : node->inputs) in.push_back(graph_.types.at(value));
    const std::vector<TensorType> known = known_outputs(original);
    const std::vector<TensorType> out = infer_output_types(*node->op, node->params, in, known);
    if (has_kernel(*node, in, out) || !node->op->decomposition) return keep(original, node, out);
    DecomposeContext parts(node->params, node->inputs, in, out.size());
    node->op->decomposition(parts);
    for (const NodePtr& part : parts.nodes()) {
      if (part->name.empty()) part->name = original->name;
      add(part);
    }
    for (uint32_t i = 0; i < out.size(); ++i)
      graph_.replaced[{original, i}] = mapped(parts.out()[i]);
  }

  Value mapped(const Value& value) const { return graph_.lowered(value); }

 private:
  /// What the users of a node without inputs told it: zeros((0, 5)) + a has the shape of a.
  std::vector<TensorType> known_outputs(const NodePtr& node) const {
    std::vector<TensorType> known;
    for (uint32_t i = 0; node->inputs.empty() && i < node->num_outputs(); ++i) {
      const auto found = graph_.types.find(Value{node, i});
      known.push_back(found == graph_.types.end() ? TensorType{} : found->second);
    }
    return known;
  }

  NodePtr with_mapped_inputs(const NodePtr& node) const {
    bool changed = false;
    std::vector<Value> inputs;
    for (const Value& value : node->inputs) {
      inputs.push_back(mapped(value));
      changed |= !(inputs.back() == value);
    }
    if (!changed) return node;
    NodePtr copy = make_node(*node->op, node->params, std::move(inputs), node->name);
    copy->attrs = node->attrs;
    return copy;
  }

  bool has_kernel(const Node& node, const std::vector<TensorType>& in,
                  const std::vector<TensorType>& out) const {
    const auto descs = [](const std::vector<TensorType>& types) {
      std::vector<TensorDesc> list;
      for (const TensorType& type : types) list.push_back({type.shape, type.dtype, Layout::kPlain});
      return list;
    };
    const auto in_descs = descs(in), out_descs = descs(out);
    return choose_kernel({*node.op, node.params, in_descs, out_descs, is_train_}, device_) !=
           nullptr;
  }

  void keep(const NodePtr& original, const NodePtr& node, const std::vector<TensorType>& out) {
    for (uint32_t i = 0; i < out.size(); ++i) {
      graph_.types[{node, i}] = out[i];
      if (node != original) graph_.replaced[{original, i}] = {node, i};
    }
    graph_.steps.push_back(node);
  }

  LoweredGraph& graph_;
  DeviceType device_;
  bool is_train_;
};

}  // namespace

LoweredGraph lower(const std::vector<NodePtr>& steps, size_t split, std::vector<Value> outputs,
                   size_t forward_outputs, ValueMap<TensorType> types, DeviceType device,
                   bool is_train) {
  LoweredGraph graph;
  graph.types = std::move(types);
  Lowering lowering(graph, device, is_train);
  ValueMap<bool> taken;
  // Forward outputs that need a copy get it at the end of the forward part.
  const auto finish_outputs = [&](size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) {
      Value value = lowering.mapped(outputs[i]);
      if (value.node->is_variable() || taken.count(value)) {
        const NodePtr copy = make_node(get_op("_copy"), get_op("_copy").default_params(), {value});
        lowering.add(copy);
        value = {copy, 0};
      }
      taken[value] = true;
      graph.outputs[i] = value;
    }
  };
  graph.outputs.resize(outputs.size());
  for (size_t i = 0; i < split; ++i) lowering.add(steps[i]);
  finish_outputs(0, forward_outputs);
  graph.split = graph.steps.size();
  for (size_t i = split; i < steps.size(); ++i) lowering.add(steps[i]);
  finish_outputs(forward_outputs, outputs.size());
  return graph;
}

}  // namespace mx
