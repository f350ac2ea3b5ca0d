#pragma once
#include "ir/infer_graph.h"

namespace mx {

/// Fuses what follows a convolution, a dense layer or a channel-wise affine function into it: the
/// addition of a residual of the same shape, then an activation. `types` holds the types of the
/// graph's variables.
std::vector<Value> fuse_layers(const std::vector<Value>& outputs,
                               const ValueMap<TensorType>& types);

}  // namespace mx
