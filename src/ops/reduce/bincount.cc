// How often each number occurs: as many counts as the data says.
#include "ops/reduce/bincount.h"

#include "ops/elemwise/common.h"
#include "ops/indexing/take.h"

namespace mx::reduce {
namespace {

void infer_bincount_shape(ShapeContext& c) {
  if (c.in(0).has_rank() && c.in(0).ndim() != 1) c.fail_in(0, "has not one axis; expected (n,)");
  if (c.num_in() > 1) {
    c.set_in(1, c.in(0));
    c.set_in(0, c.in(1));
  }
  c.set_out(0, {Shape::kUnknownDim});
}

void infer_bincount_dtype(DTypeContext& c) {
  const DType data = c.in(0);
  if (is_floating(data) || data == DType::kBool)
    fail(ErrorKind::kType, c.op_name(), ": data has dtype ", dtype_name(data),
         "; expected an integer dtype");
  c.set_out(0, c.in(c.num_in() - 1));
  if (c.num_in() > 1) c.set_in(1, c.out(0));
}

const OpBuilder bincount =
    OpBuilder("_npi_bincount")
        .doc(
            "How often each of the numbers 0, 1 ... occurs up to the largest one, or the sum of "
            "the weights that belong to it.")
        .params<BincountParam>()
        .input("data", "Numbers (n,) that are not negative, of an integer dtype.")
        .input("weights", "Weights (n,), whose dtype the sums have.")
        .input_used([](const Params& params, size_t input) {
          return input == 0 || params.as<BincountParam>().has_weights;
        })
        .infer_shape(infer_bincount_shape)
        .infer_dtype(infer_bincount_dtype)
        .trait("shape_from_data")
        .gradient([](GradContext& g) {
          if (g.num_in() > 1) g.set(1, g.call("take", {g.d_out(), g.in(0)}));
        });

}  // namespace
}  // namespace mx::reduce
