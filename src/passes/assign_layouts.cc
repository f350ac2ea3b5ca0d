#include "passes/assign_layouts.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "dispatch/kernel_registry.h"
#include "ir/op.h"

namespace mx {
namespace {

class LayoutAssignment {
 public:
  LayoutAssignment(LoweredGraph graph, DeviceType device, bool is_train)
      : from_(std::move(graph)), device_(device), is_train_(is_train) {}

  LoweredGraph run() {
    to_.types = from_.types;
    to_.outputs = from_.outputs;
    to_.kept = from_.kept;
    for (size_t i = 0; i < from_.steps.size(); ++i) {
      if (i == from_.split) end_forward();
      add(from_.steps[i]);
    }
    if (from_.split >= from_.steps.size()) end_forward();
    for (Value& value : to_.outputs) value = in_layout(mapped(value), Layout::kPlain);
    return std::move(to_);
  }

 private:
  /// Outputs that exist by now belong to the forward part, and so do their reorders.
  void end_forward() {
    for (Value& value : to_.outputs)
      if (to_.types.count(mapped(value)) && is_done(value))
        value = in_layout(mapped(value), Layout::kPlain);
    for (Value& value : to_.kept) value = in_layout(mapped(value), Layout::kPlain);
    to_.split = to_.steps.size();
  }

  bool is_done(const Value& value) const { return done_.count(value.node.get()) > 0; }

  Value mapped(const Value& value) const {
    const auto found = mapped_.find(value);
    return found == mapped_.end() ? value : found->second;
  }

  /// The same value in another layout, reordered once however many ask for it.
  Value in_layout(const Value& value, Layout layout) {
    if (to_.layout(value) == layout) return value;
    Value& reordered = reordered_[{value.node.get(), value.index, layout}];
    if (reordered) return reordered;
    NodePtr node = make_node(get_op("_reorder"), get_op("_reorder").default_params(), {value},
                             value.node->name);
    reordered = {node, 0};
    to_.types[reordered] = to_.type(value);
    set_layout(reordered, layout);
    to_.steps.push_back(node);
    return reordered;
  }

  void set_layout(const Value& value, Layout layout) {
    if (layout != Layout::kPlain) to_.layouts[value] = layout;
  }

  void add(const NodePtr& original) {
    std::vector<Value> inputs;
    std::vector<TensorDesc> in, out;
    for (const Value& value : original->inputs) {
      inputs.push_back(mapped(value));
      in.push_back(to_.desc(inputs.back()));
    }
    for (uint32_t i = 0; i < original->num_outputs(); ++i) out.push_back(from_.desc({original, i}));
    const LayoutChoice choice = choose(*original, in, out);
    for (size_t i = 0; i < inputs.size(); ++i) inputs[i] = in_layout(inputs[i], choice.in[i]);
    NodePtr node = original;
    if (inputs != original->inputs) {
      node = make_node(*original->op, original->params, inputs, original->name);
      node->attrs = original->attrs;
    }
    for (uint32_t i = 0; i < out.size(); ++i) {
      to_.types[{node, i}] = from_.type({original, i});
      set_layout({node, i}, choice.out[i]);
      if (node != original) mapped_[{original, i}] = {node, i};
    }
    to_.steps.push_back(node);
    done_.insert(original.get());
    done_.insert(node.get());
  }

  /// What the best kernel that accepts its own choice wants; plain where none cares.
  LayoutChoice choose(const Node& node, const std::vector<TensorDesc>& in,
                      const std::vector<TensorDesc>& out) const {
    for (const Kernel* kernel : kernels_of(*node.op, device_)) {
      LayoutChoice choice = plain(in.size(), out.size());
      if (kernel->choose_layouts)
        choice = kernel->choose_layouts({*node.op, node.params, in, out, is_train_});
      std::vector<TensorDesc> chosen_in = in, chosen_out = out;
      for (size_t i = 0; i < in.size(); ++i) chosen_in[i].layout = choice.in[i];
      for (size_t i = 0; i < out.size(); ++i) chosen_out[i].layout = choice.out[i];
      if (!kernel->refuse ||
          !kernel->refuse({*node.op, node.params, chosen_in, chosen_out, is_train_}))
        return choice;
    }
    return plain(in.size(), out.size());
  }

  static LayoutChoice plain(size_t in, size_t out) {
    return {std::vector<Layout>(in, Layout::kPlain), std::vector<Layout>(out, Layout::kPlain)};
  }

  struct Key {
    const Node* node;
    uint32_t index;
    Layout layout;
    auto operator<=>(const Key&) const = default;
  };

  LoweredGraph from_, to_;
  DeviceType device_;
  bool is_train_;
  ValueMap<Value> mapped_;
  std::map<Key, Value> reordered_;
  std::unordered_set<const Node*> done_;
};

}  // namespace

LoweredGraph assign_layouts(LoweredGraph graph, DeviceType device, bool is_train) {
  return LayoutAssignment(std::move(graph), device, is_train).run();
}

}  // namespace mx
