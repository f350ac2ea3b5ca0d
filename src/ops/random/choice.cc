#include "ops/random/choice.h"

#include "ir/op.h"
#include "ir/shape_meaning.h"

namespace mx {
namespace {

void check_choices(ShapeContext& c, int64_t choices, int64_t chosen) {
  const auto& p = c.params<ChoiceParam>();
  require(choices > 0, c.op_name(), ": a=", choices, " leaves nothing to choose from; ",
          "expected a number above 0");
  require(p.replace || chosen <= choices, c.op_name(), ": size=", c.out(0),
          " is more than a=", choices, " without replacement; expected at most as many");
}

void infer_choice(ShapeContext& c) {
  const auto& p = c.params<ChoiceParam>();
  if (p.size)
    set_written_shape(c, *p.size);
  else
    c.set_out(0, Shape({}));
  const bool is_known = p.a || c.in(0).is_known();
  if (!is_known) return;
  const int64_t choices = p.a ? *p.a : c.in(0).size();
  if (c.out(0).is_known() && c.out(0).size() > 0) check_choices(c, choices, c.out(0).size());
  if (p.weighted) c.set_in(c.num_in() - 1, Shape{choices});
}

void infer_choice_dtype(DTypeContext& c) {
  for (size_t i = 0; i < c.num_in(); ++i)
    if (c.in(i) == DType::kUnknown) c.set_in(i, DType::kFloat32);
  const size_t last = c.num_in() - 1;
  if (c.params<ChoiceParam>().weighted && !is_floating(c.in(last)))
    fail(ErrorKind::kType, c.op_name(), ": ", c.in_name(last), " has dtype ",
         dtype_name(c.in(last)), "; expected a floating dtype");
  c.set_out(0, DType::kInt64);
}

const OpBuilder choice =
    OpBuilder("_npi_choice")
        .doc("Places that are chosen from a row of them, as 64-bit integers.")
        .params<ChoiceParam>()
        .input("input1", "Array whose size is `a`, or the probabilities when there is `a`.")
        .input("input2", "Probabilities when there is no `a`.")
        .input_used([](const Params& params, size_t i) {
          return i < params.as<ChoiceParam>().num_inputs();
        })
        .infer_shape(infer_choice)
        .infer_dtype(infer_choice_dtype)
        .random()
        .not_differentiable("places are integers");

}  // namespace
}  // namespace mx
