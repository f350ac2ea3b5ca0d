#pragma once
#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/param.h"

namespace mx {

class Op;
struct Node;
using NodePtr = std::shared_ptr<Node>;

/// One output of a node.
struct Value {
  NodePtr node;
  uint32_t index = 0;
  /// Node::version when the reference was made; only files hold it.
  uint32_t version = 0;
  explicit operator bool() const { return node != nullptr; }
  bool operator==(const Value& other) const { return node == other.node && index == other.index; }
};

/// What a file older than today's defaults leaves open about a node; see ir/legacy_symbol.h.
struct LegacyOrigin {
  explicit LegacyOrigin(std::string file) : source(std::move(file)) {}
  std::string source;                        ///< the file's name
  mutable std::atomic<bool> warned = false;  ///< whether the user has been told how it was settled
};

/// An operator applied to inputs, or a variable (op == nullptr). Shared by symbols, the tape and
/// the compiled graph. Nodes are not changed once others refer to them, except while composing.
struct Node : std::enable_shared_from_this<Node> {
  const Op* op = nullptr;
  Params params;
  std::string name;
  std::vector<Value> inputs;
  AttrMap attrs;  ///< attributes as written by the user or read from a file, parameters included
  /// Of a variable: number of operators that update it among those composed so far.
  uint32_t version = 0;
  std::shared_ptr<const LegacyOrigin> legacy;  ///< set where a file leaves the meaning in doubt

  Node() = default;
  Node(const Node&) = default;
  Node& operator=(const Node&) = default;
  /// Releases long chains without recursion.
  ~Node();

  bool is_variable() const { return op == nullptr; }
  uint32_t num_outputs() const;
};

/// Makes a node; names are only wanted where a user sees them.
NodePtr make_node(const Op& op, Params params, std::vector<Value> inputs, std::string name = "");
NodePtr make_variable(std::string name);

struct ValueHash {
  size_t operator()(const Value& value) const {
    return std::hash<const void*>{}(value.node.get()) * 31 + value.index;
  }
};
template <typename T>
using ValueMap = std::unordered_map<Value, T, ValueHash>;

/// A list of outputs; everything they depend on is the graph. Cheap to copy.
struct Graph {
  std::vector<Value> outputs;
};

/// Nodes that `outputs` depend on, each behind its inputs, in the order of a depth-first walk (the
/// order in which 1.9.1 lists arguments). Does not recurse, so depth is not limited by the stack.
std::vector<Node*> topological_order(std::span<const Value> outputs);

}  // namespace mx
