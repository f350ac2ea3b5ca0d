#include "ir/symbol.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"
#include "ir/attributes.h"
#include "ir/subgraph.h"

namespace mx {
namespace {

using NamedSymbols = std::span<const std::pair<std::string, Symbol>>;

Value single_output(const Symbol& symbol, const std::string& who, const std::string& input) {
  require(symbol.num_outputs() == 1, who, ": ", input, " is a symbol with ", symbol.num_outputs(),
          " outputs; expected one output");
  return symbol.outputs()[0];
}

/// Inputs of a new node: by position, then by name, then as new variables.
class InputFiller {
 public:
  InputFiller(const Op& op, const Node& node)
      : op_(op), node_(node), names_(op.input_names(node.params)), values_(names_.size()) {}

  void positional(std::span<const Symbol> args) {
    size_t next = 0;
    for (const Symbol& symbol : args)
      for (const Value& value : expand(symbol, args.size() == 1)) {
        require(next < values_.size(), op_.name, ": too many inputs were given; expected ",
                values_.size());
        values_[next++] = value;
      }
  }

  void named(NamedSymbols kwargs) {
    if (kwargs.empty()) return;
    std::unordered_map<std::string_view, size_t> places;
    for (size_t i = 0; i < names_.size(); ++i) places.emplace(names_[i], i);
    for (const auto& [name, symbol] : kwargs) {
      const auto found = places.find(name);
      require(found != places.end(), op_.name, ": ", name,
              " is not an input of this operator; expected one of ", list_names());
      Value& value = values_[found->second];
      require(!value, op_.name, ": ", name, " was given twice; expected once");
      value = single_output(symbol, op_.name, name);
    }
  }

  std::vector<Value> finish() {
    for (size_t i = 0; i < values_.size(); ++i) {
      if (!values_[i]) values_[i] = {make_input_variable(i), 0};
      add_initializer(op_, names_[i], *values_[i].node);
    }
    return std::move(values_);
  }

 private:
  std::vector<Value> expand(const Symbol& symbol, bool is_only) const {
    if (op_.is_variadic() || is_only) return symbol.outputs();
    return {single_output(symbol, op_.name, "an input")};
  }

  NodePtr make_input_variable(size_t i) const {
    NodePtr variable = make_variable(node_.name + "_" + names_[i]);
    variable->attrs = node_.attrs;
    return variable;
  }

  std::string list_names() const {
    std::string text;
    for (const std::string& name : names_) text += (text.empty() ? "" : ", ") + name;
    return text;
  }

