#include "ops/nn/loss/softmax_output.h"

#include "ir/op.h"

namespace mx {

SoftmaxOutputSizes softmax_output_sizes(const SoftmaxOutputParam& param, const Shape& data) {
  const int ndim = data.ndim();
  if (param.multi_output) return {data[0], data[1], data.size(2, ndim)};
  if (param.preserve_shape) return {data.size(0, ndim - 1), data.back(), 1};
  return {data[0], data.size(1, ndim), 1};
}

namespace {

Shape without_axis(const Shape& shape, int axis) {
  Shape result{};
  for (int i = 0; i < shape.ndim(); ++i)
    if (i != axis) result.push_back(shape[i]);
  return result;
}

/// Shapes that a label of multi_output may have: flat places, places, one channel of places.
bool is_multi_label(const Shape& label, const Shape& data) {
  Shape one_channel = data;
  one_channel[1] = 1;
  return label == without_axis(data, 1) || label == one_channel ||
         label == Shape{data[0], data.size(2, data.ndim())};
}

void infer_softmax_output_shape(ShapeContext& c) {
  const auto& p = c.params<SoftmaxOutputParam>();
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  const Shape data = c.in(0), label = c.in(1);
  if (!data.has_rank()) return;
  if (data.ndim() < (p.multi_output ? 3 : 2))
    c.fail_in(0, "has ", data.ndim(), " axes; expected at least ", p.multi_output ? 3 : 2);
  if (!data.is_known()) {
    if (!p.multi_output && !label.has_rank()) c.set_in(1, without_axis(data, data.ndim() - 1));
    return;
  }
  if (label.is_known() && (label == data || (p.multi_output && is_multi_label(label, data))))
    return;
  c.set_in(1, p.multi_output ? Shape{data[0], data.size(2, data.ndim())}
                             : without_axis(data, data.ndim() - 1));
}

bool uses_input(const Params& params, size_t input) {
  return input < 2 || params.as<SoftmaxOutputParam>().out_grad;
}

void softmax_output_gradient(GradContext& g) {
  std::vector<Value> in{g.out(0), g.in(1)};
  if (g.params<SoftmaxOutputParam>().out_grad) in.push_back(g.d_out());
  g.set(0, g.call("_backward_SoftmaxOutput", in, g.raw_params()));
}

const OpBuilder softmax_output =
    OpBuilder("SoftmaxOutput")
        .alias("Softmax")
        .doc("Softmax whose gradient is that of the cross entropy with the label.")
        .params<SoftmaxOutputParam>()
        .input("data", "Scores.")
        .label("label", "Class numbers, or with the shape of data the wanted probabilities.")
        .infer_shape(infer_softmax_output_shape)
        .gradient(softmax_output_gradient)
        .ignores_head_gradient()
        .inplace(0, 0);

const OpBuilder softmax_output_backward =
    OpBuilder("_backward_SoftmaxOutput")
        .doc("(out - one_hot(label)) * grad_scale, normalised.")
        .params<SoftmaxOutputParam>()
        .input("out")
        .input("label")
        .input("d_out", "Only with out_grad.")
        .input_used(uses_input)
        .infer_shape([](ShapeContext& c) { c.set_out(0, c.in(0)); })
        .not_differentiable("SoftmaxOutput is a loss whose own gradient is the end of the chain")
        .inplace(0, 0);

}  // namespace
}  // namespace mx
