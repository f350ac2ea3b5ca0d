#include "ir/symbol_json.h"

#include <nlohmann/json.hpp>

#include "ir/attributes.h"
#include "ir/legacy_symbol.h"

namespace mx {
namespace {

using Json = nlohmann::json;

/// Turns the document into nodes; every reference is checked before it is followed.
class SymbolReader {
 public:
  explicit SymbolReader(std::string_view source) : source_(source) {}

  Symbol run(std::string_view text) {
    const Json document = Json::parse(text, nullptr, false);
    if (document.is_discarded() || !document.is_object())
      fail_here("is not a JSON object", "the text of a symbol");
    const Json& nodes = member(document, "nodes", Json::value_t::array);
    std::vector<NodePtr> made;
    const int64_t version = version_of(document);
    for (const Json& json : nodes) made.push_back(read_node(json, made, version));
    std::vector<Value> outputs;
    for (const Json& head : heads_of(document)) outputs.push_back(reference(head, made, "heads"));
    require(!outputs.empty(), source_, ": heads is empty; expected at least one output");
    return upgrade_legacy_graph(Symbol(std::move(outputs)), version);
  }

 private:
  template <typename... Args>
  [[noreturn]] void fail_here(const std::string& problem, const Args&... expected) const {
    fail(ErrorKind::kValue, source_, ": ", problem, "; expected ", expected...);
  }

  const Json& member(const Json& object, const char* key, Json::value_t type) const {
    const auto found = object.find(key);
    if (found == object.end() || found->type() != type)
      fail_here(concat(key, " is missing or of the wrong type"), "the ", key, " of a symbol");
    return *found;
  }

  /// 10901 for 1.9.1; files before 0.9 say nothing and count as 800.
  int64_t version_of(const Json& document) const {
    constexpr int64_t kBeforeVersions = 800;
    const auto attrs = document.find("attrs");
    if (attrs == document.end() || !attrs->is_object()) return kBeforeVersions;
    const auto version = attrs->find("mxnet_version");
    if (version == attrs->end()) return kBeforeVersions;
    const bool well_formed =
        version->is_array() && version->size() == 2 && (*version)[1].is_number_integer();
    if (!well_formed) fail_here("mxnet_version is malformed", "[\"int\", number]");
    return (*version)[1].get<int64_t>();
  }

  static Json heads_of(const Json& document) {
    const auto heads = document.find("heads");
    return heads == document.end() || !heads->is_array() ? Json::array() : *heads;
  }

  Value reference(const Json& json, const std::vector<NodePtr>& made,
                  const std::string& where) const {
    const bool well_formed = json.is_array() && json.size() >= 2 && json[0].is_number_integer() &&
                             json[1].is_number_integer();
    if (!well_formed) fail_here(where + ": a reference is malformed", "[node, output]");
    const auto node = json[0].get<int64_t>(), output = json[1].get<int64_t>();
    if (node < 0 || node >= static_cast<int64_t>(made.size()))
      fail_here(concat(where, ": node ", node, " does not exist before its use"),
                "a number less than ", made.size());
    const NodePtr& target = made[static_cast<size_t>(node)];
    if (output < 0 || output >= target->num_outputs())
      fail_here(concat(where, ": node ", target->name, " has no output ", output),
                "a number less than ", target->num_outputs());
    return {target, static_cast<uint32_t>(output)};
  }

  /// Attributes were called param (operator's own) and attr (user's), then attr, then attrs.
  AttrMap attributes(const Json& json, const std::string& name) const {
    AttrMap attrs;
    for (const char* key : {"param", "attr", "attrs"}) {
      const auto found = json.find(key);
      if (found == json.end()) continue;
      if (!found->is_object())
        fail_here(concat("node ", name, ": ", key, " is not an object"), "names and texts");
      for (const auto& [attr, value] : found->items()) {
        if (!value.is_string())
          fail_here(concat("node ", name, ": ", attr, " is not text"), "a string");
        attrs[stored_key(attr)] = value.get<std::string>();
      }
    }
    return attrs;
  }

