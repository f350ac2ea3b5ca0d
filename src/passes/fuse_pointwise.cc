#include "passes/fuse_pointwise.h"

#include <algorithm>
#include <queue>
#include <unordered_map>
#include <unordered_set>

#include "ir/op.h"
#include "ir/symbol_json.h"
#include "ops/elemwise/fused_pointwise.h"

namespace mx {
namespace {

/// Whether the elements of a tensor are those of its buffer: no padding, a format that we know.
bool is_dense(const TensorDesc& tensor) {
  switch (tensor.layout) {
    case Layout::kPlain:
    case Layout::kChannelsLast:
      return true;
    case Layout::kBlock8:
      return tensor.shape[1] % 8 == 0;
    case Layout::kBlock16:
      return tensor.shape[1] % 16 == 0;
    default:
      return false;
  }
}

class PointwiseFusion {
 public:
  explicit PointwiseFusion(LoweredGraph graph) : from_(std::move(graph)) {
    for (size_t i = 0; i < from_.steps.size(); ++i) {
      numbers_[from_.steps[i].get()] = i;
      for (const Value& value : from_.steps[i]->inputs) ++uses_[value];
      note_states(*from_.steps[i]);
    }
    for (const auto* list : {&from_.outputs, &from_.kept})
      for (const Value& value : *list) ++uses_[value];
    group_of_.assign(from_.steps.size(), kNone);
  }

  LoweredGraph run() {
    for (size_t i = from_.steps.size(); i-- > 0;)
      if (group_of_[i] == kNone && is_fusable(i)) collect(i);
    if (groups_.empty()) return std::move(from_);
    to_.types = from_.types;
    to_.layouts = from_.layouts;
    for (size_t i = 0; i < from_.steps.size(); ++i) {
      if (i == from_.split) to_.split = to_.steps.size();
      emit(i);
    }
    if (from_.split >= from_.steps.size()) to_.split = to_.steps.size();
    for (const Value& value : from_.outputs) to_.outputs.push_back(mapped(value));
    for (const Value& value : from_.kept) to_.kept.push_back(mapped(value));
    return std::move(to_);
  }

 private:
  static constexpr size_t kNone = static_cast<size_t>(-1);
  static constexpr size_t kMostSteps = 64;

  void note_states(const Node& node) {
    for (size_t i = 0; node.op->mutates_inputs() && i < node.inputs.size(); ++i)
      if (node.op->input_kind(node.params, i) == InputKind::kAuxiliary)
        states_.insert(node.inputs[i].node.get());
  }

  /// Joining moves a step back to the last of its group, so that steps that read a state which
  /// others change must stay where they are.
  bool reads_state(const Node& node) const {
    return std::any_of(node.inputs.begin(), node.inputs.end(),
                       [&](const Value& value) { return states_.count(value.node.get()) > 0; });
  }

  bool is_fusable(size_t i) const {
    const NodePtr& node = from_.steps[i];
    if (!node->op->has_trait("pointwise") || node->op->is_random || node->op->uses_train_mode ||
        node->num_outputs() != 1 || node->inputs.empty() || reads_state(*node))
      return false;
    const TensorDesc out = from_.desc({node, 0});
    return is_dense(out) &&
           std::all_of(node->inputs.begin(), node->inputs.end(), [&](const Value& value) {
             const TensorDesc in = from_.desc(value);
             return in.shape == out.shape && in.layout == out.layout;
           });
  }

  bool is_forward(size_t i) const { return i < from_.split; }

  /// The group that ends with step `last`: producers join, from the last to the first, once all
  /// who read them are in.
  void collect(size_t last) {
    std::vector<size_t> members;
    std::priority_queue<size_t> candidates;
    ValueMap<int> used_inside;
    const auto join = [&](size_t i) {
      members.push_back(i);
      for (const Value& value : from_.steps[i]->inputs) {
        const auto producer = numbers_.find(value.node.get());
        if (++used_inside[value] == uses_[value] && producer != numbers_.end())
          candidates.push(producer->second);
      }
    };
    join(last);
    while (!candidates.empty() && members.size() < kMostSteps) {
      const size_t i = candidates.top();
      candidates.pop();
      if (group_of_[i] == kNone && is_forward(i) == is_forward(last) && is_fusable(i)) join(i);
    }
    if (members.size() < 2) return;
    std::sort(members.begin(), members.end());
    for (size_t i : members) group_of_[i] = groups_.size();
    groups_.push_back(std::move(members));
  }

  Value mapped(const Value& value) const {
    const auto found = mapped_.find(value);
    return found == mapped_.end() ? value : found->second;
  }

  void emit(size_t i) {
    const NodePtr& node = from_.steps[i];
    const bool is_grouped = group_of_[i] != kNone;
    if (is_grouped && groups_[group_of_[i]].back() != i) return;
    const NodePtr made = is_grouped ? fused(groups_[group_of_[i]]) : with_mapped_inputs(node);
    to_.steps.push_back(made);
    if (made == node) return;
    for (uint32_t o = 0; o < node->num_outputs(); ++o) {
      const Value before{node, o}, after{made, o};
      mapped_[before] = after;
      to_.types[after] = from_.type(before);
      if (from_.layout(before) != Layout::kPlain) to_.layouts[after] = from_.layout(before);
    }
  }

  NodePtr with_mapped_inputs(const NodePtr& node) const {
    std::vector<Value> inputs;
    for (const Value& value : node->inputs) inputs.push_back(mapped(value));
    if (inputs == node->inputs) return node;
    NodePtr copy = make_node(*node->op, node->params, std::move(inputs), node->name);
    copy->attrs = node->attrs;
    return copy;
  }

  NodePtr fused(const std::vector<size_t>& members) const {
    ValueMap<Value> inside;  // what a value is called in the operator's own graph
    std::vector<Value> inputs;
    const auto inner = [&](const Value& value) {
      Value& found = inside[value];
      if (!found) {
        found = {make_variable("in" + std::to_string(inputs.size())), 0};
        inputs.push_back(mapped(value));
      }
      return found;
    };
    for (size_t i : members) {
      const NodePtr& node = from_.steps[i];
      std::vector<Value> arguments;
      for (const Value& value : node->inputs) arguments.push_back(inner(value));
      NodePtr copy = make_node(*node->op, node->params, std::move(arguments), node->name);
      copy->attrs = node->params ? node->params.to_attrs() : AttrMap();
      inside[{node, 0}] = {copy, 0};
    }
    const Value last{from_.steps[members.back()], 0};
    FusedPointwiseParam params;
    params.graph = symbol_to_json(Symbol({inside[last]}));
    params.num_args = static_cast<int64_t>(inputs.size());
    params.dtype = from_.type(last).dtype;
    return make_node(get_op("_fused_pointwise"), Params::of<FusedPointwiseParam>(params),
                     std::move(inputs), last.node->name);
  }

  LoweredGraph from_, to_;
  std::unordered_map<const Node*, size_t> numbers_;
  std::unordered_set<const Node*> states_;
  ValueMap<int> uses_;
  ValueMap<Value> mapped_;
  std::vector<size_t> group_of_;
  std::vector<std::vector<size_t>> groups_;  ///< numbers of steps, ascending
};

}  // namespace

LoweredGraph fuse_pointwise(LoweredGraph graph) { return PointwiseFusion(std::move(graph)).run(); }

}  // namespace mx
