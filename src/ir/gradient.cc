#include "ir/gradient.h"

#include "ir/common_params.h"
#include "ir/op.h"

namespace mx {

NodePtr GraphBuilder::call_node(std::string_view name, std::vector<Value> inputs, Params params) {
  const Op* op = find_op(name);
  internal_check(op != nullptr, "operator ", name, " is used in a graph but not registered");
  nodes_.push_back(
      make_node(*op, params ? std::move(params) : op->default_params(), std::move(inputs)));
  return nodes_.back();
}

Value GraphBuilder::call(std::string_view op, std::vector<Value> inputs, Params params) {
  return {call_node(op, std::move(inputs), std::move(params)), 0};
}

Value GraphBuilder::mul_scalar(Value a, double scalar) {
  return call("_mul_scalar", {std::move(a)}, ScalarParam{scalar});
}

Value GraphBuilder::cast(Value a, DType dtype) {
  return call("Cast", {std::move(a)}, CastParam{dtype});
}

Value GraphBuilder::sum(Value a, Shape axes, bool keepdims) {
  return call("sum", {std::move(a)}, ReduceParam{std::move(axes), keepdims});
}

Value GraphBuilder::add_scalar(Value a, double scalar) {
  return call("_plus_scalar", {std::move(a)}, ScalarParam{scalar});
}

}  // namespace mx
