#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "autograd/node_by_node.h"
#include "ir/symbol.h"
#include "runtime/cached_op.h"

namespace mx {

/// A graph that was cut where operators run the user's code: what lies between them is compiled,
/// each piece as a cached operator. So is a graph whose parts run on several devices: each piece is
/// on one, and what it reads is copied there. Thread safety: any.
class GraphPieces {
 public:
  explicit GraphPieces(const Symbol& symbol, NodeDevices devices = {});

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
    std::optional<Device> device;  ///< where it runs, if that was said
  };
  using IsInside = std::function<bool(const Node&)>;
  std::optional<Device> device_of(const Node& node) const;
  void add_level(const std::vector<Node*>& order, const IsInside& is_inside,
                 std::optional<Device> device);
  void add_compiled(std::vector<Value> outputs, const IsInside& is_inside,
                    std::optional<Device> device);

  Symbol symbol_;
  NodeDevices devices_;
  std::vector<Piece> pieces_;  ///< each behind those that it reads
};

}  // namespace mx
