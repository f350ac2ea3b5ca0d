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
  std::string run(const Symbol& symbol) {
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
    const std::vector<std::string> parts{
        "\"nodes\": " + bracketed(nodes, "[]", nodes.empty(), 2),
        "\"arg_nodes\": " + list(variables, 2),
        "\"node_row_ptr\": " + list(rows, 2),
        "\"heads\": " + list(heads, 2),
        "\"attrs\": {\"mxnet_version\": [\"int\", 10901]}",
    };
    return bracketed(parts, "{}", false, 0);
  }

 private:
  std::string entry(const Node& node) const {
    std::vector<std::string> inputs, parts;
    for (const Value& input : node.inputs) inputs.push_back(reference(input));
    parts.push_back("\"op\": " + json_text(node.op ? node.op->name : "null"));
    parts.push_back("\"name\": " + json_text(node.name));
    if (!node.attrs.empty()) parts.push_back("\"attrs\": " + attributes(node.attrs, 6));
    parts.push_back("\"inputs\": " + list(inputs, 6));
    return bracketed(parts, "{}", false, 4);
  }

  std::string reference(const Value& value) const {
    return concat("[", number_.at(value.node.get()), ", ", value.index, ", ", value.version, "]");
  }

  std::unordered_map<const Node*, size_t> number_;
};

}  // namespace

std::string symbol_to_json(const Symbol& symbol) { return SymbolWriter().run(symbol); }

}  // namespace mx
