#pragma once
#include "passes/lower.h"

namespace mx {

/// Gives every value of a graph the layout that its kernels work best with, keeps
/// layouts from operator to operator and puts a _reorder where two differ. Graph inputs and outputs
/// stay plain. Weights get their packed layout the same way, so that their reordering depends on
/// parameters alone.
LoweredGraph assign_layouts(LoweredGraph graph, DeviceType device, bool is_train);

}  // namespace mx
