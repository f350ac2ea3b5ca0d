#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mx::env {

/// One environment variable that Remx reads. All of them are in the one table in env.cc.
struct Variable {
  std::string_view name, fallback, doc;
};

/// The table, for the documents and for `remx info`.
const std::vector<Variable>& all();

/// Value of a variable of the table, or its default. Read at each call, so tests may change it;
/// callers on a hot path keep the result. Throws: internal error for a name not in the table.
std::string text(std::string_view name);
/// The same as a number from `least` to `most`, or as a switch. Throws: ValueError naming the
/// variable when it is malformed or out of range.
int64_t integer(std::string_view name, int64_t least, int64_t most);
bool flag(std::string_view name);

}  // namespace mx::env
