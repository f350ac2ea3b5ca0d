#pragma once
#include <string>
#include <vector>

#include "library/graph_tools.h"

namespace mx::library {

/// Named arrays as the C functions take them; ready to be read. Valid while the arrays are.
class CArrays {
 public:
  explicit CArrays(const NamedArrays& arrays);
  int count() const { return static_cast<int>(names.size()); }

  std::vector<const char*> names, devices;
  std::vector<void*> data;
  std::vector<const int64_t*> shapes;
  std::vector<int> ndim, dtypes, device_ids;
  std::vector<size_t> versions;

 private:
  std::vector<std::vector<int64_t>> dims_;
};

/// The graph as JSON; where types were inferred, each node has them as attributes.
std::string graph_text(const Symbol& symbol, const OptimizeRequest& request);
/// The opposite, without these attributes. Throws: MXNetError naming `who` for text that is no
/// graph.
Symbol graph_from_text(const std::string& text, const std::string& who);

}  // namespace mx::library
