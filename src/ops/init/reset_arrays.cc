#include "ops/init/reset_arrays.h"

#include "ir/op.h"

namespace mx {
namespace {

const OpBuilder reset_arrays = OpBuilder("reset_arrays")
                                   .doc("Writes zeros into arrays; has no outputs.")
                                   .params<ResetArraysParam>()
                                   .auxiliary("data", "Array that is zero afterwards.")
                                   .input_groups(1, "num_arrays")
                                   .num_outputs([](const Params&) { return 0u; })
                                   .infer_shape([](ShapeContext&) {})
                                   .infer_dtype([](DTypeContext&) {})
                                   .not_differentiable("it writes its inputs and gives nothing");

}  // namespace
}  // namespace mx
