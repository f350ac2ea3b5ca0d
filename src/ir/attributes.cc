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

Params parse_node_params(const Op& op, const AttrMap& attrs) {
  AttrMap own;
  for (const auto& [key, value] : attrs)
    if (op.param_schema->find(key) || !is_user_attribute(key)) own[key] = value;
  return op.parse_params(own);
}

}  // namespace mx
