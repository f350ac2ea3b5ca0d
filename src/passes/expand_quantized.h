#pragma once
#include "ir/graph.h"

namespace mx {

/// Quantized operators whose ranges are known when the graph is compiled, as operators on real
/// numbers between `_contrib_quantize_v2` and `_contrib_dequantize`, so that the passes behind see
/// ordinary layers and quantize_layers chooses anew what is computed in 8 bits. A value that
/// nobody else reads is not rounded between a layer and the batch norm, addition or relu behind it.
/// Ranges are constants afterwards (`_full`). Operators without calibrated ranges stay.
std::vector<Value> expand_quantized(const std::vector<Value>& outputs);

}  // namespace mx
