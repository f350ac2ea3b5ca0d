#include "ops/random/numpy_multinomial.h"

#include "ir/op.h"
#include "ir/shape_meaning.h"

namespace mx {
namespace {

void infer_multinomial(ShapeContext& c) {
  const auto& p = c.params<NumpyMultinomialParam>();
  Shape out = p.size ? (p.size->ndim() == 0 ? Shape({}) : shape_from_written(*p.size)) : Shape({});
  if (p.pvals) {
    out.push_back(static_cast<int64_t>(p.pvals->size()));
  } else {
    if (!c.in(0).has_rank()) return;
    if (c.in(0).ndim() != 1)
      c.fail_in(0, "has shape ", c.in(0), "; expected one axis of probabilities");
    out.push_back(c.in(0)[0]);
  }
  c.set_out(0, out);
}

void infer_multinomial_dtype(DTypeContext& c) {
  if (c.num_in() > 0 && c.in(0) == DType::kUnknown) c.set_in(0, DType::kFloat32);
  if (c.num_in() > 0 && !is_floating(c.in(0)))
    fail(ErrorKind::kType, c.op_name(), ": ", c.in_name(0), " has dtype ", dtype_name(c.in(0)),
         "; expected a floating dtype");
  c.set_out(0, DType::kInt64);
}

const OpBuilder multinomial =
    OpBuilder("_npi_multinomial")
        .doc("How often each outcome came in n experiments, as 64-bit integers.")
        .params<NumpyMultinomialParam>()
        .input("a", "Probabilities of the outcomes.")
        .input_used(
            [](const Params& params, size_t) { return !params.as<NumpyMultinomialParam>().pvals; })
        .infer_shape(infer_multinomial)
        .infer_dtype(infer_multinomial_dtype)
        .random()
        .zero_gradient("numbers of outcomes do not change with the probabilities here");

}  // namespace
}  // namespace mx
