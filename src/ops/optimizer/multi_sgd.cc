// sgd_update and its kind for several weights in one call: inputs come in groups, one per weight.
#include "ops/optimizer/multi_sgd.h"

#include "ops/optimizer/common.h"

namespace mx {
namespace {

using namespace optimizer;

const InputInfo kWeight{"weight", "The parameter."}, kGrad{"grad", "Its gradient."};
const InputInfo kMom{"mom", "The last step.", InputKind::kAuxiliary};
const InputInfo kWeight32{"weight32", "The weight in float32.", InputKind::kAuxiliary};
const InputInfo kLrs{"lrs", "Learning rate of each weight."}, kWds{"wds", "Weight decay of each."};

template <typename P>
uint32_t count_weights(const Params& params) {
  return static_cast<uint32_t>(params.as<P>().num_weights);
}

template <typename P>
void check_counts(const ShapeContext& c) {
  if constexpr (requires(const P& p) { p.lrs; }) {
    const auto& p = c.params<P>();
    const auto count = static_cast<size_t>(p.num_weights);
    require(p.lrs.size() == count && p.wds.size() == count, c.op_name(), ": lrs and wds hold ",
            p.lrs.size(), " and ", p.wds.size(), " numbers; expected num_weights=", count);
  }
}

/// Groups of weight, gradient and states, and behind them the tail.
template <typename P>
OpBuilder multi_update(const char* name, std::vector<InputInfo> states, bool mixed,
                       std::vector<InputInfo> tail) {
  std::vector<InputInfo> group{kWeight, kGrad};
  group.insert(group.end(), states.begin(), states.end());
  OpBuilder builder(name);
  builder.params<P>().not_differentiable(kUpdate);
  for (const InputInfo& input : group) builder.input(input.name, input.doc, input.kind);
  for (const InputInfo& input : tail) builder.input(input.name, input.doc, input.kind);
  builder.input_groups(static_cast<uint32_t>(group.size()), "num_weights");
  builder.num_outputs(count_weights<P>);
  builder.infer_shape([size = group.size(), count = tail.size()](ShapeContext& c) {
    check_counts<P>(c);
    infer_groups(c, size);
    for (size_t i = 0; i < count; ++i)
      c.set_in(c.num_in() - 1 - i, {static_cast<int64_t>(c.num_out())});
  });
  builder.infer_dtype(
      [size = group.size(), mixed](DTypeContext& c) { infer_group_dtypes(c, size, mixed); });
  return builder;
}

const OpBuilder b1 = multi_update<MultiSgdParam>("multi_sgd_update", {}, false, {})
                         .doc("sgd_update for several weights.");
const OpBuilder b2 = multi_update<MultiSgdMomentumParam>("multi_sgd_mom_update", {kMom}, false, {})
                         .doc("sgd_mom_update for several weights.");
const OpBuilder b3 = multi_update<MultiSgdParam>("multi_mp_sgd_update", {kWeight32}, true, {})
                         .doc("mp_sgd_update for several weights.");
const OpBuilder b4 =
    multi_update<MultiSgdMomentumParam>("multi_mp_sgd_mom_update", {kMom, kWeight32}, true, {})
        .doc("mp_sgd_mom_update for several weights.");

const OpBuilder b5 =
    multi_update<PreloadedMultiSgdParam>("preloaded_multi_sgd_update", {}, false, {kLrs, kWds})
        .doc("multi_sgd_update with rates and decays in arrays.");
const OpBuilder b6 = multi_update<PreloadedMultiSgdMomentumParam>("preloaded_multi_sgd_mom_update",
                                                                  {kMom}, false, {kLrs, kWds})
                         .doc("multi_sgd_mom_update with rates and decays in arrays.");
const OpBuilder b7 = multi_update<PreloadedMultiSgdParam>("preloaded_multi_mp_sgd_update",
                                                          {kWeight32}, true, {kLrs, kWds})
                         .doc("multi_mp_sgd_update with rates and decays in arrays.");
const OpBuilder b8 = multi_update<PreloadedMultiSgdMomentumParam>(
                         "preloaded_multi_mp_sgd_mom_update", {kMom, kWeight32}, true, {kLrs, kWds})
                         .doc("multi_mp_sgd_mom_update with rates and decays in arrays.");

}  // namespace
}  // namespace mx
