#pragma once
#include <cstdint>
#include <optional>

#include "ir/op.h"

namespace mx {

/// Whether a trait holds for a node: its value is "1", or a condition "argument=value".
bool trait_holds(const Node& node, std::string_view trait);

/// The output that holds all that a node draws, by which its first output is its first input times
/// that one (trait "drawn_factor"); nothing where drawn numbers are used otherwise.
std::optional<uint32_t> drawn_factor(const Node& node);

/// Whether a node draws random numbers in that mode.
bool draws(const Node& node, bool is_train);

}  // namespace mx
