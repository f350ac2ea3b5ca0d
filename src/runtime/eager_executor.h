#pragma once
#include <memory>

#include "runtime/bind_check.h"
#include "runtime/executor.h"

namespace mx {

/// Whether the symbol is not compiled as a whole: one of the arrays is sparse, an operator runs the
/// user's code, or needs_node_by_node().
bool needs_eager_executor(const Symbol& symbol, const BindArrays& arrays);

/// An executor that runs the symbol's operators one by one, as eager code does, and its backward
/// pass on the tape: storage kinds are inferred and sparse kernels chosen as there. Nothing is
/// compiled or fused; a monitor sees the forward pass. Errors as Executor::bind's.
std::shared_ptr<Executor> make_eager_executor(const Symbol& symbol, BindArrays arrays,
                                              const BindOptions& options);

}  // namespace mx
