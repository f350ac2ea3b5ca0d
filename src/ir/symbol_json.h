#pragma once
#include <string>
#include <string_view>

#include "ir/symbol.h"

namespace mx {

/// Reads a symbol from JSON text as written by any version from 0.7 on; see
/// docs/formats/symbol_json.md. `source` (a file name) is named in errors.
/// Throws: ValueError for malformed text, dangling or cyclic references, unknown operators or
/// attributes. Memory is bounded by the size of the text.
Symbol symbol_from_json(std::string_view text, std::string_view source = "symbol JSON");

/// Writes a symbol exactly as MXNet 1.9.1 does.
std::string symbol_to_json(const Symbol& symbol);

}  // namespace mx
