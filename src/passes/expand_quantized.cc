#include "passes/expand_quantized.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "ir/op.h"
#include "ops/init/fill.h"
#include "ops/matrix/concat.h"
#include "ops/nn/conv/convolution.h"
#include "ops/nn/fully_connected.h"
#include "ops/nn/norm/batch_norm.h"
#include "ops/quantization/elemwise.h"
#include "ops/quantization/quantize.h"
#include "passes/rewrite.h"

namespace mx {
namespace {

// As backend/common/quantization.h tells, which passes do not see.
float real_span(DType dtype) { return dtype == DType::kUint8 ? 255.5f : 127.5f; }
float whole_span(DType dtype) { return dtype == DType::kUint8 ? 255.0f : 127.0f; }

/// A range that is known, and the type of the whole numbers in it.
struct Known {
  float low, high;
  DType dtype;
  DType declared = dtype;  ///< the type that the operators of the symbol have
  float magnitude() const { return std::max(std::fabs(low), std::fabs(high)); }
};

/// Real numbers, and what they have to be multiplied with.
struct Scaled {
  Value real;
  float factor = 1;
  Params quantize{};  ///< of the node that rounds them, if there is one
};

class Expansion {
 public:
  using Result = std::optional<std::vector<Value>>;
  explicit Expansion(const std::vector<Value>& outputs)
      : uses_(outputs),
        may_change_types_(std::none_of(outputs.begin(), outputs.end(), is_whole_output)) {}

  Result operator()(const Node& original, const NodePtr& node) {
    const std::string& op = node->op->name;
    if (op == "_contrib_quantize_v2") return quantize(node);
    if (op == "_contrib_requantize") return requantize(*node);
    if (op == "_contrib_dequantize") return dequantize(*node);
    if (op == "_contrib_quantized_conv")
      return layer(node, "Convolution", node->params.as<ConvolutionParam>().no_bias);
    if (op == "_contrib_quantized_fully_connected")
      return layer(node, "FullyConnected", node->params.as<FullyConnectedParam>().no_bias);
    if (op == "_contrib_quantized_elemwise_add") return add(original, node);
    if (op == "_contrib_quantized_batch_norm") return batch_norm(original, *node);
    if (op == "_contrib_quantized_act") return relu(original, *node);
    if (op == "_contrib_quantized_flatten") return flatten(*node);
    if (op == "_contrib_quantized_pooling") return pooling(node);
    if (op == "_contrib_quantized_concat") return concatenate(original, *node);
    return std::nullopt;
  }

 private:
  static bool is_whole_output(const Value& value) {
    return !value.node->is_variable() && value.node->op->name.starts_with("_contrib_") &&
           value.node->op->name.find("quantize") != std::string::npos &&
           value.node->op->name != "_contrib_dequantize";
  }

  static Value call(const char* op, std::vector<Value> inputs, Params params, std::string name) {
    const Op& found = get_op(op);
    if (!params) params = found.default_params();
    return {make_node(found, std::move(params), std::move(inputs), std::move(name)), 0};
  }

  static Value full(float number) {
    FullParam p;
    p.shape = Shape{1};
    p.value = number;
    return call("_full", {}, Params::of(std::move(p)), "");
  }

  static bool is_full(const Value& value, float number) {
    return !value.node->is_variable() && value.node->op->name == "_full" &&
           static_cast<float>(value.node->params.as<FullParam>().value) == number;
  }

  /// What is known of input `tensor`, if the inputs from `range` on say the same.
  const Known* known(const Node& node, size_t tensor, size_t range) const {
    const auto found = known_.find(node.inputs[tensor]);
    if (found == known_.end() || !is_full(node.inputs[range], found->second.low) ||
        !is_full(node.inputs[range + 1], found->second.high))
      return nullptr;
    return &found->second;
  }

  std::vector<Value> remember(const Value& whole, const Known& known) {
    known_[whole] = known;
    return {whole, full(known.low), full(known.high)};
  }

  /// The numbers that whole ones stand for.
  Value real(const Value& whole) {
    Value& made = reals_[whole];
    const Known& range = known_.at(whole);
    if (!made)
      made = call("_contrib_dequantize", {whole, full(range.low), full(range.high)}, {},
                  whole.node->name);
    return made;
  }

  /// The numbers before they were rounded, where nobody else reads the rounded ones.
  const Scaled* unrounded(const Node& original, const Node& node, size_t input) const {
    const auto found = sources_.find(node.inputs[input]);
    return found == sources_.end() || uses_[original.inputs[input]] != 1 ? nullptr : &found->second;
  }

