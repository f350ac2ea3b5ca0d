#include "ir/differentiate.h"

#include "ir/op.h"

namespace mx {
namespace {

/// Shapes and dtypes of a node's outputs from those of its inputs.
std::vector<TensorType> output_types(const Node& node, const std::vector<TensorType>& in) {
  std::vector<Shape> in_shapes, out_shapes(node.num_outputs());
  std::vector<DType> in_dtypes, out_dtypes(node.num_outputs(), DType::kUnknown);
  for (const TensorType& type : in) {
    in_shapes.push_back(type.shape);
    in_dtypes.push_back(type.dtype);
  }
  ShapeContext shapes(*node.op, node.params, in_shapes, out_shapes);
  node.op->infer_shape(shapes);
  DTypeContext dtypes(*node.op, node.params, in_dtypes, out_dtypes);
  node.op->infer_dtype(dtypes);
  std::vector<TensorType> types;
  for (size_t i = 0; i < out_shapes.size(); ++i) types.push_back({out_shapes[i], out_dtypes[i]});
  return types;
}

/// Lets a node read the outputs of an operator instead of the parts that compute them.
void use_outputs(Node& node, std::span<const Value> computed, std::span<const Value> out) {
  for (Value& input : node.inputs)
    for (size_t i = 0; i < out.size(); ++i)
      if (out[i] && input == computed[i]) input = out[i];
}

void differentiate_decomposition(GradContext& g) {
  std::vector<Value> in, out, d_out;
  std::vector<TensorType> in_types;
  for (size_t i = 0; i < g.num_in(); ++i) {
    in.push_back(g.in(i));
    in_types.push_back({g.in_shape(i), g.in_dtype(i)});
  }
  for (size_t i = 0; i < g.num_out(); ++i) {
    out.push_back(g.out(i));
    d_out.push_back(g.has_d_out(i) ? g.d_out(i) : Value{});
  }
  const std::vector<Value> d_in =
      differentiate_parts(g, g.op(), g.raw_params(), in, in_types, d_out, g.is_train(), out);
  for (size_t i = 0; i < d_in.size(); ++i)
    if (d_in[i]) g.set(i, d_in[i]);
}

}  // namespace

std::vector<Value> differentiate_parts(GraphBuilder& builder, const Op& op, const Params& params,
                                       std::span<const Value> in,
                                       std::span<const TensorType> in_types,
                                       std::span<const Value> d_out, bool is_train,
                                       std::span<const Value> out) {
  ValueMap<TensorType> types;
  for (size_t i = 0; i < in.size(); ++i) types[in[i]] = in_types[i];
  DecomposeContext parts(params, in, in_types, op.num_outputs(params));
  op.decomposition(parts);
  std::vector<Node*> order;
  for (const NodePtr& node : parts.nodes()) {
    order.push_back(node.get());
    std::vector<TensorType> node_in;
    for (const Value& value : node->inputs) node_in.push_back(types.at(value));
    const std::vector<TensorType> node_out = output_types(*node, node_in);
    for (uint32_t i = 0; i < node_out.size(); ++i) types[{node, i}] = node_out[i];
  }
  builder.append(parts.nodes());
  const size_t first_gradient = builder.nodes().size();
  ValueMap<Value> d_values;
  for (size_t i = 0; i < d_out.size(); ++i)
    if (d_out[i]) d_values[parts.out()[i]] = d_out[i];
  differentiate(
      builder, order, d_values, [&](const Value& value) { return types.at(value); }, is_train,
      [](const Node*) { return true; });
  for (size_t k = first_gradient; k < builder.nodes().size(); ++k)
    use_outputs(*builder.nodes()[k], parts.out(), out);
  std::vector<Value> d_in;
  for (const Value& value : in) {
    const auto found = d_values.find(value);
    d_in.push_back(found == d_values.end() ? Value{} : found->second);
    // The gradient of an input that is given twice is whole, and counts once.
    if (found != d_values.end()) d_values.erase(found);
  }
  return d_in;
}

void differentiate_op(GradContext& g) {
  const Op& op = g.op();
  if (op.gradient) return op.gradient(g);
  if (op.decomposition) return differentiate_decomposition(g);
  if (op.not_differentiable.empty())
    fail(ErrorKind::kInternal, op.name, ": has no gradient and gives no reason");
  require(op.gradient_is_zero, op.name, ": a gradient was asked for, but ", op.not_differentiable,
          "; expected BlockGrad or detach() behind it");
}

void differentiate(GraphBuilder& builder, std::span<Node* const> order, ValueMap<Value>& d_values,
                   const std::function<TensorType(const Value&)>& type_of, bool is_train,
                   const std::function<bool(const Node*)>& wanted, const Visit& visited) {
  const auto accumulate = [&](const Value& value, const Value& gradient) {
    Value& sum = d_values[value];
    sum = sum ? builder.call("_grad_add", {sum, gradient}) : gradient;
  };
  for (auto it = order.rbegin(); it != order.rend(); ++it) {
    Node* node = *it;
    if (node->is_variable() || !wanted(node)) continue;
    const NodePtr self = node->shared_from_this();
    std::vector<Value> out, d_out;
    std::vector<TensorType> in_types, out_types;
    bool reached = node->op->ignores_head_gradient;
    for (uint32_t i = 0; i < node->num_outputs(); ++i) {
      out.push_back({self, i});
      out_types.push_back(type_of(out.back()));
      const auto found = d_values.find(out.back());
      d_out.push_back(found == d_values.end() ? Value{} : found->second);
      reached |= static_cast<bool>(d_out.back());
    }
    if (!reached) continue;
    for (const Value& value : node->inputs) in_types.push_back(type_of(value));
    if (!d_out[0] && !node->op->ignores_head_gradient) d_out[0] = builder.zeros_like(out[0]);
    GradContext g(*node->op, node->params, is_train, node->inputs, out, d_out, in_types, out_types);
    differentiate_op(g);
    builder.append(g.nodes());
    if (visited) visited(self, d_out, g.d_in());
    for (size_t i = 0; i < node->inputs.size(); ++i)
      if (g.d_in()[i]) accumulate(node->inputs[i], g.d_in()[i]);
  }
}

}  // namespace mx
