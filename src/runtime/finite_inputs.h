#pragma once
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

#include "dispatch/kernel.h"
#include "ndarray/ndarray.h"

namespace mx {

/// Tells whether what a graph reads is finite, and looks again only at what has been written since:
/// parameters are looked through once. Thread safety: any.
class FiniteInputs {
 public:
  struct Input {
    uint32_t number;  ///< among the arrays
    TensorDesc desc;
  };
  explicit FiniteInputs(std::vector<Input> inputs);

  /// Call inside an operation that reads the arrays, which are in host memory.
  bool are_finite(std::span<const NDArray> arrays);

 private:
  struct Answer {
    uint64_t contents;
    size_t offset;
    bool is_finite;
  };
  bool is_finite(size_t i, const NDArray& array);

  const std::vector<Input> inputs_;
  std::mutex mutex_;
  std::vector<std::vector<Answer>> answers_;  ///< the last few for each input
};

}  // namespace mx
