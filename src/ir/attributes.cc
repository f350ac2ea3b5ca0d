#include "ir/attributes.h"

#include <algorithm>
#include <array>

namespace mx {
namespace {
constexpr std::array<std::string_view, 5> kShortKeys{"ctx_group", "lr_mult", "wd_mult",
                                                     "force_mirroring", "mirror_stage"};
}

bool is_user_attribute(std::string_view key) {
  return key.size() > 4 && key.substr(0, 2) == "__" && key.substr(key.size() - 2) == "__";
}

std::string stored_key(std::string_view key) {
  const bool is_short = std::find(kShortKeys.begin(), kShortKeys.end(), key) != kShortKeys.end();
  return is_short ? "__" + std::string(key) + "__" : std::string(key);
}

std::string_view short_key(std::string_view stored) {
  if (!is_user_attribute(stored)) return {};
  const std::string_view inner = stored.substr(2, stored.size() - 4);
  return std::find(kShortKeys.begin(), kShortKeys.end(), inner) != kShortKeys.end()
             ? inner
             : std::string_view{};
}

std::optional<InputKey> split_input_key(std::string_view key) {
  for (std::string_view brief : kShortKeys) {
    if (key.size() <= brief.size() + 1 || !key.ends_with(brief)) continue;
    const size_t split = key.size() - brief.size() - 1;
    if (key[split] == '_') return InputKey{std::string(key.substr(0, split)), stored_key(brief)};
  }
  return std::nullopt;
}

AttrMap stored_attributes(const AttrMap& attrs) {
  AttrMap stored;
  for (const auto& [key, value] : attrs) {
    if (const std::optional<InputKey> split = split_input_key(key))
      fail(ErrorKind::kValue, "Symbol: attribute ", key, "=", value,
           " belongs to an input; expected ", short_key(split->key), "=", value,
           " on the variable ", split->input);
    stored[stored_key(key)] = value;
  }
  return stored;
}

Params parse_node_params(const Op& op, const AttrMap& attrs) {
  AttrMap own;
  for (const auto& [key, value] : attrs)
    if (op.param_schema->find(key) || !is_user_attribute(key)) own[key] = value;
  if (op.param_schema->fields.empty() && !op.param_schema->others_offset) own.clear();
  return op.parse_params(own);
}

void add_initializer(const Op& op, std::string_view input, Node& node) {
  const auto init = op.traits.find(concat("init.", input));
  if (node.is_variable() && init != op.traits.end())
    node.attrs.try_emplace("__init__", init->second);
}

}  // namespace mx
