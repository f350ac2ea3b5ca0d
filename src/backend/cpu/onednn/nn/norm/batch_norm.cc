// BatchNorm and its gradient by oneDNN, in whatever layout data has. oneDNN's statistics are mean
// and variance; the operator's second is 1 / sqrt(variance + eps).
#include "ops/nn/norm/batch_norm.h"

#include <cmath>

#include "backend/cpu/onednn/onednn.h"

namespace mx::onednn {
namespace {

using Desc = dnnl::memory::desc;
using Flags = dnnl::normalization_flags;

const char* refuse_tensor(const TensorDesc& data, int64_t axis) {
  if (const char* reason = refuse_narrow(data.dtype)) return reason;
  if (data.shape.ndim() < 2 || normalize_axis(axis, data.shape.ndim(), "BatchNorm") != 1)
    return "needs the channels on axis 1";
  if (data.shape.ndim() > 5) return "works on up to 5 axes";
  for (int64_t dim : data.shape)
    if (dim == 0) return "works on tensors with elements only";
  return nullptr;
}

const char* refuse_forward(const KernelQuery& query) {
  if (query.in[0].layout != query.out[0].layout) return "works on tensors of one layout";
  return refuse_tensor(query.in[0], query.params.as<BatchNormParam>().axis);
}

struct Forward {
  dnnl::batch_normalization_forward::primitive_desc desc;
  dnnl::batch_normalization_forward primitive;

  Forward(const Desc& data, double eps, bool use_batch, Flags flags)
      : desc(engine(),
             use_batch ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference,
             data, data, static_cast<float>(eps), flags, thread_safe_attr()),
        primitive(desc) {}
};

class BatchNormForward : public PreparedKernel {
 public:
  BatchNormForward(const KernelQuery& query, bool use_batch)
      : data_(desc_of(query.in[0])),
        channels_(plain_desc(Shape{query.in[0].shape[1]}, DType::kFloat32)),
        use_batch_(use_batch),
        forward_(data_, query.params.as<BatchNormParam>().eps, use_batch,
                 flags(query.params.as<BatchNormParam>(), use_batch)) {}

  void run(const Params& params, KernelContext& context, Inputs in, Outputs out) override {
    const auto& p = params.as<BatchNormParam>();
    const int64_t n = in[0].shape[1];
    float* mean = use_batch_ ? statistic(1, context, out, n) : in[3].as<float>();
    float* var = use_batch_ ? statistic(2, context, out, n) : in[4].as<float>();
    std::unordered_map<int, dnnl::memory> args{{DNNL_ARG_SRC, memory_of(data_, in[0].data)},
                                               {DNNL_ARG_DST, memory_of(data_, out[0].data)},
                                               {DNNL_ARG_MEAN, memory_of(channels_, mean)},
                                               {DNNL_ARG_VARIANCE, memory_of(channels_, var)},
                                               {DNNL_ARG_SHIFT, memory_of(channels_, in[2].data)}};
    if (!p.fix_gamma) args.emplace(DNNL_ARG_SCALE, memory_of(channels_, in[1].data));
    execute(forward_.primitive, forward_.desc.scratchpad_desc(), context, args);
    if (use_batch_) move_averages(p, mean, var, in);
    for (int64_t c = 0; c < n; ++c) {
      if (context.wants(2))
        out[2].as<float>()[c] = static_cast<float>(1.0 / std::sqrt(var[c] + p.eps));
      if (!use_batch_ && context.wants(1)) out[1].as<float>()[c] = mean[c];
    }
  }

 private:
  static Flags flags(const BatchNormParam& p, bool use_batch) {
    Flags flags = Flags::use_shift;
    if (!p.fix_gamma) flags |= Flags::use_scale;
    if (!use_batch) flags |= Flags::use_global_stats;
    return flags;
  }
  static float* statistic(size_t i, KernelContext& context, Outputs out, int64_t n) {
    return context.wants(i) ? out[i].as<float>() : context.scratch->get_array<float>(n);
  }
  static void move_averages(const BatchNormParam& p, const float* mean, const float* var,
                            Inputs in) {
    float *moving_mean = in[3].as<float>(), *moving_var = in[4].as<float>();
    const float keep = p.momentum;
    for (int64_t c = 0; c < in[0].shape[1]; ++c) {
      moving_mean[c] = moving_mean[c] * keep + mean[c] * (1 - keep);
      moving_var[c] = moving_var[c] * keep + var[c] * (1 - keep);
    }
  }

