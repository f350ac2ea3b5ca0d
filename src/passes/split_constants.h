#pragma once
#include <unordered_set>

#include "passes/lower.h"

namespace mx {

/// A graph in two parts: what depends on parameters alone, computed once per change of parameters,
/// and the rest, which sees the results of the first part as variables.
struct SplitGraph {
  LoweredGraph constants;       ///< its outputs are what the body needs
  std::vector<NodePtr> inputs;  ///< the variables that stand for those outputs in the body
  LoweredGraph body;
};

/// `parameters` are the variables that change rarely. Random operators and operators that update
/// their inputs never count as constant; graph outputs are always computed by the body.
SplitGraph split_constants(const LoweredGraph& graph,
                           const std::unordered_set<const Node*>& parameters);

/// Variables that only reach inputs which operators declare as parameters or auxiliary states.
std::unordered_set<const Node*> parameter_variables(const std::vector<Value>& outputs);

}  // namespace mx
