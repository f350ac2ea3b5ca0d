#pragma once
#include <functional>
#include <string>
#include <vector>

#include "ir/symbol.h"

namespace mx::library {

/// Parts of a graph that are replaced by one node each. Nodes are counted in topological order.
class Partition {
 public:
  /// What a node may say instead of the number of its part.
  static constexpr int kNone = -2;  ///< in no part
  static constexpr int kAny = -1;   ///< in any

  explicit Partition(const Symbol& symbol);

  size_t size() const { return order_.size(); }
  bool is_variable(int node) const { return order_[static_cast<size_t>(node)]->is_variable(); }
  /// Nodes that a node reads, and those that read it; each once.
  const std::vector<int>& inputs(int node) const { return inputs_[static_cast<size_t>(node)]; }
  const std::vector<int>& users(int node) const { return users_[static_cast<size_t>(node)]; }

  /// Says whether a part is to be replaced; may add attributes for its node.
  using Accept = std::function<bool(const Symbol& part, int id, AttrMap& attrs)>;
  /// The graph with neighbours that belong together, by `ids`, replaced by nodes of `op`; parts are
  /// made smaller where they would depend on themselves. The graph itself stays as it is.
  Symbol replace(const std::vector<int>& ids, const std::string& op, const Accept& accept);

 private:
  bool would_be_cyclic(int a, int b) const;
  void join(int a, int b);
  void join_neighbours(const std::vector<int>& ids);

  Symbol symbol_;
  std::vector<Node*> order_;
  std::vector<std::vector<int>> inputs_, users_;
  std::vector<int> groups_;                ///< of each node
  std::vector<std::vector<int>> members_;  ///< of each group
};

}  // namespace mx::library
