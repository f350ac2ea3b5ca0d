#include "passes/fuse_gelu.h"

#include <cmath>
#include <numbers>

#include "ir/common_params.h"
#include "ir/op.h"
#include "ops/nn/activation/leaky_relu.h"
#include "passes/rewrite.h"

namespace mx {
namespace {

bool is_op(const Value& value, std::string_view name) {
  return !value.node->is_variable() && value.node->op == find_op(name);
}

double scalar_of(const Value& value) { return value.node->params.as<ScalarParam>().scalar; }

/// Numbers in programs have the digits that their authors cared for.
bool is_near(double a, double b) { return std::abs(a - b) <= 1e-6 * std::abs(b); }

/// A product taken apart.
struct Factors {
  double number = 1;
  std::vector<Value> values;
};

void take_apart(const Value& value, Factors& factors) {
  constexpr size_t kMost = 4;  // more are no formula of ours
  if (factors.values.size() > kMost) return;
  if (is_op(value, "_mul_scalar") || is_op(value, "_div_scalar")) {
    const double number = scalar_of(value);
    factors.number *= is_op(value, "_mul_scalar") ? number : 1 / number;
    take_apart(value.node->inputs[0], factors);
  } else if (is_op(value, "elemwise_mul")) {
    for (const Value& input : value.node->inputs) take_apart(input, factors);
  } else {
    factors.values.push_back(value);
  }
}

Factors factors_of(const Value& value) {
  Factors factors;
  take_apart(value, factors);
  return factors;
}

/// The x of 1 + erf(x / sqrt(2)).
std::optional<Value> argument_of(const Value& value) {
  if (!is_op(value, "_plus_scalar") || scalar_of(value) != 1) return std::nullopt;
  const Value& erf = value.node->inputs[0];
  if (!is_op(erf, "erf")) return std::nullopt;
  const Factors inner = factors_of(erf.node->inputs[0]);
  if (inner.values.size() != 1 || !is_near(inner.number, 1 / std::numbers::sqrt2))
    return std::nullopt;
  return inner.values[0];
}

std::optional<Value> gelu_argument(const Value& value) {
  const Factors product = factors_of(value);
  if (product.values.size() != 2 || !is_near(product.number, 0.5)) return std::nullopt;
  for (size_t i : {0, 1})
    if (const auto x = argument_of(product.values[i]); x && *x == product.values[1 - i]) return x;
  return std::nullopt;
}

}  // namespace

std::vector<Value> fuse_gelu(const std::vector<Value>& outputs) {
  return rewrite(outputs,
                 [&](const Node&, const NodePtr& node) -> std::optional<std::vector<Value>> {
                   const auto x = gelu_argument({node, 0});
                   if (!x) return std::nullopt;
                   const LeakyReluParam params{LeakyReluKind::kGelu};
                   return std::vector<Value>{
                       {make_node(get_op("LeakyReLU"), Params::of(params), {*x}, node->name), 0}};
                 });
}

}  // namespace mx
