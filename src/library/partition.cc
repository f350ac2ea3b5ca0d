#include "library/partition.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

#include "ir/subgraph.h"
#include "ir/symbol_json.h"

namespace mx::library {
namespace {

/// Takes parts out of a copied graph and puts nodes in their places.
class Replacement {
 public:
  Replacement(const Symbol& symbol, const std::vector<Node*>& order, std::string op,
              const Partition::Accept& accept)
      : outputs_(symbol.outputs()), order_(order), op_(std::move(op)), accept_(accept) {
    for (Node* node : order_)
      for (const Value& value : node->inputs) users_[value].push_back(node);
  }

  void replace(const std::vector<Node*>& members, int id) {
    const std::unordered_set<const Node*> inside(members.begin(), members.end());
    const std::vector<Value> results = results_of(members, inside);
    const CutGraph cut = cut_graph(results, [&](const Node& node) { return inside.count(&node); });
    const Symbol part(cut.outputs);
    AttrMap attrs;
    if (!accept_(part, id, attrs)) return;
    attrs["subgraph_sym_json"] = symbol_to_json(part);
    NodePtr node = make_node(get_op(op_), get_op(op_).parse_params(attrs), inputs_of(cut, members),
                             "_op" + std::to_string(id));
    node->attrs = attrs;
    for (uint32_t i = 0; i < results.size(); ++i) replaced_[results[i]] = {node, i};
  }

  /// The graph after all replacements.
  Symbol finish() {
    // New nodes read values that other parts made: everything is redirected at the end.
    std::vector<Value> outputs = outputs_;
    for (Value& value : outputs) redirect(value);
    for (Node* node : topological_order(outputs))
      for (Value& value : node->inputs) redirect(value);
    // Redirecting brought in nodes whose inputs were not seen before.
    for (bool changed = true; changed;) {
      changed = false;
      for (Node* node : topological_order(outputs))
        for (Value& value : node->inputs) changed |= redirect(value);
    }
    return Symbol(outputs);
  }

 private:
  bool redirect(Value& value) const {
    const auto found = replaced_.find(value);
    if (found == replaced_.end()) return false;
    value = found->second;
    return true;
  }

  /// What others read of a part, in the order of its nodes.
  std::vector<Value> results_of(const std::vector<Node*>& members,
                                const std::unordered_set<const Node*>& inside) const {
    std::vector<Value> results;
    for (Node* node : members)
      for (uint32_t i = 0; i < node->num_outputs(); ++i) {
        const Value value{node->shared_from_this(), i};
        const auto users = users_.find(value);
        const bool is_read = users != users_.end() &&
                             std::any_of(users->second.begin(), users->second.end(),
                                         [&](const Node* user) { return !inside.count(user); });
        if (is_read || std::find(outputs_.begin(), outputs_.end(), value) != outputs_.end())
          results.push_back(value);
      }
    return results;
  }

  /// The values for the variables of a part, in their order.
  static std::vector<Value> inputs_of(const CutGraph& cut, const std::vector<Node*>& members) {
    std::map<std::string, Value> by_name;
    for (const Node* node : members)
      for (const Value& value : node->inputs)
        if (value.node->is_variable()) by_name[value.node->name] = value;
    for (const auto& [variable, value] : cut.from_outside) by_name[variable->name] = value;
    std::vector<Value> inputs;
    for (const Node* variable : graph_inputs(cut.outputs).all)
      inputs.push_back(by_name.at(variable->name));
    return inputs;
  }

  const std::vector<Value> outputs_;
  const std::vector<Node*>& order_;
  const std::string op_;
  const Partition::Accept& accept_;
  ValueMap<std::vector<Node*>> users_;
  ValueMap<Value> replaced_;
};

}  // namespace

Partition::Partition(const Symbol& symbol)
    : symbol_(symbol.copy()), order_(topological_order(symbol_.outputs())) {
  std::unordered_map<const Node*, int> number;
  inputs_.resize(order_.size());
  users_.resize(order_.size());
  groups_.resize(order_.size());
  std::iota(groups_.begin(), groups_.end(), 0);
  for (const int group : groups_) members_.push_back({group});
  for (size_t i = 0; i < order_.size(); ++i) {
    number[order_[i]] = static_cast<int>(i);
    for (const Value& value : order_[i]->inputs) {
      const int input = number.at(value.node.get());
      if (std::find(inputs_[i].begin(), inputs_[i].end(), input) != inputs_[i].end()) continue;
      inputs_[i].push_back(input);
      users_[static_cast<size_t>(input)].push_back(static_cast<int>(i));
    }
  }
}

/// Whether a path leaves the two groups together and comes back.
bool Partition::would_be_cyclic(int a, int b) const {
  std::vector<int> open{a, b};
  std::unordered_set<int> seen;
  while (!open.empty()) {
    const int group = open.back();
    open.pop_back();
    const bool is_start = group == a || group == b;
    for (const int node : members_[static_cast<size_t>(group)])
      for (const int user : users(node)) {
        const int next = groups_[static_cast<size_t>(user)];
        if (next == a || next == b) {
          if (!is_start) return true;
        } else if (seen.insert(next).second) {
          open.push_back(next);
        }
      }
  }
  return false;
}

void Partition::join(int a, int b) {
  std::vector<int>&to = members_[static_cast<size_t>(a)], &from = members_[static_cast<size_t>(b)];
  for (const int node : from) groups_[static_cast<size_t>(node)] = a;
  to.insert(to.end(), from.begin(), from.end());
  from.clear();
}

void Partition::join_neighbours(const std::vector<int>& ids) {
  const auto id_of = [&](int node) { return ids[static_cast<size_t>(node)]; };
  for (int node = 0; node < static_cast<int>(size()); ++node) {
    if (is_variable(node) || id_of(node) == kNone) continue;
    for (const int input : inputs(node)) {
      if (is_variable(input) || id_of(input) != id_of(node)) continue;
      const int a = groups_[static_cast<size_t>(node)], b = groups_[static_cast<size_t>(input)];
      if (a != b && !would_be_cyclic(a, b)) join(a, b);
    }
  }
}

Symbol Partition::replace(const std::vector<int>& ids, const std::string& op,
                          const Accept& accept) {
  join_neighbours(ids);
  std::map<int, std::vector<Node*>> members;  // by the first node, so that numbers follow the graph
  std::unordered_map<int, int> first;
  for (int node = 0; node < static_cast<int>(size()); ++node) {
    if (is_variable(node) || ids[static_cast<size_t>(node)] == kNone) continue;
    const int group = first.try_emplace(groups_[static_cast<size_t>(node)], node).first->second;
    members[group].push_back(order_[static_cast<size_t>(node)]);
  }
  Replacement replacement(symbol_, order_, op, accept);
  int id = 0;
  for (const auto& [group, nodes] : members) replacement.replace(nodes, id++);
  return replacement.finish();
}

}  // namespace mx::library
