#include "passes/lower_precision.h"

#include <algorithm>
#include <unordered_set>

#include "dispatch/kernel_registry.h"
#include "ir/common_params.h"
#include "passes/rewrite.h"

namespace mx {
namespace {

constexpr DType kFull = DType::kFloat32;

class PrecisionLowering {
 public:
  PrecisionLowering(const std::vector<Value>& outputs, const ValueMap<TensorType>& types,
                    DType dtype, DeviceType device)
      : types_(outputs), dtype_(dtype), device_(device) {
    for (Node* node : types_.order())
      if (node->is_variable()) types_.at(node, 0) = types.at({node->shared_from_this(), 0});
    infer_shapes(types_);
    infer_dtypes(types_);
  }

  /// All values between rewritten nodes are full; low_ knows their twins in low precision.
  std::optional<std::vector<Value>> operator()(const Node& original, const NodePtr& node) {
    const auto trait = node->op->traits.find("low_precision");
    if (trait == node->op->traits.end() || !has_full_data(original)) return std::nullopt;
    const bool leads = trait->second == "compute";
    if (!leads && !follows(*node)) return std::nullopt;
    const std::optional<Descs> descs = low_descs(original);
    if (!descs || !choose_kernel({*node->op, node->params, descs->in, descs->out}, device_)) {
      if (leads && !refused_) refused_ = node->op;
      return std::nullopt;
    }
    lowered_any_ |= leads;
    return lowered(original, *node, *descs);
  }

  void check() const {
    if (refused_ && !lowered_any_)
      fail(ErrorKind::kNotImplemented, "inference: no kernel of ", refused_->name, " computes in ",
           dtype_name(dtype_), " on this processor; expected REMX_INFERENCE_DTYPE=float32");
  }

 private:
  struct Descs {
    std::vector<TensorDesc> in, out;
  };

  bool has_full_data(const Node& node) const {
    return !node.inputs.empty() && types_[node.inputs[0]].dtype == kFull;
  }

  bool follows(const Node& node) const {
    return std::any_of(node.inputs.begin(), node.inputs.end(),
                       [&](const Value& value) { return computed_low_.count(value) > 0; });
  }

  /// Types of the node when its data are in low precision; the operator says what that means for
  /// its other inputs.
  std::optional<Descs> low_descs(const Node& original) const {
    std::vector<DType> in(original.inputs.size(), DType::kUnknown),
        out(original.num_outputs(), DType::kUnknown);
    for (size_t i = 0; i < in.size(); ++i)
      if (const DType dtype = types_[original.inputs[i]].dtype; dtype != kFull) in[i] = dtype;
    in[0] = dtype_;
    try {
      DTypeContext context(*original.op, original.params, in, out);
      original.op->infer_dtype(context);
    } catch (const Error&) {
      return std::nullopt;
    }
    Descs descs;
    for (size_t i = 0; i < in.size(); ++i)
      descs.in.push_back(
          {types_[original.inputs[i]].shape, in[i] == DType::kUnknown ? dtype_ : in[i]});
    for (uint32_t i = 0; i < out.size(); ++i)
      descs.out.push_back(
          {types_.at(&original, i).shape, out[i] == DType::kUnknown ? dtype_ : out[i]});
    return descs;
  }

  std::vector<Value> lowered(const Node& original, const Node& node, const Descs& descs) {
    std::vector<Value> inputs;
    for (size_t i = 0; i < node.inputs.size(); ++i)
      inputs.push_back(descs.in[i].dtype == dtype_ ? low(node.inputs[i]) : node.inputs[i]);
    const NodePtr low_node = make_node(*node.op, node.params, std::move(inputs), node.name);
    low_node->attrs = node.attrs;
    std::vector<Value> results;
    for (uint32_t i = 0; i < descs.out.size(); ++i) {
      const Value result{low_node, i};
      if (types_.at(&original, i).dtype == descs.out[i].dtype) {
        results.push_back(result);
        continue;
      }
      // Nobody computes the cast unless somebody needs it.
      results.push_back(cast(result, types_.at(&original, i).dtype));
      low_[results.back()] = result;
      computed_low_.insert(results.back());
    }
    return results;
  }

  /// The value in low precision, cast once however many ask for it.
  Value low(const Value& value) {
    Value& twin = low_[value];
    if (!twin) twin = cast(value, dtype_);
    return twin;
  }

  static Value cast(const Value& value, DType dtype) {
    return {make_node(get_op("Cast"), Params::of(CastParam{dtype}), {value}, value.node->name), 0};
  }

  GraphTypes types_;
  DType dtype_;
  DeviceType device_;
  ValueMap<Value> low_;
  std::unordered_set<Value, ValueHash> computed_low_;
  const Op* refused_ = nullptr;
  bool lowered_any_ = false;
};

}  // namespace

std::vector<Value> lower_precision(const std::vector<Value>& outputs,
                                   const ValueMap<TensorType>& types, DType dtype,
                                   DeviceType device) {
  PrecisionLowering lowering(outputs, types, dtype, device);
  std::vector<Value> lowered = rewrite(
      outputs, [&](const Node& original, const NodePtr& node) { return lowering(original, node); });
  lowering.check();
  return lowered;
}

}  // namespace mx
