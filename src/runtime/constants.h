#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "passes/graph_key.h"
#include "passes/split_constants.h"
#include "runtime/compiled_graph.h"

namespace mx {

/// How one constant of an inference graph (a folded, packed weight) follows from parameters.
struct ConstantRecipe {
  LoweredGraph graph;              ///< with one output
  std::vector<NodePtr> variables;  ///< the parameters that it reads
  std::vector<size_t> inputs;      ///< their numbers among the arrays of the whole graph
  GraphKey key;
};

/// One recipe for each constant that the body of `split` needs; `inputs` are the variables of the
/// whole graph in array order.
std::vector<ConstantRecipe> constant_recipes(const SplitGraph& split,
                                             const std::vector<NodePtr>& inputs);

/// Numbers of all arrays that the recipes read.
std::vector<size_t> constant_reads(const std::vector<ConstantRecipe>& recipes);

/// Results of all recipes. A constant that has been computed before from the same contents, by
/// whatever graph, is shared as long as somebody holds it. Call inside an operation that reads the
/// arrays and writes the arena. Thread safety: any.
std::vector<BufferPtr> shared_constants(const std::vector<ConstantRecipe>& recipes,
                                        std::span<const NDArray> arrays, Device device,
                                        Arena& arena);

/// What all constants that are alive take, and how many have been computed so far.
struct ConstantStatistics {
  size_t alive = 0, bytes = 0, computed = 0;
};
ConstantStatistics constant_statistics();

}  // namespace mx
