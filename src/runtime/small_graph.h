#pragma once
#include "ir/infer_graph.h"

namespace mx {

/// Whether a graph takes so little time that its steps are best run one after the other by whoever
/// asks for them: waking other threads and waiting for them would cost more. Judged by the elements
/// of its arrays and by the multiplications that its operators are known to do.
/// @param with_gradients  Whether there is a backward pass too, of about twice the work.
bool is_small_graph(const GraphTypes& types, bool with_gradients = false);

}  // namespace mx
