// Max and average pooling and their gradients by oneDNN, in whatever layout the tensors have.
#include "ops/nn/pool/pooling.h"

#include "backend/cpu/onednn/pooling_descs.h"
#include "backend/cpu/onednn/primitive_kernel.h"

namespace mx::onednn {
namespace {

const char* refuse_sizes(const PoolingParam& p, const Shape& data, DType dtype) {
  if (p.pool_type != PoolKind::kMax && p.pool_type != PoolKind::kAvg)
    return "has maxima and averages only";
  if (const char* reason = refuse_narrow(dtype)) return reason;
  for (int64_t dim : data)
    if (dim == 0) return "works on tensors with elements only";
  const PoolingSizes s = pooling_sizes(p, data);
  if (p.pool_type == PoolKind::kMax && (p.global_pool || s.kernel.size() > 200))
    return "keeps positions of maxima in 8 bits";
  return refuse_windows(p, s);
}

/// It goes through planes in groups of as many channels as a vector has lanes.
bool has_few_planes(const PoolingParam& p, const TensorDesc& data) {
  const PoolingSizes s = pooling_sizes(p, data.shape);
  return data.layout == Layout::kPlain && !s.channels_last && s.channels < 8;
}

const char* refuse_forward(const KernelQuery& query) {
  if (query.in[0].layout != query.out[0].layout) return "works on tensors of one layout";
  if (!query.is_train && has_few_planes(query.params.as<PoolingParam>(), query.in[0]))
    return "is slow for few channels in planes";
  return refuse_sizes(query.params.as<PoolingParam>(), query.in[0].shape, query.in[0].dtype);
}

dnnl::pooling_forward::primitive_desc forward_desc(const PoolingDescs& d, bool keeps_indices) {
  const auto kind =
      keeps_indices ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
  return {engine(), kind,      d.algorithm,       d.data, d.out, d.stride, d.kernel, d.dilate,
          d.pad,    d.pad_end, thread_safe_attr()};
}

std::shared_ptr<PrimitiveKernel> make_forward(const PoolingDescs& d, bool keeps_indices) {
  const auto desc = forward_desc(d, keeps_indices);
  auto kernel = PrimitiveKernel::of(dnnl::pooling_forward(desc), desc);
  kernel->input(DNNL_ARG_SRC, 0, d.data, d.data);
  kernel->output(DNNL_ARG_DST, 0, d.out, d.out);
  if (keeps_indices)
    kernel->output(DNNL_ARG_WORKSPACE, 1, desc.workspace_desc(), desc.workspace_desc());
  return kernel;
}

/// Keeps the positions of the maxima only when they are wanted.
class MaxPooling : public PreparedKernel {
 public:
  explicit MaxPooling(const PoolingDescs& d)
      : plain_(make_forward(d, false)), with_indices_(make_forward(d, true)) {}
  void run(const Params& params, KernelContext& context, Inputs in, Outputs out) override {
    (out.size() > 1 && context.wants(1) ? with_indices_ : plain_)->run(params, context, in, out);
  }

 private:
  PreparedPtr plain_, with_indices_;
};

PreparedPtr prepare_forward(const KernelQuery& query) {
  const auto& p = query.params.as<PoolingParam>();
  const PoolingDescs d(p, query.in[0], query.out[0]);
  if (p.pool_type == PoolKind::kMax) return std::make_shared<MaxPooling>(d);
  return make_forward(d, false);
}

/// That of the last input: of data, or of the positions of the maxima.
LayoutChoice keep_layout(const KernelQuery& query) {
  const Layout layout = query.in.back().layout;
  return {std::vector(query.in.size(), layout), std::vector(query.out.size(), layout)};
}

const char* refuse_backward(const KernelQuery& query) {
  if (query.in[0].layout != query.out[0].layout) return "works on tensors of one layout";
  return refuse_sizes(query.params.as<PoolingBackwardParam>(), query.out[0].shape,
                      query.out[0].dtype);
}

PreparedPtr prepare_backward(const KernelQuery& query) {
  const auto& p = query.params.as<PoolingBackwardParam>();
  const PoolingDescs d(p, query.out[0], query.in[0]);
  const auto forward = forward_desc(d, true);
  const dnnl::pooling_backward::primitive_desc desc(engine(), d.algorithm, d.data, d.out, d.stride,
                                                    d.kernel, d.dilate, d.pad, d.pad_end, forward,
                                                    thread_safe_attr());
  auto kernel = PrimitiveKernel::of(dnnl::pooling_backward(desc), desc);
  kernel->input(DNNL_ARG_DIFF_DST, 0, d.out, d.out);
  if (p.pool_type == PoolKind::kMax)
    kernel->input(DNNL_ARG_WORKSPACE, 1, desc.workspace_desc(), desc.workspace_desc());
  kernel->output(DNNL_ARG_DIFF_SRC, 0, d.data, d.data);
  return kernel;
}

const KernelBuilder k1 = KernelBuilder("Pooling", "onednn")
                             .refuse(refuse_forward)
                             .prepare(prepare_forward)
                             .choose_layouts(keep_layout)
                             .priority(kLibraryPriority);
const KernelBuilder k2 = KernelBuilder("_backward_Pooling", "onednn")
                             .refuse(refuse_backward)
                             .prepare(prepare_backward)
                             .choose_layouts(keep_layout)
                             .priority(kLibraryPriority);

}  // namespace
}  // namespace mx::onednn
