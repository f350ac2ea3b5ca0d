#include "passes/fuse_attention.h"

#include <algorithm>

#include "ir/op.h"
#include "passes/attention_match.h"
#include "passes/inferred_types.h"

namespace mx {
namespace {

class AttentionFusion {
 public:
  /// `gradients` is nullptr in prediction.
  AttentionFusion(const std::vector<Value>& outputs, GraphTypes types,
                  const AttentionGradients* gradients)
      : uses_(outputs), types_(std::move(types)), gradients_(gradients) {}

  std::optional<std::vector<Value>> operator()(const Node& original, const NodePtr& node) {
    const Value output{const_cast<Node&>(original).shared_from_this(), 0};
    std::optional<Value> made;
    if (const auto match = match_attention(original, types_, uses_, gradients_))
      made = fused(output, *match);
    else if (const auto found = fused_.find(original.inputs.empty() ? Value{} : original.inputs[0]);
             found != fused_.end() && uses_[original.inputs[0]] == 1)
      made = moved(output, found->second);
    for (uint32_t i = 0; i < original.num_outputs(); ++i) mapped_[{output.node, i}] = {node, i};
    if (!made) return std::nullopt;
    mapped_[output] = *made;
    return std::vector<Value>{*made};
  }

 private:
  /// A fused operator and where its result lies, in terms of the original graph.
  struct Fused {
    Value made;
    StridedView out;
    int64_t heads;
  };

  Value mapped(const Value& value) const {
    const auto found = mapped_.find(value);
    return found == mapped_.end() ? value : found->second;
  }

  std::optional<Value> fused(const Value& output, const AttentionMatch& match) {
    FusedAttentionParam p = match.params;
    std::vector<Value> inputs;
    bool fits = true;
    const auto add = [&](const StridedView& view, Shape& fields) {
      auto made = head_view(view, match.num_heads);
      if (!made) return void(fits = false);
      const Value base = mapped(view.base());
      const auto found = std::find(inputs.begin(), inputs.end(), base);
      made->tensor = found - inputs.begin();
      if (found == inputs.end()) inputs.push_back(base);
      fields = made->fields();
    };
    add(match.queries, p.query_view);
    add(match.keys, p.key_view);
    add(match.values, p.value_view);
    if (match.mask) add(*match.mask, p.mask_view);
    if (match.lengths) add(*match.lengths, p.length_view);
    const auto out = head_view(match.out, match.num_heads);
    if (!fits || !out) return std::nullopt;
    p.num_args = static_cast<int64_t>(inputs.size());
    p.out_view = out->fields();
    p.out_shape = types_[output].shape;
    const Value made{make_node(get_op("_fused_attention"), Params::of(std::move(p)),
                               std::move(inputs), output.node->name),
                     0};
    fused_[output] = {made, match.out, match.num_heads};
    return made;
  }

  /// The operator with its result where a reshape or transpose behind it would put it.
  std::optional<Value> moved(const Value& output, const Fused& from) {
    const auto out = from.out.in_front(output, types_);
    const auto view = out ? head_view(*out, from.heads) : std::nullopt;
    if (!view) return std::nullopt;
    const Node& node = *from.made.node;
    auto p = node.params.as<FusedAttentionParam>();
    p.out_view = view->fields();
    p.out_shape = types_[output].shape;
    const Value made{make_node(*node.op, Params::of(std::move(p)), node.inputs, node.name), 0};
    fused_[output] = {made, *out, from.heads};
    return made;
  }

  UseCounts uses_;
  GraphTypes types_;
  const AttentionGradients* gradients_;
  ValueMap<Value> mapped_;
  ValueMap<Fused> fused_;
};

}  // namespace

std::vector<Value> fuse_attention(const std::vector<Value>& outputs,
                                  const ValueMap<TensorType>& types) {
  AttentionFusion fusion(outputs, inferred_types(outputs, types), nullptr);
  return rewrite(outputs,
                 [&](const Node& original, const NodePtr& node) { return fusion(original, node); });
}

std::unordered_map<const Node*, NodePtr> fuse_attention_in_training(
    Symbol& symbol, GraphTypes& types, std::span<Node* const> variables) {
  AttentionGradients gradients{{variables.begin(), variables.end()}};
  for (Node* node : types.order())
    for (const Value& input : node->inputs)
      if (gradients.differentiated.count(input.node.get())) gradients.differentiated.insert(node);
  AttentionFusion fusion(symbol.outputs(), types, &gradients);
  std::unordered_map<const Node*, NodePtr> originals;
  std::vector<Value> outputs =
      rewrite(symbol.outputs(), [&](const Node& original, const NodePtr& node) {
        originals[node.get()] = const_cast<Node&>(original).shared_from_this();
        return fusion(original, node);
      });
  if (outputs == symbol.outputs()) return {};
  types = inferred_types(outputs, types);
  symbol = Symbol(std::move(outputs));
  return originals;
}

}  // namespace mx
