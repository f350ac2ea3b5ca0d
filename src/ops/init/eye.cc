#include "ops/init/eye.h"

#include "ir/op.h"
#include "ops/init/fill.h"

namespace mx {
namespace {

void infer_eye(ShapeContext& c) {
  const auto& p = c.params<EyeParam>();
  c.set_out(0, {p.N, p.M > 0 ? p.M : p.N});
}

void infer_np_eye(ShapeContext& c) {
  const auto& p = c.params<NumpyEyeParam>();
  c.set_out(0, {p.N, p.M.value_or(p.N)});
}

void infer_identity(ShapeContext& c) {
  const Shape& shape = c.params<InitParam>().shape;
  require(shape.ndim() == 2 && shape[0] == shape[1] && shape[0] >= 0, c.op_name(),
          ": shape=", shape, " is not that of a square matrix; expected (n, n)");
  c.set_out(0, shape);
}

template <typename P>
OpBuilder ones_on_diagonal(const char* name, void (*infer)(ShapeContext&)) {
  return OpBuilder(name)
      .doc("A matrix with ones on a diagonal and zeros elsewhere.")
      .params<P>()
      .infer_shape(infer)
      .infer_dtype([](DTypeContext& c) { c.set_out(0, c.params<P>().dtype); })
      .not_differentiable("the result is a constant");
}

const OpBuilder eye = ones_on_diagonal<EyeParam>("_eye", infer_eye);
const OpBuilder np_eye = ones_on_diagonal<NumpyEyeParam>("_npi_eye", infer_np_eye);
const OpBuilder identity = ones_on_diagonal<InitParam>("_npi_identity", infer_identity);

}  // namespace
}  // namespace mx
