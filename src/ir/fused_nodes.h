#pragma once
#include "ir/symbol_document.h"

namespace mx {

/// Nodes that 1.9.1's oneDNN backend fuses (`_sg_mkldnn_conv` and its kin, in files that were saved
/// after `get_backend_symbol`) as the plain operators that they stand for. A quantized one computes
/// on the numbers that its inputs stand for, and its result is quantized again where the file says
/// so; the inference compiler makes 8 bits of that.
/// Throws: ValueError naming `source` and the node where the file means something else.
SymbolDocument expand_fused_nodes(SymbolDocument document, const std::string& source);

}  // namespace mx