  /// A layer that was made here gets the factor into its parameters, which are constants.
  Value scaled(const Scaled& from, float more = 1) {
    const float factor = from.factor * more;
    if (factor == 1) return from.real;
    GraphBuilder build;
    const Node& node = *from.real.node;
    if (!layers_.count(&node)) return build.mul_scalar(from.real, factor);
    std::vector<Value> inputs = node.inputs;
    for (size_t i = 1; i < inputs.size(); ++i) inputs[i] = build.mul_scalar(inputs[i], factor);
    const NodePtr made = make_node(*node.op, node.params, std::move(inputs), node.name);
    layers_.insert(made.get());
    return {made, 0};
  }

  std::vector<Value> rounded(Scaled from, const Known& range, float span, const std::string& name) {
    QuantizeParam p;
    const float reach =
        from.factor > 0 ? range.magnitude() * real_span(range.dtype) / (from.factor * span) : 0;
    const bool is_unsigned = range.dtype == DType::kUint8;
    p.out_type = is_unsigned ? QuantizedType::kUint8 : QuantizedType::kInt8;
    p.min_calib_range = is_unsigned ? 0 : -reach;
    p.max_calib_range = reach;
    from.quantize = Params::of(p);
    const Value whole = call("_contrib_quantize_v2", {from.real}, from.quantize, name);
    from.factor *= span / real_span(range.dtype);
    sources_[whole] = std::move(from);
    return remember(whole, range);
  }

  Result quantize(const NodePtr& node) {
    const auto& p = node->params.as<QuantizeParam>();
    if (!p.is_calibrated()) return std::nullopt;
    Known range{*p.min_calib_range, *p.max_calib_range, p.dtype()};
    if (range.dtype == DType::kInt8) range.low = -range.magnitude(), range.high = range.magnitude();
    return remember({node, 0}, range);
  }

  Result requantize(const Node& node) {
    const auto& p = node.params.as<QuantizeParam>();
    const auto sums = sums_.find(node.inputs[0]);
    if (sums == sums_.end() || !p.is_calibrated()) return std::nullopt;
    const float reach = std::max(std::fabs(*p.min_calib_range), std::fabs(*p.max_calib_range));
    const Known range{p.dtype() == DType::kUint8 ? 0 : -reach, reach, p.dtype()};
    return rounded(sums->second, range, whole_span(range.dtype), node.name);
  }

  Result dequantize(const Node& node) {
    if (!known(node, 0, 1)) return std::nullopt;
    return std::vector<Value>{real(node.inputs[0])};
  }

  /// The layer on real numbers; sums in 32 bits are its results in units of their range.
  Result layer(const NodePtr& node, const char* op, bool no_bias) {
    const size_t tensors = no_bias ? 2 : 3;
    const Known* data = known(*node, 0, tensors);
    if (!data) return std::nullopt;
    std::vector<Value> inputs{real(node->inputs[0])};
    for (size_t i = 1; i < tensors; ++i) {
      const size_t range = tensors + 2 * i;
      inputs.push_back(call("_contrib_dequantize",
                            {node->inputs[i], node->inputs[range], node->inputs[range + 1]}, {},
                            node->inputs[i].node->name));
    }
    const Value made = call(op, std::move(inputs), node->params, node->name);
    layers_.insert(made.node.get());
    const float factor = real_span(data->declared) / whole_span(data->declared) *
                         (real_span(DType::kInt8) / whole_span(DType::kInt8));
    sums_[{node, 0}] = {made, factor};
    return std::nullopt;
  }

  Result add(const Node& original, const NodePtr& node) {
    const Known *lhs = known(*node, 0, 2), *rhs = known(*node, 1, 4);
    if (!lhs || !rhs) return std::nullopt;
    std::vector<Value> sides;
    bool is_open = true;  // one side alone is added inside of its layer
    for (size_t i : {1, 0}) {
      const Scaled* from = is_open ? unrounded(original, *node, i) : nullptr;
      const bool takes = from && (layers_.count(from->real.node.get()) || is_norm(from->real));
      sides.push_back(takes ? scaled(*from) : real(node->inputs[i]));
      is_open = is_open && !takes;
    }
    const Scaled sum{call("elemwise_add", {sides[1], sides[0]}, {}, node->name)};
    const auto& p = node->params.as<QuantizedAddParam>();
    if (!p.is_calibrated()) {
      sums_[{node, 0}] = sum;
      return std::nullopt;
    }
    const bool is_unsigned = lhs->declared == DType::kUint8 && rhs->declared == DType::kUint8;
    const DType dtype = is_unsigned ? DType::kUint8 : DType::kInt8;
    return rounded(sum, {*p.min_calib_range, *p.max_calib_range, dtype}, real_span(dtype),
                   node->name);
  }

