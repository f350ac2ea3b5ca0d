#pragma once
#include <unordered_set>

#include "ir/graph.h"

namespace mx {

/// A graph in two parts: what depends on parameters alone, computed once per change of parameters,
/// and the rest, which sees the results of the first part as variables.
struct SplitGraph {
  std::vector<Value> constants;          ///< values that the first part computes
  std::vector<NodePtr> constant_inputs;  ///< the variables that stand for them in the second part
  std::vector<Value> outputs;            ///< of the second part
};

/// `parameters` are the variables that change rarely. A value that is a parameter itself stays one.
/// Random operators and operators that update their inputs never count as constant.
SplitGraph split_constants(const std::vector<Value>& outputs,
                           const std::unordered_set<const Node*>& parameters);

/// Variables that only reach inputs which operators declare as parameters or auxiliary states.
std::unordered_set<const Node*> parameter_variables(const std::vector<Value>& outputs);

}  // namespace mx
