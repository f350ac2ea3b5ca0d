// lint: no-kernel (the operators are written in terms of others)
#include "ir/common_params.h"
#include "ir/op.h"

namespace mx {
namespace {

struct RegressionParam {
  float grad_scale = 1.0f;
  static void describe(ParamBuilder<RegressionParam>& fields) {
    fields.add("grad_scale", &RegressionParam::grad_scale, "Factor of the gradient.");
  }
};

/// A label has the shape of data, or another one with the same first axis and size.
void infer_regression_shape(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  const Shape &data = c.in(0), &label = c.in(1);
  if (!data.has_rank()) return;
  if (!label.has_rank()) {
    const bool one_column = data.ndim() == 2 && data[1] == 1;
    return c.set_in(1, one_column ? Shape{data[0]} : data);
  }
  if (!data.is_known() || !label.is_known()) return;
  if (data.ndim() == 0 || label.ndim() == 0 || label[0] != data[0] || label.size() != data.size())
    c.set_in(1, data);
}

/// difference * grad_scale / (elements of one row)
void set_gradient(GradContext& g, Value difference) {
  const Shape& data = g.in_shape(0);
  const double row = data.ndim() > 0 ? static_cast<double>(data.size(1, data.ndim())) : 1.0;
  const double scale = g.params<RegressionParam>().grad_scale / (row > 0 ? row : 1.0);
  g.set(0, scale == 1.0 ? difference : g.mul_scalar(std::move(difference), scale));
}

Value label_like_data(GradContext& g) {
  if (g.in_shape(1) == g.in_shape(0)) return g.in(1);
  return g.call("reshape_like", {g.in(1), g.in(0)});
}

/// Of the squared error, and of the cross entropy behind a sigmoid.
void difference_gradient(GradContext& g) { set_gradient(g, g.sub(g.out(0), label_like_data(g))); }

/// Of the absolute error: 1 where the output is greater than the label, else -1.
void sign_gradient(GradContext& g) {
  const Value greater = g.call("_greater", {g.out(0), label_like_data(g)});
  set_gradient(g, g.add_scalar(g.mul_scalar(greater, 2.0), -1.0));
}

OpBuilder regression(const char* name, const char* forward) {
  return OpBuilder(name)
      .params<RegressionParam>()
      .input("data", "Predictions.")
      .label("label", "Targets, as many as data has elements.")
      .infer_shape(infer_regression_shape)
      .decomposition([forward](DecomposeContext& c) { c.set(0, c.call(forward, {c.in(0)})); })
      .ignores_head_gradient()
      .inplace(0, 0);
}

const OpBuilder linear = regression("LinearRegressionOutput", "_copy")
                             .alias("_sparse_LinearRegressionOutput")
                             .doc("data; its gradient is that of half the squared error.")
                             .gradient(difference_gradient);

const OpBuilder logistic = regression("LogisticRegressionOutput", "sigmoid")
                               .alias("_sparse_LogisticRegressionOutput")
                               .doc("Sigmoid of data; its gradient is that of the cross entropy.")
                               .gradient(difference_gradient);

const OpBuilder absolute = regression("MAERegressionOutput", "_copy")
                               .alias("_sparse_MAERegressionOutput")
                               .doc("data; its gradient is that of the absolute error.")
                               .gradient(sign_gradient);

}  // namespace
}  // namespace mx
