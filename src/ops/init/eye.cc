#include "ops/init/eye.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_eye(ShapeContext& c) {
  const auto& p = c.params<EyeParam>();
  c.set_out(0, {p.N, p.M > 0 ? p.M : p.N});
}

void infer_eye_dtype(DTypeContext& c) { c.set_out(0, c.params<EyeParam>().dtype); }

const OpBuilder eye = OpBuilder("_eye")
                          .doc("A matrix with ones on a diagonal and zeros elsewhere.")
                          .params<EyeParam>()
                          .infer_shape(infer_eye)
                          .infer_dtype(infer_eye_dtype)
                          .not_differentiable("the result is a constant");

}  // namespace
}  // namespace mx
