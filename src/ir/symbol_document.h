#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/param.h"

namespace mx {

/// [node, output] or [node, output, version] in a symbol file.
struct NodeReference {
  size_t node = 0;
  uint32_t index = 0, version = 0;
};

/// One entry of "nodes".
struct NodeRecord {
  std::string op, name;    ///< op is "null" for a variable
  AttrMap attrs;           ///< those under "param", "attr" and "attrs", the later ones first
  bool has_param = false;  ///< "param" holds something: the file is older than 0.9
  std::vector<NodeReference> inputs;
};

/// A symbol file as it stands there: well-formed, but with unchecked operators and references.
struct SymbolDocument {
  std::vector<NodeRecord> nodes;
  std::vector<NodeReference> heads;
  int64_t version = 0;  ///< 10901 for 1.9.1; files before 0.9 say nothing and count as 800
};

/// Throws: ValueError naming `source`, the place, and what is expected there.
SymbolDocument parse_symbol_document(std::string_view text, const std::string& source);

/// How messages name a node: nodes[3] 'conv0'.
std::string node_place(size_t number, std::string_view name);

}  // namespace mx
