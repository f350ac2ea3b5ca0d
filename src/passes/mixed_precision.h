#pragma once
#include <string>
#include <unordered_set>

#include "ir/cast_policy.h"
#include "ir/graph.h"

namespace mx {

/// A network of float32 with casts between its operators, as `mx.contrib.amp` makes it.
struct MixedPrecisionOptions {
  /// Nodes that stay in float32, by their names.
  std::unordered_set<std::string> excluded;
  /// Variables whose `__dtype__` is to be told.
  std::unordered_set<std::string> parameters;
  /// Whether parameters that are read in low precision alone are kept in it, without a cast.
  bool cast_parameters = false;
};

/// Casts are where MXNet 1.9.1 puts them: each value is cast once for each type; variables count as
/// float32; where nothing is known of a value that an operator needs in the widest type, an
/// `amp_multicast` decides when the graph runs; outputs become float32. The graph that was given
/// stays as it is.
std::vector<Value> mixed_precision(const std::vector<Value>& outputs, const CastPolicy& policy,
                                   const MixedPrecisionOptions& options);

}  // namespace mx
