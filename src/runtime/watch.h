#pragma once
#include <functional>
#include <string>
#include <vector>

#include "passes/gradient.h"
#include "runtime/bound_graph.h"

namespace mx {

/// A value that a monitor is shown.
struct Watch {
  std::string name;
  Value value;      ///< of the compiled graph; empty for zeros
  TensorType type;  ///< of the zeros
};

/// Called with the name and a copy of a value.
using Monitor = std::function<void(const std::string& name, const NDArray& value)>;

/// Name of an input as 1.9.1 shows it: operators of one plain input do not name it.
std::string input_name(const Node& node, uint32_t i);

/// The outputs of every operator in `order`, with `inputs` also what goes in.
std::vector<Watch> watched_results(const std::vector<Node*>& order, const LoweredGraph& lowered,
                                   bool inputs);
/// The gradients of the inputs of every operator, with `inputs` also those of its outputs.
std::vector<Watch> watched_gradients(const std::vector<OperatorGradients>& operators,
                                     const GraphTypes& types, const LoweredGraph& lowered,
                                     bool inputs);

/// Waits for the run that used the arena and shows its values, in the calling thread. To be called
/// while no lock is held. Throws: the error of the run; what the monitor throws.
void show(const std::vector<Watch>& list, const std::shared_ptr<const BoundGraph>& graph,
          const std::shared_ptr<Arena>& arena, const Monitor& monitor);

}  // namespace mx
