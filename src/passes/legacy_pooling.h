#pragma once
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "ir/symbol.h"

namespace mx {

/// A graph whose Pooling nodes of before July 2016 round their sizes up.
struct ResolvedPooling {
  Symbol symbol;        ///< says pooling_convention=full where it was in doubt
  std::string warning;  ///< for the user: what was decided and why; empty when told before
};

/// Decides what the file left open, by the rule of docs/formats/legacy_pooling.md: nothing is to be
/// changed (no value) when no node is in doubt or the graph fits rounded down, as in MXNet 1.9.1.
/// `known` holds shapes of inputs by name; the more of them, parameters too, the surer the answer.
/// Throws: the error of the graph rounded down when it fits neither way.
std::optional<ResolvedPooling> resolve_legacy_pooling(
    const Symbol& symbol, std::span<const std::pair<std::string, Shape>> known);

}  // namespace mx
