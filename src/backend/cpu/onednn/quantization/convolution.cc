// Quantized convolution by oneDNN: sums in int32. It chooses the formats; tensors are reordered.
#include "ops/nn/conv/convolution.h"

#include "backend/cpu/onednn/convolution_descs.h"
#include "backend/cpu/onednn/primitive_kernel.h"
#include "backend/cpu/quantized_layer.h"

namespace mx::onednn {
namespace {

using Desc = dnnl::memory::desc;
using Primitive = dnnl::convolution_forward;

/// The primitive reads a bias in units of the sums, which follow from the ranges of each run.
class QuantizedConvolution final : public PrimitiveKernel {
 public:
  using PrimitiveKernel::PrimitiveKernel;
  void run(const Params& params, KernelContext& context, Inputs in, Outputs out) override {
    const cpu::LayerMagnitudes magnitudes(inputs_of(params), in);
    std::vector<Tensor> tensors(in.begin(), in.end());
    if (inputs_of(params).has_bias) {
      tensors[2].data = context.scratch->get_array<int32_t>(in[2].size());
      cpu::bias_in_sums(magnitudes, in[0], in[2], tensors[2].as<int32_t>());
    }
    PrimitiveKernel::run(params, context, tensors, out);
    cpu::set_sum_range(magnitudes, context, in, out);
  }
  static LayerInputs inputs_of(const Params& params) {
    return {!params.as<ConvolutionParam>().no_bias};
  }
};

/// Empty when oneDNN has nothing for it.
Primitive::primitive_desc ask(const KernelQuery& query, const ConvolutionDescs& d) {
  const auto& p = query.params.as<ConvolutionParam>();
  const Desc bias = p.no_bias ? Desc() : plain_desc(query.in[2].shape, DType::kInt32);
  return Primitive::primitive_desc(engine(), dnnl::prop_kind::forward_inference,
                                   dnnl::algorithm::convolution_direct, d.any_data, d.any_weight,
                                   bias, d.any_out, d.stride, d.dilate, d.pad, d.pad_end,
                                   thread_safe_attr(), true);
}

ConvolutionDescs descs_of(const KernelQuery& query) {
  const auto& p = query.params.as<ConvolutionParam>();
  const ConvolutionSizes sizes = convolution_sizes(p, query.in[0].shape, query.out[0].shape);
  return {sizes, query.in[0], query.in[1], query.out[0]};
}

const char* refuse(const KernelQuery& query) {
  if (const char* reason = refuse_8_bits()) return reason;
  for (const auto* list : {&query.in, &query.out})
    for (const TensorDesc& tensor : *list)
      for (int64_t dim : tensor.shape)
        if (dim == 0) return "works on tensors with elements only";
  const auto desc = ask(query, descs_of(query));
  return desc && !std::string_view(desc.impl_info_str()).starts_with("ref")
             ? nullptr
             : "has no implementation for these sizes";
}

PreparedPtr prepare(const KernelQuery& query) {
  const ConvolutionDescs d = descs_of(query);
  const auto desc = ask(query, d);
  auto kernel = std::make_shared<QuantizedConvolution>(dnnl::convolution_forward(desc),
                                                       desc.scratchpad_desc());
  kernel->input(DNNL_ARG_SRC, 0, d.data, desc.src_desc());
  kernel->input(DNNL_ARG_WEIGHTS, 1, d.weight, desc.weights_desc());
  if (!query.params.as<ConvolutionParam>().no_bias)
    kernel->input(DNNL_ARG_BIAS, 2, desc.bias_desc(), desc.bias_desc());
  kernel->output(DNNL_ARG_DST, 0, d.out, desc.dst_desc());
  return kernel;
}

const KernelBuilder kernel = KernelBuilder("_contrib_quantized_conv", "onednn")
                                 .refuse(refuse)
                                 .prepare(prepare)
                                 .priority(kLibraryPriority);

}  // namespace
}  // namespace mx::onednn
