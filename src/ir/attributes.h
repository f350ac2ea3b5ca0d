#pragma once
#include <optional>
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

/// weight_lr_mult on an operator once meant lr_mult of its input `weight`.
struct InputKey {
  std::string input, key;  ///< "weight", "__lr_mult__"
};
std::optional<InputKey> split_input_key(std::string_view key);

/// Attributes given by a user as nodes hold them.
/// Throws: ValueError for keys such as weight_lr_mult, which belong to the input.
AttrMap stored_attributes(const AttrMap& attrs);

/// Splits attributes into an operator's own, which are parsed, and those that are kept beside them.
/// Operators without arguments keep everything. Throws: ValueError for a key that is neither.
Params parse_node_params(const Op& op, const AttrMap& attrs);

/// Gives an input that is a variable the initializer that the operator names for it, unless it has
/// one.
void add_initializer(const Op& op, std::string_view input, Node& node);

}  // namespace mx