  NodePtr read_node(const Json& json, const std::vector<NodePtr>& made, int64_t version) const {
    if (!json.is_object()) fail_here(concat("node ", made.size(), " is not an object"), "one");
    std::string op_name = member(json, "op", Json::value_t::string).get<std::string>();
    auto node = std::make_shared<Node>();
    node->name = member(json, "name", Json::value_t::string).get<std::string>();
    node->attrs = attributes(json, node->name);
    const Json& inputs = member(json, "inputs", Json::value_t::array);
    for (const Json& input : inputs)
      node->inputs.push_back(reference(input, made, "node " + node->name));
    if (op_name == "null") {
      if (!inputs.empty()) fail_here(concat("variable ", node->name, " has inputs"), "none");
      return node;
    }
    upgrade_legacy_node(*node, op_name, version);
    try {
      node->op = &get_op(op_name);
      node->params = parse_node_params(*node->op, node->attrs);
      complete_legacy_inputs(*node, version);
    } catch (const Error& error) {
      throw Error(error.kind(), concat(source_, ": node ", node->name, ": ", error.message()));
    }
    return node;
  }

  std::string source_;
};

std::string json_text(std::string_view text) {
  std::string result = "\"";
  for (char c : text) switch (c) {
      case '"':
        result += "\\\"";
        break;
      case '\\':
        result += "\\\\";
        break;
      case '\n':
        result += "\\n";
        break;
      case '\r':
        result += "\\r";
        break;
      case '\t':
        result += "\\t";
        break;
      default:
        result += c;
    }
  return result + '"';
}

/// Writes the layout of 1.9.1 to the byte: objects of one entry on one line, a space behind commas.
class SymbolWriter {
 public:
  std::string run(const Symbol& symbol) {
    order_ = topological_order(symbol.outputs());
    for (size_t i = 0; i < order_.size(); ++i) number_[order_[i]] = i;
    std::string nodes, arguments, rows = "0";
    size_t row = 0;
    for (size_t i = 0; i < order_.size(); ++i) {
      nodes += (i ? ", \n" : "") + node(*order_[i]);
      if (order_[i]->is_variable())
        arguments += (arguments.empty() ? "" : ", ") + std::to_string(i);
      row += order_[i]->num_outputs();
      rows += ", " + std::to_string(row);
    }
    std::string heads;
    for (const Value& value : symbol.outputs())
      heads += (heads.empty() ? "" : ", ") + reference(value);
    return "{\n  \"nodes\": [\n" + nodes + "\n  ], \n  \"arg_nodes\": [" + arguments +
           "], \n  \"node_row_ptr\": [" + rows + "], \n  \"heads\": [" + heads +
           "], \n  \"attrs\": {\"mxnet_version\": [\"int\", 10901]}\n}";
  }

 private:
  std::string node(const Node& node) {
    std::string text = "    {\n      \"op\": " + json_text(node.op ? node.op->name : "null") +
                       ", \n      \"name\": " + json_text(node.name) + ", \n";
    if (!node.attrs.empty()) text += "      \"attrs\": " + attributes(node.attrs) + ", \n";
    // A variable's version counts the nodes that update it, up to and with this one.
    for (size_t i = 0; i < node.inputs.size(); ++i)
      if (node.op->mutates_inputs() &&
          node.op->input_kind(node.params, static_cast<uint32_t>(i)) == InputKind::kAuxiliary)
        ++version_[node.inputs[i].node.get()];
    std::string inputs;
    for (size_t i = 0; i < node.inputs.size(); ++i)
      inputs += (i ? ", " : "") + reference(node.inputs[i]);
    return text + "      \"inputs\": [" + inputs + "]\n    }";
  }

  static std::string attributes(const AttrMap& attrs) {
    const bool one_line = attrs.size() == 1;
    std::string text;
    for (const auto& [key, value] : attrs)
      text += (text.empty() ? "" : ", ") + std::string(one_line ? "" : "\n        ") +
              json_text(key) + ": " + json_text(value);
    return "{" + text + (one_line ? "}" : "\n      }");
  }

  std::string reference(const Value& value) {
    const Node* node = value.node.get();
    const size_t version = node->is_variable() ? version_[node] : 0;
    return concat("[", number_.at(node), ", ", value.index, ", ", version, "]");
  }

  std::vector<Node*> order_;
  std::unordered_map<const Node*, size_t> number_, version_;
};

}  // namespace

Symbol symbol_from_json(std::string_view text, std::string_view source) {
  return SymbolReader(source).run(text);
}
std::string symbol_to_json(const Symbol& symbol) { return SymbolWriter().run(symbol); }

}  // namespace mx
