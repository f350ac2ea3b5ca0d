#pragma once
#include <memory>
#include <span>
#include <vector>

#include "dispatch/run_kernel.h"
#include "ndarray/ndarray.h"

namespace mx {

/// What invoke() decides before it runs an operator; it depends on the types of the arrays alone.
struct EagerPlan {
  std::vector<TensorType> out_types;
  ChosenKernel kernel;  ///< empty where every kernel refuses
  bool is_small =
      true;  ///< runs in the caller's thread, and in one thread, when nothing is waited for
  bool is_sparse = false;     ///< an input or output is
  bool follows_data = false;  ///< the outputs' shapes do; those in out_types may be unknown
};

/// What a plan is made for.
struct EagerCall {
  const Op& op;
  const Params& params;
  std::span<const NDArray> in, out;  ///< an output may be none
  bool is_train;
  Device device;
};

/// Shapes and dtypes; nothing is known of an array that is none.
std::vector<TensorType> types_of(std::span<const NDArray> arrays);
/// Whether the arrays have these types.
bool same_types(std::span<const TensorType> types, std::span<const NDArray> arrays);

/// The plan of such a call; each thread keeps its last ones. Throws: the operator's errors.
std::shared_ptr<const EagerPlan> eager_plan(const EagerCall& call);

}  // namespace mx
