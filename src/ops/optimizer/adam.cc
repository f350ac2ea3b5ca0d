#include "ops/optimizer/adam.h"

#include "ops/optimizer/common.h"

namespace mx {
namespace {

using namespace optimizer;

void infer_adam(ShapeContext& c) { unify_first(c, c.num_in()); }

/// All but the last input, the gradient's factor, have the weight's shape.
void infer_adamw(ShapeContext& c) {
  unify_first(c, c.num_in() - 1);
  if (!c.in(c.num_in() - 1).has_rank()) c.set_in(c.num_in() - 1, {1});
}

/// The factor may have any floating dtype.
void infer_factor(DTypeContext& c) {
  const size_t last = c.num_in() - 1;
  if (c.in(last) == DType::kUnknown) c.set_in(last, DType::kFloat32);
}

void infer_adamw_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  for (size_t i = 1; i + 1 < c.num_in(); ++i) c.set_in(i, c.in(0));
  infer_factor(c);
}

void infer_mp_adamw_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  c.set_in(1, c.in(0));
  for (size_t i = 2; i + 1 < c.num_in(); ++i) c.set_in(i, DType::kFloat32);
  infer_factor(c);
}

template <typename P>
OpBuilder adam_op(const char* name) {
  return OpBuilder(name)
      .params<P>()
      .input("weight", "The parameter.")
      .input("grad", "Its gradient.")
      .auxiliary("mean", "Running mean of the gradient.")
      .auxiliary("var", "Running mean of its squares.")
      .infer_storage(infer::first_storage)
      .not_differentiable(kUpdate)
      .inplace(0, 0);
}

const char* const kFactor = "Factor of the gradient, one number; 0, inf or nan skips the update.";

const OpBuilder adam = adam_op<AdamParam>("adam_update")
                           .alias("_sparse_adam_update")
                           .doc("Adam (arXiv:1412.6980) without bias correction.")
                           .infer_shape(infer_adam);

const OpBuilder adamw =
    adam_op<AdamWParam>("_adamw_update")
        .doc("Adam with weight decay apart from the gradient (arXiv:1711.05101).")
        .input("rescale_grad", kFactor)
        .infer_shape(infer_adamw)
        .infer_dtype(infer_adamw_dtype);

const OpBuilder mp_adamw = adam_op<AdamWParam>("_mp_adamw_update")
                               .doc("_adamw_update with a copy of the weight in float32.")
                               .auxiliary("weight32", "The weight in float32.")
                               .input("rescale_grad", kFactor)
                               .infer_shape(infer_adamw)
                               .infer_dtype(infer_mp_adamw_dtype);

OpBuilder multi_adamw(const char* name, bool mixed) {
  std::vector<InputInfo> group{{"weight", "The parameter."},
                               {"grad", "Its gradient."},
                               {"mean", "Running mean.", InputKind::kAuxiliary},
                               {"var", "Running mean of squares.", InputKind::kAuxiliary}};
  if (mixed) group.push_back({"weight32", "The weight in float32.", InputKind::kAuxiliary});
  OpBuilder builder(name);
  builder.params<MultiAdamWParam>().not_differentiable(kUpdate);
  for (const InputInfo& input : group) builder.input(input.name, input.doc, input.kind);
  builder.input("rescale_grad", kFactor);
  builder.input_groups(static_cast<uint32_t>(group.size()), "num_weights");
  builder.num_outputs([](const Params& params) {
    return static_cast<uint32_t>(params.as<MultiAdamWParam>().num_weights);
  });
  builder.infer_shape([size = group.size()](ShapeContext& c) {
    const auto& p = c.params<MultiAdamWParam>();
    const size_t count = c.num_out();
    require(p.lrs.size() == count && p.wds.size() == count && p.etas.size() == count, c.op_name(),
            ": lrs, wds and etas hold ", p.lrs.size(), ", ", p.wds.size(), " and ", p.etas.size(),
            " numbers; expected num_weights=", count);
    infer_groups(c, size);
  });
  builder.infer_dtype(
      [size = group.size(), mixed](DTypeContext& c) { infer_group_dtypes(c, size, mixed); });
  return builder;
}

const OpBuilder multi =
    multi_adamw("_multi_adamw_update", false).doc("_adamw_update for several weights.");
const OpBuilder multi_mp =
    multi_adamw("_multi_mp_adamw_update", true).doc("_mp_adamw_update for several weights.");

}  // namespace
}  // namespace mx
