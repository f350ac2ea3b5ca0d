#include "ops/nn/loss/svm_output.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_svm_output_shape(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  const Shape& data = c.in(0);
  if (!data.has_rank()) return;
  if (data.ndim() < 2) c.fail_in(0, "has ", data.ndim(), " axes; expected at least 2");
  Shape label{};
  for (int i = 0; i + 1 < data.ndim(); ++i) label.push_back(data[i]);
  c.set_in(1, label);
}

const OpBuilder svm_output =
    OpBuilder("SVMOutput")
        .doc("data; its gradient is that of the hinge loss of one score against the others.")
        .params<SvmOutputParam>()
        .input("data", "Scores.")
        .label("label", "Class numbers.")
        .infer_shape(infer_svm_output_shape)
        .decomposition([](DecomposeContext& c) { c.set(0, c.call("_copy", {c.in(0)})); })
        .gradient([](GradContext& g) {
          g.set(0, g.call("_backward_SVMOutput", {g.out(0), g.in(1)}, g.raw_params()));
        })
        .ignores_head_gradient()
        .inplace(0, 0);

const OpBuilder svm_output_backward =
    OpBuilder("_backward_SVMOutput")
        .doc("Gradient of the hinge loss, squared unless use_linear.")
        .params<SvmOutputParam>()
        .input("out")
        .input("label")
        .infer_shape([](ShapeContext& c) { c.set_out(0, c.in(0)); })
        .not_differentiable("SVMOutput is a loss whose own gradient is the end of the chain")
        .inplace(0, 0);

}  // namespace
}  // namespace mx
