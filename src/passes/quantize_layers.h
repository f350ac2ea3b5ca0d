#pragma once
#include "ir/infer_graph.h"

namespace mx {

/// Fused layers whose data are whole numbers with known ranges (`_contrib_dequantize` of them) as
/// layers in 8 bits. Their weights become int8 in the range of each filter, which is a constant.
/// Where the result is quantized again, that is the last step of the layer, and a residual is added
/// in 8 bits too. Comes behind expand_quantized and fuse_layers.
std::vector<Value> quantize_layers(const std::vector<Value>& outputs,
                                   const ValueMap<TensorType>& types);

}  // namespace mx
