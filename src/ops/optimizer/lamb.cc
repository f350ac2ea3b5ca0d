// LAMB (arXiv:1904.00962) in two phases, between which the norms are taken, and in one call for
// several weights.
#include "ops/optimizer/lamb.h"

#include "ops/optimizer/common.h"

namespace mx {
namespace {

using namespace optimizer;

void infer_phase1(ShapeContext& c) { unify_first(c, c.num_in()); }

void infer_phase1_mixed_dtype(DTypeContext& c) {
  c.set_in(1, c.in(0));
  c.set_in(0, c.in(1));
  for (size_t i = 2; i < c.num_in(); ++i) c.set_in(i, DType::kFloat32);
  c.set_out(0, DType::kFloat32);
}

/// Norms are arrays of one element.
void infer_phase2(ShapeContext& c) {
  Shape common = c.out(0);
  for (size_t i = 0; i < c.num_in(); ++i)
    if (i < 2 || i == 4) merge_shape(common, c.in(i));
  for (size_t i = 0; i < c.num_in(); ++i)
    if (i < 2 || i == 4)
      c.set_in(i, common);
    else
      c.set_in(i, {1});
  c.set_out(0, common);
}

void infer_phase2_mixed_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  for (size_t i = 1; i < c.num_in(); ++i) c.set_in(i, DType::kFloat32);
}

OpBuilder phase1(const char* name) {
  return OpBuilder(name)
      .params<LambPhase1Param>()
      .input("weight", "The parameter.")
      .input("grad", "Its gradient.")
      .auxiliary("mean", "Running mean of the gradient.")
      .auxiliary("var", "Running mean of its squares.")
      .infer_shape(infer_phase1)
      .not_differentiable(kUpdate);
}

OpBuilder phase2(const char* name) {
  return OpBuilder(name)
      .params<LambPhase2Param>()
      .input("weight", "The parameter.")
      .input("g", "Result of the first phase.")
      .input("r1", "Norm of the weight.")
      .input("r2", "Norm of g.")
      .infer_shape(infer_phase2)
      .not_differentiable(kUpdate)
      .inplace(0, 0);
}

const OpBuilder b1 = phase1("lamb_update_phase1").doc("First phase of LAMB: the direction.");
const OpBuilder b2 = phase1("mp_lamb_update_phase1")
                         .doc("First phase of LAMB with a copy of the weight in float32.")
                         .input("weight32", "The weight in float32.")
                         .infer_dtype(infer_phase1_mixed_dtype);
const OpBuilder b3 = phase2("lamb_update_phase2").doc("Second phase of LAMB: the step.");
const OpBuilder b4 = phase2("mp_lamb_update_phase2")
                         .doc("Second phase of LAMB with a copy of the weight in float32.")
                         .auxiliary("weight32", "The weight in float32.")
                         .infer_dtype(infer_phase2_mixed_dtype);

void check_counts(const ShapeContext& c) {
  const auto& p = c.params<MultiLambParam>();
  const size_t count = c.num_out();
  require(p.learning_rates.size() == count && p.wds.size() == count &&
              p.step_count.ndim() == static_cast<int>(count),
          c.op_name(), ": learning_rates, wds and step_count hold ", p.learning_rates.size(), ", ",
          p.wds.size(), " and ", p.step_count.ndim(), " numbers; expected num_tensors=", count);
}

OpBuilder multi_lamb(const char* name, bool mixed) {
  std::vector<InputInfo> group{{"weight", "The parameter."},
                               {"grad", "Its gradient."},
                               {"mean", "Running mean.", InputKind::kAuxiliary},
                               {"var", "Running mean of squares.", InputKind::kAuxiliary}};
  if (mixed) group.push_back({"weight32", "The weight in float32.", InputKind::kAuxiliary});
  OpBuilder builder(name);
  builder.params<MultiLambParam>().not_differentiable(kUpdate);
  for (const InputInfo& input : group) builder.input(input.name, input.doc, input.kind);
  builder.input_groups(static_cast<uint32_t>(group.size()), "num_tensors");
  builder.num_outputs([](const Params& params) {
    return static_cast<uint32_t>(params.as<MultiLambParam>().num_tensors);
  });
  builder.infer_shape([size = group.size()](ShapeContext& c) {
    check_counts(c);
    infer_groups(c, size);
  });
  builder.infer_dtype(
      [size = group.size(), mixed](DTypeContext& c) { infer_group_dtypes(c, size, mixed); });
  return builder;
}

const OpBuilder b5 = multi_lamb("_multi_lamb_update", false).doc("LAMB for several weights.");
const OpBuilder b6 = multi_lamb("_multi_mp_lamb_update", true)
                         .doc("LAMB for several weights with copies in float32.");

}  // namespace
}  // namespace mx
