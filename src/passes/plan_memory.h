#pragma once
#include <functional>
#include <limits>

#include "dispatch/kernel.h"
#include "ir/graph.h"

namespace mx {

/// Where a value lives while a graph runs.
struct Placement {
  enum class Kind : uint8_t { kInput, kOutput, kArena } kind = Kind::kArena;
  uint32_t index = 0;  ///< number of the graph input or output
  size_t offset = 0;   ///< in the arena
};

/// What the planner is told.
struct PlanRequest {
  std::span<Node* const> order;      ///< operators in the order in which they run
  std::span<Node* const> inputs;     ///< variables; never written over
  std::span<const Value> outputs;    ///< distinct values of operators
  std::span<const WriteMode> modes;  ///< of the outputs; kAdd keeps an output to itself
  std::function<size_t(const Value&)> bytes_of;
  /// Whether value `a` may take over the memory of value `b` as it is (same layout, and elements of
  /// the same size).
  std::function<bool(const Value& a, const Value& b)> same_layout;
  /// First step of the backward part. Outputs made there are the user's gradient arrays, which hold
  /// nothing but the final value.
  size_t split = std::numeric_limits<size_t>::max();
  /// Values of forward steps that stay until the backward part begins.
  std::span<const Value> kept = {};
  bool inplace = true;  ///< let outputs replace inputs that nobody needs any more
  bool share = true;    ///< let values whose lives do not overlap share memory
};

struct MemoryPlan {
  ValueMap<Placement> placement;
  size_t arena_bytes = 0;
  size_t unshared_bytes = 0;  ///< what the arena would take if nothing were shared
};

/// Places every value of the graph. Outputs that may replace an input do (operators' in-place
/// hints; views cost nothing); the rest is packed into one arena (`pack_intervals`). Cost: linear
/// in the number of values.
MemoryPlan plan_memory(const PlanRequest& request);

}  // namespace mx
