#pragma once
#include <memory>
#include <vector>

#include "ir/infer_graph.h"
#include "ir/symbol.h"
#include "runtime/compiled_graph.h"
#include "runtime/watch.h"

namespace mx {

/// What a forward pass with its backward pass is compiled from.
struct TrainingRequest {
  const Symbol& symbol;
  const GraphInputs& inputs;
  const GraphTypes& types;
  /// Of the arguments' gradients; with null for all there is no backward pass.
  std::vector<WriteMode> modes;
  /// With is_train false: gradients of the function in prediction mode.
  CompileOptions options;
  bool fuse = true;        ///< library layouts and fused operators
  bool recompute = false;  ///< compute cheap results again in the backward pass
  /// Whether what the forward pass draws is to stay until backward begins.
  bool keep_draws = false;
  /// Whether all results and gradients are to be shown: keeps them apart, with a list of them.
  bool watch = false, watch_inputs = false;
};

/// A forward pass and its backward pass in one plan. Immutable.
struct TrainingProgram {
  /// Inputs: arguments, auxiliary states, head gradients. Outputs: those of the symbol, gradients.
  std::shared_ptr<const CompiledGraph> graph;
  /// The symbol that was compiled, without composite operators.
  Symbol parts;
  /// Values of `parts` by which the forward pass can be repeated: of each node that draws its
  /// drawn_factor, or all outputs where it has none. They are what the graph keeps.
  std::vector<Value> draws;
  std::vector<size_t> gradients;  ///< numbers of the arguments whose gradients are outputs
  std::vector<size_t> zeros;      ///< and of those whose gradient is zero
  /// Auxiliary states that layers move in training mode, and among them those of the layers that
  /// backward passes through.
  std::vector<size_t> averages, moved_averages;
  bool is_random = false;  ///< whether the forward pass draws numbers
  bool is_small = false;
  std::vector<Watch> forward_watch, backward_watch;

  /// Whether backward needs the gradient of output i.
  bool needs_head_grad(size_t i) const;
};

std::shared_ptr<const TrainingProgram> compile_training(TrainingRequest request);

/// The types of variables, and of operators without inputs, whose shape may come from their users.
ValueMap<TensorType> source_types(const GraphTypes& types);
/// The variables in array order: arguments, then auxiliary states.
std::vector<NodePtr> variables_of(const GraphInputs& inputs);

}  // namespace mx
