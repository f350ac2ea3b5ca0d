#include "passes/mixed_precision.h"

#include <algorithm>

#include "ir/common_params.h"
#include "ir/symbol.h"

namespace mx {
namespace {

constexpr DType kFull = DType::kFloat32;

/// Inserts casts into a graph, which it changes.
class CastInsertion {
 public:
  CastInsertion(const CastPolicy& policy, const MixedPrecisionOptions& options)
      : policy_(policy), options_(options) {}

  std::vector<Value> run(std::vector<Value> outputs) {
    for (Node* node : topological_order(outputs))
      if (!node->is_variable()) visit(*node);
    for (Value& value : outputs) value = in_type(value, kFull);
    if (!options_.parameters.empty()) settle_parameters(outputs);
    return outputs;
  }

 private:
  /// What is known of a value's type: that of the operator that made it. Unknown for variables.
  DType known(const Value& value) const {
    const auto found = known_.find(value);
    return found == known_.end() ? DType::kUnknown : found->second;
  }
  bool has(const Value& value, DType dtype) const {
    return known(value) == dtype || casts(dtype).count(value) > 0;
  }
  const ValueMap<Value>& casts(DType dtype) const {
    return dtype == kFull ? full_casts_ : low_casts_;
  }

  /// The value in a type: itself, or a cast of it that is made once.
  Value in_type(const Value& value, DType dtype) {
    if (known(value) == dtype) return value;
    Value& cast = (dtype == kFull ? full_casts_ : low_casts_)[value];
    if (cast) return cast;
    const std::string type(dtype_name(dtype));
    const NodePtr node = make_node(get_op("amp_cast"), Params::of(CastParam{dtype}), {value},
                                   concat(output_name(value), "_amp_cast_", type));
    node->attrs = {{"dtype", type}};
    return cast = {node, 0};
  }

  /// Parameters of a float32 network are float32 already, unless somebody needed to be sure.
  Value full_input(const Value& value) {
    return value.node->is_variable() && !has(value, kFull) ? value : in_type(value, kFull);
  }

  void visit(Node& node) {
    if (options_.excluded.count(node.name)) return take_full(node);
    if (policy_.is_conditionally_float32(*node.op, node.params)) {
      for (Value& value : node.inputs) value = in_type(value, kFull);
      return tell_outputs(node, kFull);
    }
    switch (policy_.rule_of(*node.op)) {
      case CastRule::kLow:
        for (Value& value : node.inputs) value = in_type(value, policy_.low());
        return tell_outputs(node, policy_.low());
      case CastRule::kFloat32:
        return take_full(node);
      case CastRule::kWidest:
        return take_widest(node);
      case CastRule::kKeep:
        return keep(node);
    }
  }

  void take_full(Node& node) {
    for (Value& value : node.inputs) value = full_input(value);
    tell_outputs(node, kFull);
  }

  void take_widest(Node& node) {
    bool all_known = true, some_full = false;
    for (const Value& value : node.inputs) {
      const bool full = has(value, kFull);
      some_full |= full;
      all_known &= full || has(value, policy_.low());
    }
    if (!all_known) return insert_multicast(node);
    const DType dtype = some_full ? kFull : policy_.low();
    for (Value& value : node.inputs) value = in_type(value, dtype);
    tell_outputs(node, dtype);
  }

  void insert_multicast(Node& node) {
    if (node.inputs.empty()) return;
    const std::string count = std::to_string(node.inputs.size());
    const Op& op = get_op("amp_multicast");
    const NodePtr multicast = make_node(op, op.parse_params({{"num_outputs", count}}), node.inputs,
                                        output_name(node.inputs[0]) + "_amp_multicast");
    multicast->attrs = {{"num_outputs", count}};
    for (uint32_t i = 0; i < node.inputs.size(); ++i) node.inputs[i] = {multicast, i};
  }

  /// An operator without a rule computes in the type of its first input; inference tells what that
  /// means for the others and for the results.
  void keep(Node& node) {
    if (node.inputs.empty() || known(node.inputs[0]) == DType::kUnknown) return;
    std::vector<DType> in(node.inputs.size(), DType::kUnknown),
        out(node.num_outputs(), DType::kUnknown);
    in[0] = known(node.inputs[0]);
    DTypeContext context(*node.op, node.params, in, out);
    try {
      if (node.op->infer_dtype) node.op->infer_dtype(context);
    } catch (const Error&) {
      return;  // nothing can be told from one input
    }
    for (size_t i = 1; i < in.size(); ++i)
      if (in[i] == policy_.low())
        node.inputs[i] = in_type(node.inputs[i], in[i]);
      else if (in[i] == kFull)
        node.inputs[i] = full_input(node.inputs[i]);
    for (uint32_t i = 0; i < out.size(); ++i)
      if (out[i] == policy_.low() || out[i] == kFull) known_[{node.shared_from_this(), i}] = out[i];
  }

  void tell_outputs(Node& node, DType dtype) {
    for (uint32_t i = 0; i < node.num_outputs(); ++i) known_[{node.shared_from_this(), i}] = dtype;
  }

  /// Writes the types of parameters down; those that are only read in low precision may get it.
  void settle_parameters(std::vector<Value>& outputs) {
    const std::vector<Node*> order = topological_order(outputs);
    ValueMap<size_t> uses;
    for (const Node* node : order)
      for (const Value& value : node->inputs) ++uses[value];
    ValueMap<Value> replaced;
    for (Node* node : order) {
      if (!node->is_variable() || !options_.parameters.count(node->name)) continue;
      const Value value{node->shared_from_this(), 0};
      const auto cast = low_casts_.find(value);
      const bool low = options_.cast_parameters && cast != low_casts_.end() && uses[value] == 1;
      if (low) replaced[cast->second] = value;
      const DType dtype = low ? policy_.low() : kFull;
      const std::string code = std::to_string(static_cast<int>(dtype));
      const auto written = node->attrs.try_emplace("__dtype__", code);
      if (low || written.first->second == "-1") written.first->second = code;
    }
    for (Node* node : order)
      for (Value& value : node->inputs)
        if (const auto found = replaced.find(value); found != replaced.end()) value = found->second;
  }

  const CastPolicy& policy_;
  const MixedPrecisionOptions& options_;
  ValueMap<DType> known_;
  ValueMap<Value> low_casts_, full_casts_;
};

}  // namespace

std::vector<Value> mixed_precision(const std::vector<Value>& outputs, const CastPolicy& policy,
                                   const MixedPrecisionOptions& options) {
  return CastInsertion(policy, options).run(Symbol(outputs).copy().outputs());
}

}  // namespace mx
