#pragma once
#include "dispatch/kernel.h"
#include "ir/infer_graph.h"

namespace mx {

/// Lets an inference graph compute in `dtype` where operators say that it is worth it (trait
/// low_precision = "compute") and in the operators behind those that take it as well (trait
/// low_precision = "follow"), if the device has kernels for it. Values are cast once, and only at
/// the borders; inputs and outputs of the graph stay as they are. `types` holds those of the
/// variables. Throws: NotImplementedError when there is something to compute and no kernel can.
std::vector<Value> lower_precision(const std::vector<Value>& outputs,
                                   const ValueMap<TensorType>& types, DType dtype,
                                   DeviceType device);

}  // namespace mx
