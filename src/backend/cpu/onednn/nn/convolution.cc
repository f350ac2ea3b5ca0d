// Convolution and its gradients by oneDNN. It chooses the formats; plain tensors are reordered.
#include "ops/nn/convolution.h"

#include "backend/cpu/onednn/convolution_descs.h"
#include "backend/cpu/onednn/primitive_kernel.h"

namespace mx::onednn {
namespace {

using Desc = dnnl::memory::desc;
constexpr auto kAlgorithm = dnnl::algorithm::convolution_direct;

dnnl::convolution_forward::primitive_desc forward_desc(const ConvolutionDescs& d, bool has_bias,
                                                       bool is_train) {
  const auto kind =
      is_train ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
  return {engine(),  kind,     kAlgorithm, d.any_data, d.any_weight, has_bias ? d.bias : Desc(),
          d.any_out, d.stride, d.dilate,   d.pad,      d.pad_end,    thread_safe_attr()};
}

ConvolutionDescs forward_descs(const KernelQuery& query) {
  const ConvolutionSizes sizes =
      convolution_sizes(query.params.as<ConvolutionParam>(), query.in[0].shape, query.out[0].shape);
  return {sizes, query.in[0], query.in[1], query.out[0]};
}

const char* refuse_forward(const KernelQuery& query) {
  return refuse_convolution(query, query.in[0].dtype, false);
}

PreparedPtr prepare_forward(const KernelQuery& query) {
  const ConvolutionDescs d = forward_descs(query);
  const bool has_bias = query.in.size() > 2;
  const auto desc = forward_desc(d, has_bias, query.is_train);
  auto kernel = PrimitiveKernel::of(dnnl::convolution_forward(desc), desc);
  kernel->input(DNNL_ARG_SRC, 0, d.data, desc.src_desc());
  kernel->input(DNNL_ARG_WEIGHTS, 1, d.weight, desc.weights_desc());
  if (has_bias) kernel->input(DNNL_ARG_BIAS, 2, d.bias, d.bias);
  kernel->output(DNNL_ARG_DST, 0, d.out, desc.dst_desc());
  return kernel;
}

const char* refuse_data_gradient(const KernelQuery& query) {
  return refuse_convolution(query, query.in[0].dtype, true);
}

PreparedPtr prepare_data_gradient(const KernelQuery& query) {
  const ConvolutionSizes sizes = convolution_sizes(query.params.as<ConvolutionBackwardParam>(),
                                                   query.out[0].shape, query.in[0].shape);
  const ConvolutionDescs d(sizes, query.out[0], query.in[1], query.in[0]);
  const dnnl::convolution_backward_data::primitive_desc desc(
      engine(), kAlgorithm, d.any_data, d.any_weight, d.any_out, d.stride, d.dilate, d.pad,
      d.pad_end, forward_desc(d, false, true), thread_safe_attr());
  auto kernel = PrimitiveKernel::of(dnnl::convolution_backward_data(desc), desc);
  kernel->input(DNNL_ARG_DIFF_DST, 0, d.out, desc.diff_dst_desc());
  kernel->input(DNNL_ARG_WEIGHTS, 1, d.weight, desc.weights_desc());
  kernel->output(DNNL_ARG_DIFF_SRC, 0, d.data, desc.diff_src_desc());
  return kernel;
}

PreparedPtr prepare_weight_gradient(const KernelQuery& query) {
  const ConvolutionSizes sizes = convolution_sizes(query.params.as<ConvolutionBackwardParam>(),
                                                   query.in[0].shape, query.in[1].shape);
  const ConvolutionDescs d(sizes, query.in[0], query.out[0], query.in[1]);
  const bool has_bias = query.out.size() > 1;
  const dnnl::convolution_backward_weights::primitive_desc desc(
      engine(), kAlgorithm, d.any_data, d.any_weight, has_bias ? d.bias : Desc(), d.any_out,
      d.stride, d.dilate, d.pad, d.pad_end, forward_desc(d, has_bias, true), thread_safe_attr());
  auto kernel = PrimitiveKernel::of(dnnl::convolution_backward_weights(desc), desc);
  kernel->input(DNNL_ARG_SRC, 0, d.data, desc.src_desc());
  kernel->input(DNNL_ARG_DIFF_DST, 1, d.out, desc.diff_dst_desc());
  kernel->output(DNNL_ARG_DIFF_WEIGHTS, 0, d.weight, desc.diff_weights_desc());
  if (has_bias) kernel->output(DNNL_ARG_DIFF_BIAS, 1, d.bias, d.bias);
  return kernel;
}

const KernelBuilder k1 = KernelBuilder("Convolution", "onednn")
                             .refuse(refuse_forward)
                             .prepare(prepare_forward)
                             .priority(kLibraryPriority);
const KernelBuilder k2 = KernelBuilder("_backward_Convolution_data", "onednn")
                             .refuse(refuse_data_gradient)
                             .prepare(prepare_data_gradient)
                             .priority(kLibraryPriority);
const KernelBuilder k3 = KernelBuilder("_backward_Convolution_weight", "onednn")
                             .refuse(refuse_data_gradient)
                             .prepare(prepare_weight_gradient)
                             .priority(kLibraryPriority);

}  // namespace
}  // namespace mx::onednn
