// Arrays of one value with the shape and dtype of another.
#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

OpBuilder fill_like(const char* name, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .input("data", "Array of any shape; its values do not matter.")
      .inplace(0, 0)
      .gradient(zero_gradient)
      .trait("pointwise");
}

const OpBuilder zeros_like = fill_like("zeros_like", "Zeros in the shape and dtype of data.")
                                 .trait("method", "zeros_like")
                                 .alias("_sparse_zeros_like")
                                 .infer_storage(infer::first_storage);
const OpBuilder ones_like =
    fill_like("ones_like", "Ones in the shape and dtype of data.").trait("method", "ones_like");

}  // namespace
}  // namespace mx::elemwise
