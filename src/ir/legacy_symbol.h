#pragma once
#include <string>

#include "ir/symbol.h"

/// What changed between the versions that wrote a symbol file and 1.9.1; see
/// docs/formats/symbol_json.md. `version` is 800 for files before 0.9, 10901 for 1.9.1.
namespace mx {

/// Renames an operator and translates attributes; called before they are parsed.
void upgrade_legacy_node(Node& node, std::string& op_name, int64_t version);

/// Adds variables for inputs that old files leave out (auxiliary states before 0.9) and moves
/// attributes such as weight_lr_mult to the variable that they mean.
void complete_legacy_inputs(Node& node, int64_t version);

/// Changes that need the whole graph, for instance the default rounding of pooling.
Symbol upgrade_legacy_graph(Symbol symbol, int64_t version);

}  // namespace mx
