#include "ir/symbol_document.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "ir/subgraph.h"

namespace mx {
namespace {

using Json = nlohmann::json;
constexpr int64_t kBeforeVersions = 800;

/// MXNet writes control characters into strings as they are; JSON wants them escaped.
std::string escape_control_characters(std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte >= 0x20 || c == '\t' || c == '\n' || c == '\r')
      result += c;
    else
      result.append("\\u00").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
  }
  return result;
}

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<uint8_t>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
  });
}

/// The reason in the JSON library's message, without its prefix and the text it quotes.
std::string reason_of(const Json::exception& error) {
  std::string text = error.what();
  if (const size_t colon = text.find(": "); colon != std::string::npos) text.erase(0, colon + 2);
  return text.substr(0, text.find(';'));
}

class DocumentReader {
 public:
  explicit DocumentReader(const std::string& source) : source_(source) {}

  SymbolDocument run(std::string_view text) {
    const Json json = parse(text);
    if (!json.is_object()) fail_at("the text", "is not a JSON object", "that of a symbol");
    SymbolDocument document;
    document.version = version_ = version_of(json);
    const Json& nodes = member(json, "the text", "nodes", Json::value_t::array);
    document.nodes.reserve(nodes.size());
    for (const Json& node : nodes) document.nodes.push_back(node_from(node, document.nodes.size()));
    const Json& heads = member(json, "the text", "heads", Json::value_t::array);
    for (const Json& head : heads)
      document.heads.push_back(reference(head, "heads", document.heads.size()));
    check_variable_list(json, nodes.size());
    return document;
  }

 private:
  [[noreturn]] void fail_at(const std::string& place, const std::string& problem,
                            const std::string& expected) const {
    fail(ErrorKind::kValue, source_, ": ", place, " ", problem, "; expected ", expected);
  }

  Json parse(std::string_view text) const {
    const std::string escaped = has_control_characters(text) ? escape_control_characters(text) : "";
    const std::string_view read = escaped.empty() ? text : std::string_view(escaped);
    try {
      return Json::parse(read);
    } catch (const Json::parse_error& error) {
      const std::string_view before = read.substr(0, error.byte > 0 ? error.byte - 1 : 0);
      const auto line = 1 + std::count(before.begin(), before.end(), '\n');
      const size_t start =
          before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
      fail_at(concat("line ", line, ", column ", before.size() - start + 1),
              "is not JSON (" + reason_of(error) + ")", "the text of a symbol");
    } catch (const Json::exception& error) {
      fail_at("the text", "is not JSON (" + reason_of(error) + ")", "the text of a symbol");
    }
  }

  const Json& member(const Json& object, const std::string& place, const char* key,
                     Json::value_t type) const {
    const auto found = object.find(key);
    const char* wanted = type == Json::value_t::array ? "a list" : "text";
    if (found == object.end()) fail_at(place, concat("has no ", key), wanted);
    if (found->type() != type) fail_at(place, concat("has a ", key, " of another type"), wanted);
    return *found;
  }

  int64_t version_of(const Json& json) const {
    const auto attrs = json.find("attrs");
    if (attrs == json.end() || !attrs->is_object()) return kBeforeVersions;
    const auto version = attrs->find("mxnet_version");
    if (version == attrs->end()) return kBeforeVersions;
    if (!version->is_array() || version->size() != 2 || !(*version)[1].is_number_integer())
      fail_at("mxnet_version", "is malformed", "[\"int\", number]");
    return (*version)[1].get<int64_t>();
  }

  /// A number of a reference; nothing else than whole numbers from 0 on.
  std::optional<uint64_t> number(const Json& json) const {
    if (!json.is_number_unsigned()) return std::nullopt;
    return json.get<uint64_t>();
  }

  NodeReference reference(const Json& json, const std::string& place, size_t i) const {
    constexpr uint64_t kMost = std::numeric_limits<uint32_t>::max();
    const bool is_list = json.is_array() && (json.size() == 2 || json.size() == 3);
    const auto part = [&](size_t n) { return is_list ? number(json[n]) : std::nullopt; };
    const auto node = part(0), index = part(1);
    const auto version = is_list && json.size() == 3 ? part(2) : std::optional<uint64_t>(0);
    if (!node || !index || !version || *index > kMost || *version > kMost)
      fail_at(concat(place, "[", i, "]"), "is malformed", "[node, output, version]");
    return {*node, static_cast<uint32_t>(*index), static_cast<uint32_t>(*version)};
  }

  /// The numbers of the variables follow from "nodes"; they are only looked at.
  void check_variable_list(const Json& json, size_t count) const {
    const auto list = json.find("arg_nodes");
    if (list == json.end()) return;
    if (!list->is_array()) fail_at("arg_nodes", "is of another type", "a list");
    for (const Json& item : *list)
      if (const auto value = number(item); !value || *value >= count)
        fail_at("arg_nodes", "names a node that does not exist", concat("numbers below ", count));
  }

  NodeRecord node_from(const Json& json, size_t i) const {
    NodeRecord record;
    std::string place = node_place(i, "");
    if (!json.is_object()) fail_at(place, "is of another type", "an object");
    record.name = member(json, place, "name", Json::value_t::string).get<std::string>();
    place = node_place(i, record.name);
    record.op = member(json, place, "op", Json::value_t::string).get<std::string>();
    for (const char* key : {"param", "attr", "attrs"}) add_attributes(json, key, place, record);
    add_subgraphs(json, place, record);
    const Json& inputs = member(json, place, "inputs", Json::value_t::array);
    for (const Json& input : inputs)
      record.inputs.push_back(reference(input, place + " inputs", record.inputs.size()));
    return record;
  }

  /// They say nothing of the version that wrote them; it is that of the document.
  void add_subgraphs(const Json& json, const std::string& place, NodeRecord& record) const {
    const auto found = json.find(kSubgraphsKey);
    if (found == json.end()) return;
    if (!found->is_array()) fail_at(place + " subgraphs", "is of another type", "a list");
    Json graphs = *found;
    for (Json& graph : graphs)
      if (graph.is_object() && version_ > kBeforeVersions)
        graph["attrs"]["mxnet_version"] = Json::array({"int", version_});
    record.attrs[std::string(kSubgraphsKey)] = graphs.dump();
  }

  /// Arguments were once under "param", user's attributes under "attr"; then both under "attr",
  /// and under "attrs" since 1.0.
  void add_attributes(const Json& json, const char* key, const std::string& place,
                      NodeRecord& record) const {
    const auto found = json.find(key);
    if (found == json.end()) return;
    if (!found->is_object()) fail_at(place + " " + key, "is of another type", "names and texts");
    for (const auto& [attr, value] : found->items()) {
      if (!value.is_string())
        fail_at(place + " " + key, "has " + quoted_text(attr) + " that is not text", "text");
      record.attrs[attr] = value.get<std::string>();
    }
    if (std::string_view(key) == "param") record.has_param = !found->empty();
  }

  const std::string& source_;
  int64_t version_ = kBeforeVersions;
};

}  // namespace

std::string node_place(size_t number, std::string_view name) {
  return concat("nodes[", number, "]", name.empty() ? "" : " " + quoted_text(name));
}

SymbolDocument parse_symbol_document(std::string_view text, const std::string& source) {
  return DocumentReader(source).run(text);
}

}  // namespace mx
