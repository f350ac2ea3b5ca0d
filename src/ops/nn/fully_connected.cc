#include "ops/nn/fully_connected.h"

#include "ir/op.h"
#include "ops/matrix/dot.h"
#include "ops/matrix/reshape.h"

namespace mx {
namespace {

/// Features of one row of data: the product of all axes but the first, or the last axis.
int64_t features(const Shape& data, bool flatten) {
  if (!flatten) return data.back();
  int64_t count = 1;
  for (int i = 1; i < data.ndim(); ++i) {
    if (data[i] < 0) return Shape::kUnknownDim;
    count *= data[i];
  }
  return count;
}

void infer_fully_connected_shape(ShapeContext& c) {
  const auto& p = c.params<FullyConnectedParam>();
  c.set_in(1, Shape{p.num_hidden, Shape::kUnknownDim});
  const bool is_column = !p.no_bias && c.in(2).ndim() == 2;  // as row-sparse ones are given
  if (!p.no_bias) c.set_in(2, is_column ? Shape{p.num_hidden, 1} : Shape{p.num_hidden});
  if (!c.in(0).has_rank()) return;
  if (c.in(0).ndim() == 0) c.fail_in(0, "has no axis; expected at least one");
  c.set_in(1, Shape{p.num_hidden, features(c.in(0), p.flatten)});
  Shape out{c.in(0)[0], p.num_hidden};
  if (!p.flatten) {
    out = c.in(0);
    out[out.ndim() - 1] = p.num_hidden;
  }
  c.set_out(0, out);
  Shape data = p.flatten ? Shape::unknown_dims(c.in(0).ndim()) : c.out(0);
  if (p.flatten)
    data[0] = c.out(0)[0];
  else
    data[data.ndim() - 1] = Shape::kUnknownDim;
  const int last = data.ndim() - 1;
  if (last > 0 || !p.flatten)
    if (!p.flatten || last == 1) data[last] = c.in(1)[1];
  c.set_in(0, data);
}

bool uses_input(const Params& params, size_t input) {
  return input < 2 || !params.as<FullyConnectedParam>().no_bias;
}

/// `value` as a matrix with `columns` columns.
Value as_matrix(GradContext& g, Value value, const Shape& shape, int64_t columns) {
  if (shape.ndim() == 2 && shape[1] == columns) return value;
  return g.call("Reshape", {std::move(value)}, ReshapeParam{Shape{-1, columns}});
}

/// out = data * weight^T + bias on rows of data.
void fully_connected_gradient(GradContext& g) {
  const auto& p = g.params<FullyConnectedParam>();
  const Shape& data_shape = g.in_shape(0);
  const int64_t columns = features(data_shape, p.flatten);
  const Value d_rows = as_matrix(g, g.d_out(), g.out_shape(0), p.num_hidden);
  const Value d_data = g.call("dot", {d_rows, g.in(1)});
  const bool is_matrix = data_shape.ndim() == 2;
  g.set(0, is_matrix ? d_data : g.call("reshape_like", {d_data, g.in(0)}));
  const Value rows = as_matrix(g, g.in(0), data_shape, columns);
  g.set(1, g.call("dot", {d_rows, rows}, DotParam{true, false, {}}));
  if (p.no_bias) return;
  const Value d_bias = g.sum(d_rows, Shape{0}, false);
  g.set(2, g.in_shape(2).ndim() == 1 ? d_bias : g.call("reshape_like", {d_bias, g.in(2)}));
}

const OpBuilder fully_connected =
    OpBuilder("FullyConnected")
        .alias("_npx_fully_connected")
        .alias("_sparse_FullyConnected")
        .doc("data * weight^T + bias on each row of data.")
        .params<FullyConnectedParam>()
        .input("data", "(batch, ...); with flatten=False the last axis holds the features.")
        .parameter("weight", "(num_hidden, features)")
        .parameter("bias", "(num_hidden,), or (num_hidden, 1).")
        .input_used(uses_input)
        .infer_shape(infer_fully_connected_shape)
        .gradient(fully_connected_gradient)
        .trait("low_precision", "compute");

}  // namespace
}  // namespace mx
