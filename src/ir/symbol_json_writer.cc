#include "ir/shape_meaning.h"
#include "ir/subgraph.h"
#include "ir/symbol_json.h"

namespace mx {
namespace {

/// Lists of more entries than this take a line for each.
constexpr size_t kMostOnOneLine = 10;

std::string json_text(std::string_view text) {
  std::string result(1, '"');
  for (char c : text) {
    constexpr std::string_view kEscaped = "\"\\\n\r\t", kLetters = "\"\\nrt";
    const size_t i = kEscaped.find(c);
    if (i != std::string_view::npos) result += '\\';
    result += i != std::string_view::npos ? kLetters[i] : c;
  }
  return result += '"';
}

/// Entries between brackets, on one line or each on its own.
std::string bracketed(const std::vector<std::string>& entries, std::string_view brackets,
                      bool on_one_line, size_t indent) {
  const auto new_line = [&](std::string& text, size_t spaces) {
    if (!on_one_line) text.append(1, '\n').append(spaces, ' ');
  };
  std::string text(1, brackets[0]);
  for (size_t i = 0; i < entries.size(); ++i) {
    if (i) text += ", ";
    new_line(text, indent + 2);
    text += entries[i];
  }
  new_line(text, indent);
  return text += brackets[1];
}

std::string list(const std::vector<std::string>& entries, size_t indent) {
  return bracketed(entries, "[]", entries.size() <= kMostOnOneLine, indent);
}

std::string attributes(const AttrMap& attrs, size_t indent) {
  std::vector<std::string> entries;
  for (const auto& [key, value] : attrs)
    entries.push_back(json_text(key) + ": " + json_text(value));
  return bracketed(entries, "{}", entries.size() == 1, indent);
}

/// Writes the layout of 1.9.1 to the byte: a space behind each comma, also at the end of a line.
class SymbolWriter {
 public:
  explicit SymbolWriter(size_t indent = 0) : indent_(indent) {}

  /// Only the whole says which version wrote it, not the graphs inside its nodes.
  std::string run(const Symbol& symbol, bool with_version) {
    const std::vector<Node*> order = topological_order(symbol.outputs());
    std::vector<std::string> nodes, variables, rows{"0"}, heads;
    size_t row = 0;
    for (const Node* node : order) {
      const size_t number = number_.size();
      number_[node] = number;
      nodes.push_back(entry(*node));
      if (node->is_variable()) variables.push_back(std::to_string(number));
      rows.push_back(std::to_string(row += node->num_outputs()));
    }
    for (const Value& value : symbol.outputs()) heads.push_back(reference(value));
    const size_t inner = indent_ + 2;
    std::vector<std::string> parts{
        "\"nodes\": " + bracketed(nodes, "[]", nodes.empty(), inner),
        "\"arg_nodes\": " + list(variables, inner),
        "\"node_row_ptr\": " + list(rows, inner),
        "\"heads\": " + list(heads, inner),
    };
    if (with_version) parts.push_back("\"attrs\": " + version());
    return bracketed(parts, "{}", false, indent_);
  }

 private:
  /// What wrote the graph, and with which meaning of its shapes.
  static std::string version() {
    std::vector<std::string> entries;
    if (numpy_shapes()) entries.push_back("\"is_np_shape\": [\"int\", 1]");
    entries.push_back("\"mxnet_version\": [\"int\", 10901]");
    return bracketed(entries, "{}", entries.size() == 1, 2);
  }

  std::string entry(const Node& node) const {
    std::vector<std::string> inputs, parts;
    for (const Value& input : node.inputs) inputs.push_back(reference(input));
    parts.push_back("\"op\": " + json_text(node.op ? node.op->name : "null"));
    parts.push_back("\"name\": " + json_text(node.name));
    const size_t inner = indent_ + 6;
    AttrMap attrs = node.attrs;
    attrs.erase(std::string(kSubgraphsKey));
    if (!attrs.empty()) parts.push_back("\"attrs\": " + attributes(attrs, inner));
    parts.push_back("\"inputs\": " + list(inputs, inner));
    if (const auto found = node.attrs.find(kSubgraphsKey); found != node.attrs.end())
      parts.push_back("\"subgraphs\": " + subgraphs(Subgraphs(found->second), inner));
    return bracketed(parts, "{}", false, indent_ + 4);
  }

  static std::string subgraphs(const Subgraphs& graphs, size_t indent) {
    std::vector<std::string> entries;
    for (size_t i = 0; i < graphs.size(); ++i)
      entries.push_back(SymbolWriter(indent + 2).run(graphs[i], false));
    return bracketed(entries, "[]", false, indent);
  }

  std::string reference(const Value& value) const {
    return concat("[", number_.at(value.node.get()), ", ", value.index, ", ", value.version, "]");
  }

  size_t indent_;
  std::unordered_map<const Node*, size_t> number_;
};

}  // namespace

std::string symbol_to_json(const Symbol& symbol) { return SymbolWriter().run(symbol, true); }

}  // namespace mx
