// Deconvolution by oneDNN.
#include "ops/nn/conv/deconvolution.h"

#include "backend/cpu/onednn/convolution_descs.h"
#include "backend/cpu/onednn/primitive_kernel.h"

namespace mx::onednn {
namespace {

using Desc = dnnl::memory::desc;

/// The weight as oneDNN's deconvolution has it: output channels before input channels. Our array is
/// that of the convolution in the other direction.
Desc swap_channels(const Desc& desc, bool grouped) {
  std::vector<int> axes(static_cast<size_t>(desc.get_ndims()));
  for (size_t i = 0; i < axes.size(); ++i) axes[i] = static_cast<int>(i);
  std::swap(axes[grouped ? 1 : 0], axes[grouped ? 2 : 1]);
  return desc.permute_axes(axes);
}

const char* refuse(const KernelQuery& query) {
  return refuse_convolution(query, query.in[0].dtype, true);
}

PreparedPtr prepare(const KernelQuery& query) {
  const ConvolutionSizes sizes = deconvolution_sizes(query.params.as<DeconvolutionParam>(),
                                                     query.in[0].shape, query.out[0].shape);
  // Of the convolution from our output to our data.
  const ConvolutionDescs d(sizes, query.out[0], query.in[1], query.in[0]);
  const bool has_bias = query.in.size() > 2;
  const Desc weight = swap_channels(d.weight, sizes.groups > 1);
  const Desc any_weight(weight.get_dims(), weight.get_data_type(), dnnl::memory::format_tag::any);
  const Desc bias = plain_desc(Shape{sizes.channels}, query.in[0].dtype);
  const dnnl::deconvolution_forward::primitive_desc desc(
      engine(), dnnl::prop_kind::forward_inference, dnnl::algorithm::deconvolution_direct,
      d.any_out, any_weight, has_bias ? bias : Desc(), d.any_data, d.stride, d.dilate, d.pad,
      d.pad_end, thread_safe_attr());
  auto kernel = PrimitiveKernel::of(dnnl::deconvolution_forward(desc), desc);
  kernel->input(DNNL_ARG_SRC, 0, d.out, desc.src_desc());
  kernel->input(DNNL_ARG_WEIGHTS, 1, weight, desc.weights_desc());
  if (has_bias) kernel->input(DNNL_ARG_BIAS, 2, bias, bias);
  kernel->output(DNNL_ARG_DST, 0, d.data, desc.dst_desc());
  return kernel;
}

const KernelBuilder k1 = KernelBuilder("Deconvolution", "onednn")
                             .refuse(refuse)
                             .prepare(prepare)
                             .priority(kLibraryPriority);

}  // namespace
}  // namespace mx::onednn
