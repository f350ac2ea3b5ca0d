#include "autograd/node_by_node.h"

#include <algorithm>

#include "autograd/autograd.h"
#include "ir/op.h"
#include "ir/subgraph.h"
#include "profile/profile.h"

namespace mx {

NDArray on_device(const NDArray& array, Device device) {
  if (array.device() == device) return array;
  NDArray copy(array.shape(), array.dtype(), device);
  autograd::copy_recorded(array, copy);
  return copy;
}

void run_node_by_node(const std::vector<Node*>& order, ValueMap<NDArray>& values, Device device,
                      const NodeVisit& visit, CustomStates* states, const NodeAnswer& answer,
                      const NodeDevices& devices) {
  for (Node* each : order) {
    if (each->is_variable()) continue;
    const NodePtr node = each->shared_from_this();
    const profile::NodeScope scope(node->name);
    std::vector<NDArray> in, out;
    const auto place = devices.find(each);
    for (const Value& value : node->inputs) {
      in.push_back(values.at(value));
      if (place != devices.end()) in.back() = on_device(in.back(), place->second);
    }
    const Device target = place == devices.end() ? device : place->second;
    const bool is_answered = answer && answer(node, in, out);
    if (is_answered) {
      // nothing is left to run
    } else if (states && node->op->runs_user_code) {
      autograd::invoke_custom(*node->op, node->params, in, out, target, &states->at(each));
    } else {
      autograd::invoke_recorded(*node->op, node->params, in, out, target);
    }
    if (visit) visit(node, in, out);
    for (uint32_t i = 0; i < out.size(); ++i) values[{node, i}] = std::move(out[i]);
  }
}

namespace {

bool meets_copies(const Node& node) {
  const auto trait = node.op->traits.find("meets");
  if (trait == node.op->traits.end()) return false;
  return node.op->param_schema->find(trait->second)->print(node.params.data()) != "1";
}

}  // namespace

bool needs_node_by_node(const std::vector<Node*>& order) {
  return std::any_of(order.begin(), order.end(), [](const Node* node) {
    return node->op &&
           (any_has_trait(*node->op, node->params, "shape_from_data") || meets_copies(*node));
  });
}

bool has_user_code(const std::vector<Node*>& order) {
  return std::any_of(order.begin(), order.end(), [](const Node* node) {
    return node->op && runs_user_code(*node->op, node->params);
  });
}

}  // namespace mx
