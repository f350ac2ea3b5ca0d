// Sum of any number of arrays.
#include "ops/elemwise/add_n.h"

#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

const OpBuilder add_n = OpBuilder("add_n")
                            .alias("ElementWiseSum")
                            .alias("_sparse_ElementWiseSum")
                            .alias("_sparse_add_n")
                            .doc("Sum of arrays of one shape and dtype, element by element.")
                            .params<AddNParam>()
                            .variadic("num_args")
                            .infer_dtype(numeric_dtype)
                            .infer_storage([](StorageContext& c) {
                              if (c.in(0) == StorageKind::kRowSparse) infer::equal_storage(c);
                            })
                            .inplace(0, 0)
                            .trait("low_precision", "follow")
                            .trait("pointwise")
                            .gradient([](GradContext& g) {
                              for (size_t i = 0; i < g.num_in(); ++i) g.set(i, g.d_out());
                            });

}  // namespace
}  // namespace mx::elemwise
