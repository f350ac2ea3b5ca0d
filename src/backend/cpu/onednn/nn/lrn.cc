// LRN by oneDNN, in whatever layout data has.
#include "ops/nn/lrn.h"

#include "backend/cpu/onednn/primitive_kernel.h"

namespace mx::onednn {
namespace {

const char* refuse(const KernelQuery& query) {
  const TensorDesc& data = query.in[0];
  if (data.layout != query.out[0].layout) return "works on tensors of one layout";
  if (data.dtype != DType::kFloat32 && data.dtype != DType::kBfloat16)
    return "works on float32 and bfloat16";
  if (data.shape.ndim() != 4) return "works on 4 axes";
  for (int64_t dim : data.shape)
    if (dim == 0) return "works on tensors with elements only";
  return nullptr;
}

PreparedPtr prepare(const KernelQuery& query) {
  const auto& p = query.params.as<LrnParam>();
  const dnnl::memory::desc data = desc_of(query.in[0]);
  const int64_t window = 2 * p.reach() + 1;
  // oneDNN divides alpha by the window that it gets, which is one less than an even nsize.
  const float alpha = static_cast<float>(p.scale() * static_cast<double>(window));
  const dnnl::lrn_forward::primitive_desc desc(engine(), dnnl::prop_kind::forward_inference,
                                               dnnl::algorithm::lrn_across_channels, data, data,
                                               window, alpha, p.beta, p.knorm, thread_safe_attr());
  auto kernel = PrimitiveKernel::of(dnnl::lrn_forward(desc), desc);
  kernel->input(DNNL_ARG_SRC, 0, data, data);
  kernel->output(DNNL_ARG_DST, 0, data, data);
  return kernel;
}

LayoutChoice keep_layout(const KernelQuery& query) {
  return {{query.in[0].layout}, {query.in[0].layout}};
}

const KernelBuilder k1 = KernelBuilder("LRN", "onednn")
                             .refuse(refuse)
                             .prepare(prepare)
                             .choose_layouts(keep_layout)
                             .priority(kLibraryPriority);

}  // namespace
}  // namespace mx::onednn
