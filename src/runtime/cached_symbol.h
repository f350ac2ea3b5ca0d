#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "autograd/node_by_node.h"
#include "ir/infer_graph.h"
#include "ir/symbol.h"
#include "ndarray/ndarray.h"

namespace mx {

/// Flags of a cached operator, as 1.9.1 names them. What is compiled and kept does not depend on
/// the first six: memory is always planned and pooled, and outputs are always new.
struct CachedOpParam {
  bool static_alloc = false, static_shape = false, is_dynamic = false;
  uint32_t inline_limit = 2, forward_bulk_size = 15, backward_bulk_size = 15;
  Shape data_indices{}, param_indices{};  ///< lists of numbers
  static void describe(ParamBuilder<CachedOpParam>& fields);
};

/// The symbol of a cached operator, and what follows from it alone. Immutable.
struct CachedSymbol {
  /// Throws: ValueError for wrong flags.
  CachedSymbol(Symbol symbol, const AttrMap& flags);

  /// The types of the whole graph for arrays in the order of list_inputs().
  /// Throws: ValueError naming the input that does not fit.
  GraphTypes infer(std::span<const NDArray> in) const;
  /// The same arrays, unknown to the tape, as compiled graphs expect them: arguments first, then
  /// auxiliary states.
  std::vector<NDArray> for_graph(std::span<const NDArray> in) const;
  /// The outputs, by operators that run one by one (see run_node_by_node).
  std::vector<NDArray> run_eagerly(std::span<const NDArray> in, Device device,
                                   const NodeVisit& visit = {}) const;

  Symbol symbol;
  CachedOpParam flags;
  std::vector<Node*> order;
  GraphInputs inputs;
  std::vector<size_t> places;      ///< where each input lies among those of compiled graphs
  std::vector<size_t> parameters;  ///< numbers of those that the flags call parameters, there
  bool runs_node_by_node = false;  ///< whether it cannot be compiled, or is not to be
  bool runs_user_code = false;     ///< whether it is compiled in pieces (GraphPieces)
  bool depends_on_mode = false;    ///< whether some operator trains and predicts differently
  bool starts_gradients = false;   ///< whether some operator is a loss
};

}  // namespace mx
