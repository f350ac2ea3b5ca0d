#pragma once
#include "ir/infer_graph.h"
#include "ir/symbol.h"

namespace mx {

/// Replaces composite operators (trait "composite") by their parts, those of loops in loops too,
/// before a graph is differentiated: the parts of the forward pass themselves have to be on the way
/// of the gradients, as parts that draw or move averages would do so again in others. `types` must
/// be complete; it becomes the types of the new graph. Does nothing where there is none.
void expand_composites(Symbol& symbol, GraphTypes& types);

/// Takes pieces that a split cuts out of a Concat of just these pieces from before the Concat, as
/// the weights of an RNN, which networks join for the operator: neither they nor their gradients
/// are copied. `types` as above.
void undo_concat(Symbol& symbol, GraphTypes& types);

}  // namespace mx
