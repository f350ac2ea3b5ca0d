#include "ir/subgraph.h"

#include <nlohmann/json.hpp>

#include "ir/op.h"
#include "ir/symbol.h"
#include "ir/symbol_json.h"

namespace mx {

Subgraphs::Subgraphs(std::string text) {
  const auto list = nlohmann::json::parse(text, nullptr, false);
  require(list.is_array() && !list.empty(), kSubgraphsKey, "=", text.substr(0, 40),
          " is malformed; expected a list of symbols");
  std::vector<Symbol> graphs;
  for (const auto& graph : list) graphs.push_back(symbol_from_json(graph.dump(), kSubgraphsKey));
  text_ = std::make_shared<const std::string>(std::move(text));
  graphs_ = std::make_shared<const std::vector<Symbol>>(std::move(graphs));
}

size_t Subgraphs::size() const { return graphs_ ? graphs_->size() : 0; }

const Symbol& Subgraphs::operator[](size_t i) const {
  require(i < size(), kSubgraphsKey, ": number ", i, " is missing; ", size(), " are there");
  return (*graphs_)[i];
}

const std::string& Subgraphs::text() const {
  static const auto* none = new std::string;
  return text_ ? *text_ : *none;
}

const Subgraphs* subgraphs_in(const Params& params) {
  if (!params) return nullptr;
  const FieldInfo* field = params.schema()->find(kSubgraphsKey);
  if (!field) return nullptr;
  return reinterpret_cast<const Subgraphs*>(static_cast<const char*>(params.data()) +
                                            field->offset);
}

bool any_has_trait(const Op& op, const Params& params, std::string_view trait) {
  if (op.has_trait(trait)) return true;
  const Subgraphs* graphs = subgraphs_in(params);
  for (size_t i = 0; graphs && i < graphs->size(); ++i)
    for (const Node* node : topological_order((*graphs)[i].outputs()))
      if (node->op && any_has_trait(*node->op, node->params, trait)) return true;
  return false;
}

bool runs_user_code(const Op& op, const Params& params) {
  if (op.runs_user_code) return true;
  const Subgraphs* graphs = subgraphs_in(params);
  for (size_t i = 0; graphs && i < graphs->size(); ++i)
    for (const Node* node : topological_order((*graphs)[i].outputs()))
      if (node->op && runs_user_code(*node->op, node->params)) return true;
  return false;
}

CutGraph cut_graph(const std::vector<Value>& outputs,
                   const std::function<bool(const Node&)>& is_inside) {
  CutGraph cut;
  std::unordered_map<const Node*, NodePtr> copies;
  ValueMap<NodePtr> variables;
  const auto mapped = [&](const Value& value) {
    if (value.node->is_variable() || is_inside(*value.node))
      return Value{copies.at(value.node.get()), value.index, value.version};
    NodePtr& variable = variables[value];
    if (!variable) {
      variable = make_variable(output_name(value));
      cut.from_outside.emplace_back(variable, value);
    }
    return Value{variable, 0};
  };
  for (Node* node : topological_order(outputs)) {
    // Variables stay what they are: those that are also used outside are found by identity.
    if (node->is_variable()) {
      copies[node] = node->shared_from_this();
      continue;
    }
    if (!is_inside(*node)) continue;
    auto copy = std::make_shared<Node>(*node);
    for (Value& input : copy->inputs) input = mapped(input);
    copies[node] = std::move(copy);
  }
  for (const Value& value : outputs) cut.outputs.push_back(mapped(value));
  return cut;
}

namespace codec {

bool Codec<Subgraphs>::parse(std::string_view text, Subgraphs& value) {
  value = Subgraphs(std::string(text));
  return true;
}

bool Codec<Subgraphs>::assign(const AttrValue& from, Subgraphs& value) {
  const auto* text = std::get_if<std::string>(&from);
  return text && parse(*text, value);
}

}  // namespace codec
}  // namespace mx
