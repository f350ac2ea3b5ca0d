#pragma once
#include "ir/infer_graph.h"

namespace mx {

/// Folds the batch norm of an inference graph into the convolution or dense layer before it: its
/// factor goes into the weight, its offset into the bias. A batch norm without such a layer becomes
/// one multiplication and addition per channel (_channel_affine).
/// Factor and offset are computed in the type of the statistics and then take that of the data.
/// `types` holds those of the variables.
/// With scale = gamma / sqrt(var + eps):  out = scale * data + (beta - mean * scale).
std::vector<Value> fold_batch_norm(const std::vector<Value>& outputs,
                                   const ValueMap<TensorType>& types);

}  // namespace mx
