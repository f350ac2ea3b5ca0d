// Pooling of whole numbers by oneDNN, in whatever layout the tensors have. Where the channels of a
// pixel do not lie side by side it has nothing but its reference implementation.
#include "ops/nn/pool/pooling.h"

#include "backend/cpu/onednn/pooling_descs.h"
#include "backend/cpu/onednn/primitive_kernel.h"

namespace mx::onednn {
namespace {

const char* refuse(const KernelQuery& query) {
  if (query.in[0].layout != query.out[0].layout) return "works on tensors of one layout";
  const auto& p = query.params.as<PoolingParam>();
  if (query.in[0].layout == Layout::kPlain && !pooling_sizes(p, query.in[0].shape).channels_last)
    return "is slow where channels are not neighbours";
  for (int64_t dim : query.in[0].shape)
    if (dim == 0) return "works on tensors with elements only";
  return refuse_windows(p, pooling_sizes(p, query.in[0].shape));
}

/// The primitive, and the range that stays.
class QuantizedPooling final : public PrimitiveKernel {
 public:
  using PrimitiveKernel::PrimitiveKernel;
  void run(const Params& params, KernelContext& context, Inputs in, Outputs out) override {
    PrimitiveKernel::run(params, context, in, out);
    for (size_t i : {1, 2})
      if (context.wants(i)) *out[i].as<float>() = *in[i].as<float>();
  }
};

PreparedPtr prepare(const KernelQuery& query) {
  const auto& p = query.params.as<PoolingParam>();
  const PoolingDescs d(p, query.in[0], query.out[0]);
  const dnnl::pooling_forward::primitive_desc desc(engine(), dnnl::prop_kind::forward_inference,
                                                   d.algorithm, d.data, d.out, d.stride, d.kernel,
                                                   d.dilate, d.pad, d.pad_end, thread_safe_attr());
  auto kernel =
      std::make_shared<QuantizedPooling>(dnnl::pooling_forward(desc), desc.scratchpad_desc());
  kernel->input(DNNL_ARG_SRC, 0, d.data, d.data);
  kernel->output(DNNL_ARG_DST, 0, d.out, d.out);
  return kernel;
}

/// That of the data; the ends of the range are plain.
LayoutChoice keep_layout(const KernelQuery& query) {
  LayoutChoice choice{std::vector<Layout>(query.in.size(), Layout::kPlain),
                      std::vector<Layout>(query.out.size(), Layout::kPlain)};
  choice.in[0] = choice.out[0] = query.in[0].layout;
  return choice;
}

const KernelBuilder kernel = KernelBuilder("_contrib_quantized_pooling", "onednn")
                                 .refuse(refuse)
                                 .prepare(prepare)
                                 .choose_layouts(keep_layout)
                                 .priority(kLibraryPriority);

}  // namespace
}  // namespace mx::onednn
