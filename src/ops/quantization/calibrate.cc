#include "ops/quantization/calibrate.h"

#include "ops/quantization/ranges.h"

namespace mx {
namespace {

void infer_shape(ShapeContext& c) {
  for (size_t i : {0, 1}) c.set_out(i, kRangeShape);
  if (c.in(0).ndim() == 1 && c.in(0)[0] >= 0) c.set_in(1, Shape{c.in(0)[0] + 1});
  if (c.in(0).has_rank() && c.in(0).ndim() != 1)
    c.fail_in(0, "is no list of counts; expected one axis");
}

const OpBuilder calibrate_entropy =
    OpBuilder("_contrib_calibrate_entropy")
        .doc(
            "The threshold at which cutting a histogram that is symmetric about 0 and dividing it "
            "into few bins loses least, by the Kullback-Leibler divergence, and that divergence.")
        .params<CalibrateEntropyParam>()
        .input("hist", "Counts, shape (n,) with n odd.")
        .input("hist_edges", "Edges of the bins, shape (n + 1,).")
        .outputs({"threshold", "divergence"})
        .infer_shape(infer_shape)
        .infer_dtype([](DTypeContext& c) {
          for (size_t i : {0, 1}) c.set_in(i, DType::kFloat32);
          for (size_t i : {0, 1}) c.set_out(i, DType::kFloat32);
        })
        .zero_gradient("the threshold is one of the edges");

}  // namespace
}  // namespace mx