  const Op& op_;
  const Node& node_;
  std::vector<std::string> names_;
  std::vector<Value> values_;
};

/// Number of values that variadic inputs add up to.
size_t count_values(std::span<const Symbol> args) {
  size_t count = 0;
  for (const Symbol& symbol : args) count += symbol.num_outputs();
  return count;
}

std::vector<Value> visible_outputs(const NodePtr& node) {
  if (node->is_variable()) return {{node, 0, node->version}};
  const uint32_t count = node->op->num_visible_outputs(node->params);
  std::vector<Value> values;
  for (uint32_t i = 0; i < count; ++i) values.push_back({node, i});
  return values;
}

/// Numbers the references of a node just composed: those to variables by how often they have been
/// updated so far, this node included where it updates one.
void number_references(Node& node) {
  for (Value& input : node.inputs)
    if (input.node->is_variable()) input.version = input.node->version;
  if (!node.op->mutates_inputs()) return;
  for (uint32_t i = 0; i < node.inputs.size(); ++i) {
    if (node.op->input_kind(node.params, i) != InputKind::kAuxiliary) continue;
    Value& input = node.inputs[i];
    require(input.node->is_variable(), node.op->name, ": ", node.op->input_name(node.params, i),
            " is the output of ", quoted_text(input.node->name),
            "; expected a variable, as the operator updates it");
    input.version = ++input.node->version;
  }
}

/// Copies a graph, replacing some variables.
std::vector<Value> copy_graph(const std::vector<Value>& outputs,
                              const std::unordered_map<const Node*, Value>& replace) {
  std::unordered_map<const Node*, NodePtr> copies;
  const auto mapped = [&](const Value& value) {
    const auto found = replace.find(value.node.get());
    if (found != replace.end()) return found->second;
    return Value{copies.at(value.node.get()), value.index, value.version};
  };
  for (Node* node : topological_order(outputs)) {
    if (replace.count(node)) continue;
    auto copy = std::make_shared<Node>(*node);
    bool replaced = false;
    for (Value& input : copy->inputs) {
      replaced |= replace.count(input.node.get()) > 0;
      input = mapped(input);
    }
    if (replaced) number_references(*copy);
    copies[node] = std::move(copy);
  }
  std::vector<Value> result;
  for (const Value& value : outputs) result.push_back(mapped(value));
  return result;
}

}  // namespace

Symbol Symbol::variable(std::string name, AttrMap attrs) {
  NodePtr node = make_variable(std::move(name));
  node->attrs = stored_attributes(attrs);
  return Symbol({{node, 0}});
}

Symbol Symbol::group(std::span<const Symbol> symbols) {
  std::vector<Value> outputs;
  for (const Symbol& symbol : symbols)
    outputs.insert(outputs.end(), symbol.outputs_.begin(), symbol.outputs_.end());
  return Symbol(std::move(outputs));
}

Symbol Symbol::create(const Op& op, const AttrMap& attrs, std::string name,
                      std::span<const Symbol> args, NamedSymbols kwargs) {
  auto node = std::make_shared<Node>();
  node->op = &op;
  node->name = std::move(name);
  node->attrs = stored_attributes(attrs);
  if (!op.variadic_count.empty())
    node->attrs.try_emplace(op.variadic_count, std::to_string(count_values(args) + kwargs.size()));
  node->params = parse_node_params(op, node->attrs);
  InputFiller inputs(op, *node);
  inputs.positional(args);
  inputs.named(kwargs);
  node->inputs = inputs.finish();
  number_references(*node);
  return Symbol(visible_outputs(node));
}

Symbol Symbol::operator[](size_t i) const {
  if (i >= outputs_.size())
    fail(ErrorKind::kIndex, "Symbol: index=", i, " is out of range; expected less than ",
         outputs_.size());
  return Symbol({outputs_[i]});
}

Symbol Symbol::get_internals() const {
  std::vector<Value> values;
  for (Node* node : topological_order(outputs_))
    for (Value& value : visible_outputs(node->shared_from_this()))
      values.push_back(std::move(value));
  return Symbol(std::move(values));
}

std::optional<Symbol> Symbol::get_children() const {
  std::vector<Value> children;
  std::unordered_set<const Node*> seen;
  for (const Value& value : outputs_)
    if (seen.insert(value.node.get()).second)
      children.insert(children.end(), value.node->inputs.begin(), value.node->inputs.end());
  if (children.empty()) return std::nullopt;
  return Symbol(std::move(children));
}

Symbol Symbol::copy() const { return Symbol(copy_graph(outputs_, {})); }

Symbol Symbol::compose(std::span<const Symbol> args, NamedSymbols kwargs, std::string name) const {
  require(args.empty(),
          "Symbol.compose: inputs were given by position; expected keyword arguments");
  std::unordered_map<const Node*, Value> replace;
  const GraphInputs inputs = graph_inputs(outputs_);
  for (const auto& [key, symbol] : kwargs) {
    bool found = false;
    for (const Node* variable : inputs.all)
      if (variable->name == key)
        replace[variable] = single_output(symbol, "Symbol.compose", key), found = true;
    require(found, "Symbol.compose: ", key,
            " is not an argument of the symbol; see list_arguments()");
  }
  std::vector<Value> outputs = copy_graph(outputs_, replace);
  if (!name.empty() && outputs.size() == 1 && outputs[0].node->op)
    outputs[0].node->name = std::move(name);
  return Symbol(std::move(outputs));
}

std::optional<std::string> Symbol::name() const {
  for (const Value& value : outputs_)
    if (value.node != outputs_[0].node) return std::nullopt;
  if (outputs_.empty()) return std::nullopt;
  return outputs_[0].node->name;
}

std::string output_name(const Value& value) {
  const Node& node = *value.node;
  if (node.is_variable()) return node.name;
  return node.name + "_" + node.op->list_output_names(node.params)[value.index];
}

GraphInputs graph_inputs(std::span<const Value> outputs) {
  GraphInputs inputs;
  std::unordered_set<const Node*> auxiliary;
  const std::vector<Node*> order = topological_order(outputs);
  for (const Node* node : order)
    if (node->op && node->op->mutates_inputs())
      for (uint32_t i = 0; i < node->inputs.size(); ++i)
        if (node->op->input_kind(node->params, i) == InputKind::kAuxiliary)
          auxiliary.insert(node->inputs[i].node.get());
  for (Node* node : order) {
    if (!node->is_variable()) continue;
    inputs.all.push_back(node);
    (auxiliary.count(node) ? inputs.auxiliary : inputs.arguments).push_back(node);
  }
  return inputs;
}

namespace {
std::vector<std::string> names_of(const std::vector<Node*>& nodes) {
  std::vector<std::string> names;
  for (const Node* node : nodes) names.push_back(node->name);
  return names;
}
}  // namespace

std::vector<std::string> Symbol::list_arguments() const {
  return names_of(graph_inputs(outputs_).arguments);
}
std::vector<std::string> Symbol::list_auxiliary_states() const {
  return names_of(graph_inputs(outputs_).auxiliary);
}
std::vector<std::string> Symbol::list_inputs() const {
  return names_of(graph_inputs(outputs_).all);
}

std::vector<std::string> Symbol::list_outputs() const {
  std::vector<std::string> names;
  for (const Value& value : outputs_) names.push_back(output_name(value));
  return names;
}

std::optional<std::string> Symbol::attr(std::string_view key) const {
  if (outputs_.empty()) return std::nullopt;
  const AttrMap& attrs = outputs_[0].node->attrs;
  const auto found = attrs.find(stored_key(key));
  if (found == attrs.end()) return std::nullopt;
  return found->second;
}

void Symbol::set_attr(const std::string& key, const std::string& value) {
  require(name().has_value(), "Symbol: attributes of a group cannot be set; expected one node");
  Node& node = *outputs_[0].node;
  AttrMap attrs = node.attrs;
  for (auto& [stored, text] : stored_attributes({{key, value}})) attrs[stored] = text;
  if (node.op) node.params = parse_node_params(*node.op, attrs);
  node.attrs = std::move(attrs);
}

namespace {
/// Stored attributes with the short forms beside them.
AttrMap with_short_keys(const AttrMap& attrs) {
  AttrMap all = attrs;
  all.erase(std::string(kSubgraphsKey));
  for (const auto& [key, value] : attrs)
    if (const std::string_view brief = short_key(key); !brief.empty())
      all[std::string(brief)] = value;
  return all;
}
}  // namespace

AttrMap Symbol::list_attr() const {
  return outputs_.empty() ? AttrMap{} : with_short_keys(outputs_[0].node->attrs);
}

std::map<std::string, AttrMap> Symbol::attr_dict() const {
  std::map<std::string, AttrMap> result;
  for (const Node* node : topological_order(outputs_))
    if (!node->attrs.empty()) result[node->name] = with_short_keys(node->attrs);
  return result;
}

}  // namespace mx
