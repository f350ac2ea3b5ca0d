#pragma once
#include <vector>

#include "dispatch/kernel.h"
#include "ir/infer_graph.h"
#include "ir/symbol.h"
#include "ndarray/ndarray.h"

namespace mx {

/// The arrays that a symbol is bound to.
struct BindArrays {
  std::vector<NDArray> args, grads;  ///< of list_arguments(); a grad may be none
  std::vector<WriteMode> modes;      ///< what happens to the grads
  std::vector<NDArray> aux;          ///< of list_auxiliary_states()
};

/// Completes `types` from the arrays; arguments without a gradient array get the mode null.
/// Throws: ValueError naming the array that is missing or has the wrong shape or dtype.
void check_and_infer(const GraphInputs& inputs, BindArrays& arrays, GraphTypes& types);

}  // namespace mx
