#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ir/symbol.h"
#include "library/library.h"
#include "ndarray/ndarray.h"

namespace mx::library {

using NamedArrays = std::vector<std::pair<std::string, NDArray>>;

/// What the caller of optimize_for knows.
struct OptimizeRequest {
  AttrMap options;
  NamedArrays parameters, states;
  std::map<std::string, Shape> shapes;  ///< of variables; those of the arrays are known anyway
  std::map<std::string, DType> dtypes;
  bool infer = true;  ///< whether to tell types of all nodes to the library
};

/// A changed graph, and the arrays of variables that are new in it.
struct Optimized {
  Symbol symbol;
  NamedArrays parameters, states;
};

/// Register the partitioners (passes) of a library. Return their names.
std::vector<std::string> register_partitioners(const std::shared_ptr<const Library>& library);
std::vector<std::string> register_passes(const std::shared_ptr<const Library>& library);

/// The graph after the pass of that name, or with the parts that the partitioner of that name wants
/// replaced by nodes; nothing when no library has brought one.
/// Throws: MXNetError with the library's messages; errors of inference.
std::optional<Optimized> optimize_for(const Symbol& symbol, const std::string& name,
                                      const OptimizeRequest& request);

}  // namespace mx::library
