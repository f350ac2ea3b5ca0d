#pragma once
#include <string>
#include <string_view>

namespace mx {

/// Whether the bytes are UTF-8 as Unicode defines it: shortest forms only, no surrogates.
bool is_utf8(std::string_view text);

/// The text in quotes for a message: cut behind about 80 bytes, anything unprintable or no UTF-8 as
/// \xNN.
std::string quoted_text(std::string_view text);

}  // namespace mx
