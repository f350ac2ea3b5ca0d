// What mx.contrib.amp is made of: converted symbols, and the policy of programs.
#include "passes/mixed_precision.h"

#include "binding.h"
#include "ir/common_params.h"
#include "ir/symbol.h"
#include "mixed_precision.h"
#include "ops/elemwise/cast.h"

namespace mx::python {
namespace {

using Names = std::vector<std::string>;

void set_rules(CastPolicy& policy, const Names& names, CastRule rule) {
  for (const std::string& name : names) policy.set_rule(name, rule);
}

CastPolicy policy_from(
    nb::handle target_dtype, const Names& low, const Names& float32, const Names& widest,
    const std::vector<std::pair<std::string, std::pair<std::string, Names>>>& conditions) {
  CastPolicy policy(dtype_from(target_dtype.ptr()));
  set_rules(policy, widest, CastRule::kWidest);
  set_rules(policy, float32, CastRule::kFloat32);
  set_rules(policy, low, CastRule::kLow);
  for (const auto& [op, condition] : conditions)
    policy.add_condition(op, {condition.first, condition.second});
  return policy;
}

Symbol convert(const Symbol& symbol, const CastPolicy& policy, const Names& excluded,
               const Names& parameters, bool cast_parameters) {
  return Symbol(mixed_precision(symbol.outputs(), policy,
                                {{excluded.begin(), excluded.end()},
                                 {parameters.begin(), parameters.end()},
                                 cast_parameters}));
}

/// In which type the policy wants all inputs; nothing where they stay as they are.
std::optional<DType> wanted_type(const CastPolicy& policy, const Op& op, const Params& params) {
  if (policy.is_conditionally_float32(op, params)) return DType::kFloat32;
  const CastRule rule = policy.rule_of(op);
  if (rule == CastRule::kLow) return policy.low();
  if (rule == CastRule::kFloat32) return DType::kFloat32;
  return std::nullopt;
}

bool is_single_or_half(DType dtype) { return is_floating(dtype) && dtype != DType::kFloat64; }

NDArray cast_array(const NDArray& array, DType dtype) {
  static const Op& op = get_op("amp_cast");
  std::vector<NDArray> out;
  run_op(op, Params::of(CastParam{dtype}), {&array, 1}, out, {});
  return out[0];
}

std::vector<NDArray> in_widest_type(std::span<const NDArray> in) {
  static const Op& op = get_op("amp_multicast");
  std::vector<NDArray> out;
  run_op(op, Params::of(AmpMulticastParam{static_cast<int64_t>(in.size())}), in, out, {});
  return out;
}

/// Auxiliary states are written, so that no copy may stand for them.
bool is_state(const Op& op, const Params& params, size_t input) {
  return op.input_kind(params, static_cast<uint32_t>(input)) == InputKind::kAuxiliary;
}

/// A cast of an operator's input in a symbol, named as the user's scope names operators.
Value cast_value(const Op& op, const AttrMap& attrs, std::vector<Value> inputs) {
  const nb::object name = nb::module_::import_("mxnet.name")
                              .attr("NameManager")
                              .attr("current")
                              .attr("get")(nb::none(), op.name);
  const NodePtr node =
      make_node(op, op.parse_params(attrs), std::move(inputs), nb::cast<std::string>(name));
  node->attrs = attrs;
  return {node, 0};
}

/// The inputs of an operator in the types that the policy wants, on the tape while recording;
/// nothing when all are right as they are.
std::vector<NDArray> cast_inputs(const CastPolicy& policy, const Op& op, const Params& params,
                                 std::span<const NDArray> in) {
  const std::optional<DType> wanted = wanted_type(policy, op, params);
  if (wanted) {
    std::vector<NDArray> result(in.begin(), in.end());
    for (size_t i = 0; i < in.size(); ++i)
      if (in[i].dtype() != *wanted && is_single_or_half(in[i].dtype()) && !is_state(op, params, i))
        result[i] = cast_array(in[i], *wanted);
    return result;
  }
  if (policy.rule_of(op) != CastRule::kWidest || in.size() < 2) return {};
  bool differ = false;
  for (const NDArray& array : in) differ |= array.dtype() != in[0].dtype();
  return differ ? in_widest_type(in) : std::vector<NDArray>();
}

}  // namespace

void run_called_op(const Op& op, const Params& params, std::span<const NDArray> in,
                   std::vector<NDArray>& out, Device device) {
  std::vector<NDArray> cast;
  if (const CastPolicy* policy = active_cast_policy()) cast = cast_inputs(*policy, op, params, in);
  run_op(op, params, cast.empty() ? in : std::span<const NDArray>(cast), out, device);
}

void cast_inputs(const CastPolicy& policy, const Symbol& symbol) {
  Node& node = *symbol.outputs()[0].node;
  if (const std::optional<DType> wanted = wanted_type(policy, *node.op, node.params)) {
    for (size_t i = 0; i < node.inputs.size(); ++i)
      if (!is_state(*node.op, node.params, i))
        node.inputs[i] = cast_value(
            get_op("amp_cast"), {{"dtype", std::string(dtype_name(*wanted))}}, {node.inputs[i]});
  } else if (policy.rule_of(*node.op) == CastRule::kWidest && node.inputs.size() > 1) {
    const Value cast =
        cast_value(get_op("amp_multicast"), {{"num_outputs", std::to_string(node.inputs.size())}},
                   node.inputs);
    for (uint32_t i = 0; i < node.inputs.size(); ++i) node.inputs[i] = {cast.node, i};
  }
}

void bind_mixed_precision(nb::module_& m) {
  nb::class_<CastPolicy>(m, "CastPolicy", "In which type operators compute in mixed precision.")
      .def_static("make", &policy_from, nb::arg("target_dtype"), nb::arg("low"), nb::arg("float32"),
                  nb::arg("widest"), nb::arg("conditions"));
  m.def("convert_symbol", &convert, nb::arg("symbol"), nb::arg("policy"), nb::arg("excluded"),
        nb::arg("parameters"), nb::arg("cast_parameters"));
  m.def(
      "set_active_cast_policy",
      [](const CastPolicy* policy) {
        // Threads may be using the last one: policies are few and stay.
        set_active_cast_policy(policy ? new CastPolicy(*policy) : nullptr);
      },
      nb::arg("policy").none());
  m.def("has_active_cast_policy", [] { return active_cast_policy() != nullptr; });
}

}  // namespace mx::python
