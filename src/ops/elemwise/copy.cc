// Copies, and operators that are copies with another gradient.
#include "ops/elemwise/promotion.h"

namespace mx::elemwise {
namespace {

OpBuilder copy_like(const char* name, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .input("data", "Array of any shape.")
      .inplace(0, 0)
      .keeps_zeros()
      .trait("identity_at_inference");
}

const OpBuilder copy = copy_like("_copy", "A copy of data.")
                           .alias("identity")
                           .trait("pointwise")
                           .gradient([](GradContext& g) { g.set(0, g.d_out()); })
                           .trait("low_precision", "follow");

const OpBuilder copy_to =
    OpBuilder("_copyto")
        .alias("_npi_copyto")
        .doc("A copy of data in the dtype of the array that it is written to.")
        .input("data", "Array of any shape.")
        .infer_dtype([](DTypeContext& c) {
          if (c.out(0) == DType::kUnknown) c.set_out(0, c.in(0));
          if (c.in(0) == DType::kUnknown) c.set_in(0, c.out(0));
        })
        .gradient([](GradContext& g) { g.set(0, cast_to_input(g, g.d_out())); });

const OpBuilder block_grad = copy_like("BlockGrad", "A copy of data that passes no gradient on.")
                                 .alias("_sparse_stop_gradient")
                                 .alias("stop_gradient")
                                 .gradient(zero_gradient);

/// In files of 1.9.1. Where values go is said when a symbol is bound (runtime/placement.h).
const OpBuilder cross_device_copy =
    copy_like("_CrossDeviceCopy", "data on another device.")
        .decomposition([](DecomposeContext& c) { c.set(0, c.call("_copy", {c.in(0)})); })
        .gradient([](GradContext& g) { g.set(0, g.d_out()); });

const OpBuilder gradient_multiplier =
    copy_like("_contrib_gradientmultiplier", "A copy of data whose gradient is multiplied.")
        .params<ScalarParam>()
        .gradient([](GradContext& g) { g.set(0, g.mul_scalar(g.d_out(), number_of(g))); });

const OpBuilder identity_like =
    OpBuilder("_identity_with_attr_like_rhs")
        .doc("A copy of lhs, which has the shape and dtype of rhs.")
        .input("lhs", "Array of any shape.")
        .input("rhs", "Array of the same shape and dtype; its values do not matter.")
        .infer_storage([](StorageContext& c) { c.set_out(0, c.in(1)); })
        .inplace(0, 0)
        .gradient([](GradContext& g) { g.set(0, g.d_out()); });

const OpBuilder numpy_names[] = {
    numpy("_np_copy", "_copy", {"a"}),
};

}  // namespace
}  // namespace mx::elemwise
