#include "runtime/small_graph.h"

#include <vector>

#include "dispatch/kernel_cost.h"
#include "engine/inline_work.h"

namespace mx {
namespace {

double flops_of(const Node& node, const GraphTypes& types) {
  std::vector<Tensor> in, out;
  for (const Value& value : node.inputs) in.push_back({nullptr, types[value].shape});
  out.push_back({nullptr, types.at(&node, 0).shape});
  return kernel_flops(node.op->name, in, out);
}

}  // namespace

bool is_small_graph(const GraphTypes& types, bool with_gradients) {
  double elements = 0, flops = 0;
  for (const Node* node : types.order()) {
    elements += static_cast<double>(types.at(node, 0).shape.size());
    if (!node->is_variable()) flops += flops_of(*node, types);
  }
  const double passes = with_gradients ? 3 : 1;
  return elements * passes <= kInlineGraphElements && flops * passes <= kInlineFlops;
}

}  // namespace mx
