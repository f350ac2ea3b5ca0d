#pragma once
#include <mutex>

#include "backend/cpu/onednn/last_descs.h"
#include "backend/cpu/onednn/post_ops.h"
#include "dispatch/finite_kernel.h"

namespace mx::onednn {

/// What is asked of oneDNN for a fused layer: formats of its choice, those of the query, or those
/// of the query without functions that lose NaN.
enum class Form { kFree, kGiven, kKeepsNan };

/// A layer with what follows it. Where oneDNN's functions would lose NaN it has two forms: one with
/// these functions for runs whose inputs are known to be finite, and one that is followed by our
/// own, made when it is first needed. `describe(query, form)` asks oneDNN. Thread safety: run() may
/// be called by many threads.
template <typename Primitive, typename LayerParam>
class FusedPrimitive final : public FiniteKernel {
 public:
  using Desc = typename Primitive::primitive_desc;

  /// `keeps_nan` is empty where there is nothing to lose.
  FusedPrimitive(Desc desc, Desc keeps_nan)
      : desc_(std::move(desc)), primitive_(desc_), keeps_nan_desc_(std::move(keeps_nan)) {}

  bool has_finite_way() const override { return static_cast<bool>(keeps_nan_desc_); }

  void run_finite(const Params& params, KernelContext& context, Inputs in, Outputs out) override {
    const auto& p = params.as<LayerParam>();
    place_residual(p, in, out, desc_.dst_desc().get_size());
    execute_layer(desc_, primitive_, p.no_bias, context, in, out);
  }

  void run(const Params& params, KernelContext& context, Inputs in, Outputs out) override {
    if (!keeps_nan_desc_) return run_finite(params, context, in, out);
    std::call_once(is_made_, [&] { keeps_nan_ = Primitive(keeps_nan_desc_); });
    const auto& p = params.as<LayerParam>();
    const size_t bytes = desc_.dst_desc().get_size();
    place_residual(p, in, out, bytes);
    execute_layer(keeps_nan_desc_, keeps_nan_, p.no_bias, context, in, out);
    apply_left_out(p, out[0], bytes);
  }

 private:
  static void execute_layer(const Desc& desc, const Primitive& primitive, bool no_bias,
                            KernelContext& context, Inputs in, Outputs out) {
    std::unordered_map<int, dnnl::memory> args{
        {DNNL_ARG_SRC, memory_of(desc.src_desc(), in[0].data)},
        {DNNL_ARG_WEIGHTS, memory_of(desc.weights_desc(), in[1].data)},
        {DNNL_ARG_DST, memory_of(desc.dst_desc(), out[0].data)}};
    if (!no_bias) args.emplace(DNNL_ARG_BIAS, memory_of(desc.bias_desc(), in[2].data));
    execute(primitive, desc.scratchpad_desc(), context, std::move(args));
  }

  Desc desc_;
  Primitive primitive_;
  Desc keeps_nan_desc_;
  std::once_flag is_made_;
  Primitive keeps_nan_;
};

/// Whether `describe(query, Form::kKeepsNan)` has an answer, or is not needed, once the query's
/// tensors have the layouts of `choice`.
template <typename Describe>
bool can_keep_nan(const KernelQuery& query, const PostOps& post, const LayoutChoice& choice,
                  const Describe& describe) {
  if (!loses_nan(post)) return true;
  std::vector<TensorDesc> in(query.in.begin(), query.in.end());
  std::vector<TensorDesc> out(query.out.begin(), query.out.end());
  for (size_t i = 0; i < in.size(); ++i) in[i].layout = choice.in[i];
  for (size_t i = 0; i < out.size(); ++i) out[i].layout = choice.out[i];
  const KernelQuery chosen{query.op, query.params, in, out, query.is_train};
  return static_cast<bool>(describe(chosen, Form::kKeepsNan));
}

}  // namespace mx::onednn