  Desc data_, channels_;
  bool use_batch_;
  Forward forward_;
};

PreparedPtr prepare_forward(const KernelQuery& query) {
  const bool use_batch = query.is_train && !query.params.as<BatchNormParam>().use_global_stats;
  return std::make_shared<BatchNormForward>(query, use_batch);
}

LayoutChoice forward_layouts(const KernelQuery& query) {
  LayoutChoice choice{std::vector(query.in.size(), Layout::kPlain),
                      std::vector(query.out.size(), Layout::kPlain)};
  if (query.params.as<BatchNormParam>().axis == 1)
    choice.in[0] = choice.out[0] = query.in[0].layout;
  return choice;
}

const char* refuse_backward(const KernelQuery& query) {
  if (query.in[0].layout != query.out[0].layout || query.in[1].layout != query.out[0].layout)
    return "works on tensors of one layout";
  return refuse_tensor(query.in[1], query.params.as<BatchNormParam>().axis);
}

class BatchNormBackward : public PreparedKernel {
 public:
  explicit BatchNormBackward(const KernelQuery& query)
      : data_(desc_of(query.in[1])),
        channels_(plain_desc(Shape{query.in[1].shape[1]}, DType::kFloat32)),
        desc_(make(data_, query.params.as<BatchNormParam>())),
        primitive_(desc_) {}

  void run(const Params& params, KernelContext& context, Inputs in, Outputs out) override {
    const auto& p = params.as<BatchNormParam>();
    const int64_t n = in[1].shape[1];
    float* var = context.scratch->get_array<float>(n);
    for (int64_t c = 0; c < n; ++c) {
      const double inverse = in[4].as<float>()[c];
      var[c] = static_cast<float>(1.0 / (inverse * inverse) - p.eps);
    }
    const auto target = [&](size_t i) {
      void* data = context.wants(i) ? out[i].data : context.scratch->get_array<float>(n);
      return memory_of(channels_, data);
    };
    std::unordered_map<int, dnnl::memory> args{{DNNL_ARG_SRC, memory_of(data_, in[1].data)},
                                               {DNNL_ARG_DIFF_DST, memory_of(data_, in[0].data)},
                                               {DNNL_ARG_DIFF_SRC, memory_of(data_, out[0].data)},
                                               {DNNL_ARG_MEAN, memory_of(channels_, in[3].data)},
                                               {DNNL_ARG_VARIANCE, memory_of(channels_, var)},
                                               {DNNL_ARG_DIFF_SHIFT, target(2)}};
    if (!p.fix_gamma) {
      args.emplace(DNNL_ARG_SCALE, memory_of(channels_, in[2].data));
      args.emplace(DNNL_ARG_DIFF_SCALE, target(1));
    } else if (context.wants(1)) {
      std::fill_n(out[1].as<float>(), n, 0.0f);
    }
    execute(primitive_, desc_.scratchpad_desc(), context, args);
  }

 private:
  using BackwardDesc = dnnl::batch_normalization_backward::primitive_desc;
  static BackwardDesc make(const Desc& data, const BatchNormParam& p) {
    const Flags flags = p.fix_gamma ? Flags::use_shift : Flags::use_shift | Flags::use_scale;
    const Forward forward(data, p.eps, true, flags);
    return {
        engine(),     dnnl::prop_kind::backward, data, data, data, static_cast<float>(p.eps), flags,
        forward.desc, thread_safe_attr()};
  }

  Desc data_, channels_;
  BackwardDesc desc_;
  dnnl::batch_normalization_backward primitive_;
};

PreparedPtr prepare_backward(const KernelQuery& query) {
  return std::make_shared<BatchNormBackward>(query);
}

/// d_out is brought into the layout of data.
LayoutChoice backward_layouts(const KernelQuery& query) {
  LayoutChoice choice{std::vector(query.in.size(), Layout::kPlain),
                      std::vector(query.out.size(), Layout::kPlain)};
  if (query.params.as<BatchNormParam>().axis == 1)
    choice.in[0] = choice.in[1] = choice.out[0] = query.in[1].layout;
  return choice;
}

const KernelBuilder k1 = KernelBuilder("BatchNorm", "onednn")
                             .refuse(refuse_forward)
                             .prepare(prepare_forward)
                             .choose_layouts(forward_layouts)
                             .priority(kLibraryPriority);
const KernelBuilder k2 = KernelBuilder("_backward_BatchNorm", "onednn")
                             .refuse(refuse_backward)
                             .prepare(prepare_backward)
                             .choose_layouts(backward_layouts)
                             .priority(kLibraryPriority);

}  // namespace
}  // namespace mx::onednn
