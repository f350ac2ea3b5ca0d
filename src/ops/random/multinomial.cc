#include "ops/random/multinomial.h"

#include "ir/common_params.h"
#include "ir/op.h"
#include "ops/indexing/one_hot.h"

namespace mx {
namespace {

void infer_multinomial(ShapeContext& c) {
  const Shape& data = c.in(0);
  if (!data.has_rank()) return;
  if (data.ndim() == 0) c.fail_in(0, "has no dimension; expected probabilities of classes");
  if (data.back() == 0) c.fail_in(0, "has no class to draw; expected a last axis of size above 0");
  Shape out = Shape({});
  for (int i = 0; i + 1 < data.ndim(); ++i) out.push_back(data[i]);
  for (int64_t size : c.params<MultinomialParam>().shape) out.push_back(size);
  if (out.ndim() == 0) out.push_back(1);
  for (size_t i = 0; i < c.num_out(); ++i) c.set_out(i, out);
}

void infer_multinomial_dtype(DTypeContext& c) {
  c.set_out(0, c.params<MultinomialParam>().dtype);
  if (c.in(0) == DType::kUnknown) c.set_in(0, DType::kFloat32);
  if (c.num_out() > 1) c.set_out(1, c.in(0));
}

uint32_t count_outputs(const Params& params) {
  return params.as<MultinomialParam>().get_prob ? 2 : 1;
}

/// d_data = sum over draws of d_log_prob / prob at the drawn class.
void multinomial_gradient(GradContext& g) {
  if (!g.has_d_out(1)) return;
  const Shape& data = g.in_shape(0);
  const int64_t classes = data.back(), rows = data.size(0, data.ndim() - 1);
  const int64_t draws = rows > 0 ? g.out_shape(0).size() / rows : 0;
  const Value weight = g.mul(g.d_out(1), g.call("exp", {g.negative(g.out(1))}));
  const Value column = g.call("_backward_reshape", {weight}, ShapeParam{{rows, draws, 1}});
  const Value drawn = g.call("one_hot", {g.out(0)}, OneHotParam{classes, 1, 0, g.in_dtype(0)});
  const Value hits = g.call("_backward_reshape", {drawn}, ShapeParam{{rows, draws, classes}});
  const Value total = g.sum(g.call("broadcast_mul", {column, hits}), {1}, false);
  g.set(0, g.call("_backward_reshape", {total}, ShapeParam{data}));
}

const OpBuilder multinomial = OpBuilder("_sample_multinomial")
                                  .alias("sample_multinomial")
                                  .doc("Class numbers drawn with given probabilities.")
                                  .params<MultinomialParam>()
                                  .input("data", "Probabilities along the last axis.")
                                  .num_outputs(count_outputs)
                                  .infer_shape(infer_multinomial)
                                  .infer_dtype(infer_multinomial_dtype)
                                  .random()
                                  .gradient(multinomial_gradient);

}  // namespace
}  // namespace mx
