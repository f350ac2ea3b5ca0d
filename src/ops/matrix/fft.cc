// Fourier transforms along the last axis. Real and imaginary parts of complex numbers lie side by
// side. Each of the two is the other's gradient.
#include "ops/matrix/fft.h"

#include "base/checked.h"
#include "ops/elemwise/common.h"

namespace mx {
namespace {

void infer_fft(ShapeContext& c) {
  if (!c.in(0).has_rank()) return;
  if (c.in(0).ndim() == 0) c.fail_in(0, "is a scalar; expected an axis");
  Shape out = c.in(0);
  if (out.back() >= 0)
    out[out.ndim() - 1] = (Checked(out.back()) * 2).get(c.op_name(), "data", c.in(0));
  c.set_out(0, out);
}

void infer_ifft(ShapeContext& c) {
  if (!c.in(0).has_rank()) return;
  if (c.in(0).ndim() == 0) c.fail_in(0, "is a scalar; expected an axis");
  Shape out = c.in(0);
  if (out.back() >= 0 && out.back() % 2 != 0)
    c.fail_in(0, "has an odd last size; expected real and imaginary parts");
  if (out.back() >= 0) out[out.ndim() - 1] /= 2;
  c.set_out(0, out);
}

void floating_dtype(DTypeContext& c) {
  c.unify_all();
  if (c.in(0) != DType::kUnknown && !is_floating(c.in(0)))
    fail(ErrorKind::kType, c.op_name(), ": data has dtype ", dtype_name(c.in(0)),
         "; expected a floating dtype");
}

OpBuilder transform(const char* name, const char* other) {
  return OpBuilder(name)
      .params<FftParam>()
      .infer_dtype(floating_dtype)
      .gradient([other](GradContext& g) { g.set(0, g.call(other, {g.d_out()}, g.raw_params())); });
}

const OpBuilder fft = transform("_contrib_fft", "_contrib_ifft")
                          .doc("Fourier transform of real numbers along the last axis.")
                          .input("data", "(..., n) real numbers; the result is (..., 2 n).")
                          .infer_shape(infer_fft);

const OpBuilder ifft =
    transform("_contrib_ifft", "_contrib_fft")
        .doc(
            "Real part of the inverse Fourier transform along the last axis, not divided by its "
            "length.")
        .input("data", "(..., 2 n) complex numbers; the result is (..., n).")
        .infer_shape(infer_ifft);

}  // namespace
}  // namespace mx
