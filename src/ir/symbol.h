#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/graph.h"
#include "ir/op.h"

namespace mx {

/// A list of values of a graph with names and attributes: what users compose and save.
/// Cheap to copy; copies share nodes, and composing copies what it changes.
class Symbol {
 public:
  Symbol() = default;
  explicit Symbol(std::vector<Value> outputs) : outputs_(std::move(outputs)) {}

  static Symbol variable(std::string name, AttrMap attrs = {});
  static Symbol group(std::span<const Symbol> symbols);
  /// Applies an operator. `attrs` holds parameters and user attributes as text, `args` the inputs
  /// given by position, `kwargs` those given by name; missing parameter, label and auxiliary inputs
  /// become variables named <name>_<input>. Throws: ValueError for wrong attributes or inputs.
  static Symbol create(const Op& op, const AttrMap& attrs, std::string name,
                       std::span<const Symbol> args,
                       std::span<const std::pair<std::string, Symbol>> kwargs);

  const std::vector<Value>& outputs() const { return outputs_; }
  size_t num_outputs() const { return outputs_.size(); }
  /// Output i alone. Throws: IndexError.
  Symbol operator[](size_t i) const;
  /// All outputs of all nodes, in topological order.
  Symbol get_internals() const;
  /// Inputs of the one output's node; nothing for a variable.
  std::optional<Symbol> get_children() const;
  /// A copy of the graph, node by node.
  Symbol copy() const;
  /// The graph with its free variables replaced by other symbols, by position or by name.
  Symbol compose(std::span<const Symbol> args,
                 std::span<const std::pair<std::string, Symbol>> kwargs, std::string name) const;

  /// Name of the one node; nothing for a group.
  std::optional<std::string> name() const;
  std::vector<std::string> list_arguments() const;
  std::vector<std::string> list_outputs() const;
  std::vector<std::string> list_auxiliary_states() const;
  /// Arguments and auxiliary states together, in graph order.
  std::vector<std::string> list_inputs() const;

  std::optional<std::string> attr(std::string_view key) const;
  void set_attr(const std::string& key, const std::string& value);
  /// Attributes of the one node.
  AttrMap list_attr() const;
  /// Attributes of every node that has some, by node name.
  std::map<std::string, AttrMap> attr_dict() const;

 private:
  std::vector<Value> outputs_;
};

/// Name under which 1.9.1 lists an output: <node>_<output>, or the variable's name.
std::string output_name(const Value& value);

/// Input variables of a graph in order, and which of them are auxiliary states.
struct GraphInputs {
  std::vector<Node*> arguments, auxiliary, all;
};
GraphInputs graph_inputs(std::span<const Value> outputs);

}  // namespace mx
