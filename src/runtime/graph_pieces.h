#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "autograd/node_by_node.h"
#include "ir/symbol.h"
#include "runtime/cached_op.h"

namespace mx {

/// A graph that was cut where operators run the user's code: what lies between them is compiled,
/// each piece as a cached operator. Thread safety: any.
class GraphPieces {
 public:
  explicit GraphPieces(const Symbol& symbol);

  /// Applies the graph in the thread's modes, on the tape while it records. `values` holds the
  /// arrays of the variables; the values that pieces and operators hand on are added. With `states`
  /// a custom operator keeps its object. Errors as those of the operators.
  void run(ValueMap<NDArray>& values, Device device, CustomStates* states = nullptr) const;

 private:
  /// Operators that are compiled together, or one that is not compiled.
  struct Piece {
    std::unique_ptr<CachedOp> compiled;
    std::vector<Value> inputs, outputs;
    std::vector<Node*> alone;
  };
  void add_compiled(std::vector<Value> outputs, const std::function<bool(const Node&)>& is_inside);

  Symbol symbol_;
  std::vector<Piece> pieces_;  ///< each behind those that it reads
};

}  // namespace mx
