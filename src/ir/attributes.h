#pragma once
#include <string>
#include <string_view>
#include <utility>

#include "ir/op.h"

namespace mx {

/// Whether a key is a user attribute such as __lr_mult__, free of the operator's own arguments.
bool is_user_attribute(std::string_view key);

/// ctx_group, lr_mult, wd_mult, force_mirroring and mirror_stage are written without underscores by
/// users and with them (__lr_mult__) in nodes. Returns the key as nodes hold it.
std::string stored_key(std::string_view key);
/// The short form of a stored key, or an empty string when it has none.
std::string_view short_key(std::string_view stored);

/// Splits attributes into an operator's own, which are parsed, and those that are kept beside them.
/// Throws: ValueError for a key that is neither.
Params parse_node_params(const Op& op, const AttrMap& attrs);

}  // namespace mx