  static bool is_norm(const Value& value) {
    return !value.node->is_variable() && value.node->op->name == "BatchNorm";
  }

  Result batch_norm(const Node& original, const Node& node) {
    BatchNormParam p = node.params.as<BatchNormParam>();
    if (!known(node, 0, 5) || !p.min_calib_range || !p.max_calib_range) return std::nullopt;
    const auto factor = static_cast<float>(1 / std::sqrt(1 + p.eps));  // as the operator says
    const Scaled* from = unrounded(original, node, 0);
    std::vector<Value> inputs(node.inputs.begin(), node.inputs.begin() + 5);
    inputs[0] = from ? scaled(*from, factor) : scaled({real(node.inputs[0])}, factor);
    p.use_global_stats = true;
    p.output_mean_var = false;
    const Known range{*p.min_calib_range, *p.max_calib_range, DType::kInt8};
    const Value norm = call("BatchNorm", std::move(inputs), Params::of(p), node.name);
    return rounded({norm}, range, real_span(DType::kInt8), node.name);
  }

  Result relu(const Node& original, const Node& node) {
    const Known* range = known(node, 0, 1);
    if (!range) return std::nullopt;
    const Known same = *range;
    const Scaled* from = unrounded(original, node, 0);
    if (!from) return remember(call("relu", {node.inputs[0]}, {}, node.name), same);
    Scaled positive = *from;
    positive.real = call("relu", {from->real}, {}, node.name);
    if (may_change_types_) {
      // Nothing is below 0: all 8 bits are for the rest, and layers read them faster.
      const Known above{0, same.magnitude(), DType::kUint8, same.declared};
      return rounded(std::move(positive), above, real_span(DType::kUint8), node.name);
    }
    const Value whole = call("_contrib_quantize_v2", {positive.real}, from->quantize, node.name);
    sources_[whole] = std::move(positive);
    return remember(whole, same);
  }

  Result flatten(const Node& node) {
    const Known* range = known(node, 0, 1);
    if (!range) return std::nullopt;
    const Known same = *range;
    return remember(call("Flatten", {node.inputs[0]}, {}, node.name), same);
  }

  Result pooling(const NodePtr& node) {
    const Known* range = known(*node, 0, 1);
    if (!range) return std::nullopt;
    const Known same = *range;
    return remember({node, 0}, same);
  }

  /// What nobody else reads is rounded to the common range at once, so that it is only moved here.
  Result concatenate(const Node& original, const Node& node) {
    const auto count = static_cast<size_t>(node.params.as<ConcatParam>().num_args);
    std::optional<Known> all;
    for (size_t i = 0; i < count; ++i) {
      const Known* part = known(node, i, count + 2 * i);
      if (!part) return std::nullopt;
      if (!all) all = *part;
      all->low = std::min(all->low, part->low);
      all->high = std::max(all->high, part->high);
      if (part->dtype == DType::kInt8) all->dtype = DType::kInt8;
      if (part->declared == DType::kInt8) all->declared = DType::kInt8;
    }
    std::vector<Value> inputs = node.inputs;
    for (size_t i = 0; i < count; ++i) {
      const Scaled* from = unrounded(original, node, i);
      if (!from) continue;
      const Scaled source = *from;
      const std::vector<Value> whole = rounded(source, *all, real_span(all->dtype), node.name);
      inputs[i] = whole[0];
      std::copy_n(whole.begin() + 1, 2,
                  inputs.begin() + static_cast<std::ptrdiff_t>(count + 2 * i));
    }
    return remember({make_node(*node.op, node.params, std::move(inputs), node.name), 0}, *all);
  }

  UseCounts uses_;
  bool may_change_types_;     ///< no whole numbers are results of the graph
  ValueMap<Known> known_;     ///< of whole numbers
  ValueMap<Scaled> sources_;  ///< what was rounded to them
  ValueMap<Scaled> sums_;     ///< what sums in 32 bits stand for
  ValueMap<Value> reals_;
  std::unordered_set<const Node*> layers_;
};

bool is_quantized(const Node& node) {
  return !node.is_variable() &&
         (node.op->name.starts_with("_contrib_quantize") || node.op->name == "_contrib_dequantize");
}

}  // namespace

std::vector<Value> expand_quantized(const std::vector<Value>& outputs) {
  const std::vector<Node*> nodes = topological_order(outputs);
  if (std::none_of(nodes.begin(), nodes.end(), [](const Node* n) { return is_quantized(*n); }))
    return outputs;
  Expansion expansion(outputs);
  return rewrite(outputs, [&](const Node& original, const NodePtr& node) {
    return expansion(original, node);
  });
}

}  // namespace mx
