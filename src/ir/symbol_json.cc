#include "ir/symbol_json.h"

#include "base/text.h"
#include "ir/fused_nodes.h"
#include "ir/legacy_symbol.h"
#include "ir/symbol_document.h"

namespace mx {
namespace {

/// More outputs than any operator has; a larger number would claim memory for nothing.
constexpr uint32_t kMostOutputs = 1 << 16;

/// Turns a document into nodes; every reference is checked before it is followed.
class SymbolBuilder {
 public:
  SymbolBuilder(const SymbolDocument& document, const std::string& source)
      : document_(document), source_(source), upgrade_(document.version, source) {}

  Symbol run() {
    nodes_.resize(document_.nodes.size());
    for (size_t number : order()) nodes_[number] = build(number);
    std::vector<Value> outputs;
    for (const NodeReference& head : document_.heads)
      outputs.push_back(value_of(head, "heads", outputs.size()));
    if (outputs.empty()) fail_at("heads", "is empty", "at least one output");
    return Symbol(std::move(outputs));
  }

 private:
  [[noreturn]] void fail_at(const std::string& place, const std::string& problem,
                            const std::string& expected, ErrorKind kind = ErrorKind::kValue) const {
    fail(kind, source_, ": ", place, " ", problem, "; expected ", expected);
  }

  std::string place_of(size_t number) const {
    return node_place(number, document_.nodes[number].name);
  }

  void check_exists(const NodeReference& reference, const std::string& place, size_t i) const {
    if (reference.node >= document_.nodes.size())
      fail_at(concat(place, "[", i, "]"), concat("names the node ", reference.node),
              concat("a number below ", document_.nodes.size()));
  }

  /// Numbers of the nodes, each behind its inputs. Files list them so; others are sorted.
  std::vector<size_t> order() const {
    enum State : char { kNew, kOpen, kDone };
    std::vector<State> states(document_.nodes.size(), kNew);
    std::vector<size_t> order;
    std::vector<std::pair<size_t, size_t>> stack;
    for (size_t first = 0; first < states.size(); ++first) {
      if (states[first] == kNew) stack.emplace_back(first, 0);
      while (!stack.empty()) {
        auto& [number, next] = stack.back();
        const std::vector<NodeReference>& inputs = document_.nodes[number].inputs;
        states[number] = kOpen;
        if (next == inputs.size()) {
          states[number] = kDone;
          order.push_back(number);
          stack.pop_back();
          continue;
        }
        const NodeReference& input = inputs[next];
        check_exists(input, place_of(number) + " inputs", next++);
        if (states[input.node] == kOpen)
          fail_at(place_of(number), "depends on itself", "inputs without a cycle");
        if (states[input.node] == kNew) stack.emplace_back(input.node, 0);
      }
    }
    return order;
  }

  Value value_of(const NodeReference& reference, const std::string& place, size_t i) const {
    check_exists(reference, place, i);
    const NodePtr& node = nodes_[reference.node];
    if (reference.index >= node->num_outputs())
      fail_at(concat(place, "[", i, "]"),
              concat("names output ", reference.index, " of ", quoted_text(node->name)),
              concat("a number below ", node->num_outputs()));
    return {node, reference.index, reference.version};
  }

  NodePtr build(size_t number) const {
    const NodeRecord& record = document_.nodes[number];
    auto node = std::make_shared<Node>();
    node->name = record.name;
    node->attrs = record.attrs;
    for (const NodeReference& input : record.inputs)
      node->inputs.push_back(value_of(input, place_of(number) + " inputs", node->inputs.size()));
    if (record.op == "null") {
      if (!node->inputs.empty()) fail_at(place_of(number), "is a variable with inputs", "none");
      upgrade_.upgrade_variable(*node);
      return node;
    }
    try {
      node->op = &get_op(record.op);
      upgrade_.upgrade_operator(*node, record.has_param);
    } catch (const Error& error) {
      throw Error(error.kind(), concat(source_, ": ", place_of(number), ": ", error.message()));
    }
    check_outputs(*node, number);
    return node;
  }

  void check_outputs(const Node& node, size_t number) const {
    if (node.num_outputs() > kMostOutputs)
      fail_at(place_of(number), concat("has ", node.num_outputs(), " outputs"),
              concat("at most ", kMostOutputs));
    for (uint32_t i = 0; i < node.inputs.size(); ++i)
      if (!node.inputs[i].node->is_variable() &&
          node.op->input_kind(node.params, i) == InputKind::kAuxiliary)
        fail_at(concat(place_of(number), " inputs[", i, "]"),
                concat("is the output of ", quoted_text(node.inputs[i].node->name)),
                "a variable, as the operator updates it");
  }

  const SymbolDocument& document_;
  const std::string& source_;
  SymbolUpgrade upgrade_;
  std::vector<NodePtr> nodes_;
};

}  // namespace

Symbol symbol_from_json(std::string_view text, std::string_view source) {
  const std::string name(source);
  const SymbolDocument document = expand_fused_nodes(parse_symbol_document(text, name), name);
  return SymbolBuilder(document, name).run();
}

}  // namespace mx
