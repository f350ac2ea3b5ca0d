// Convolution and its gradients by oneDNN. It chooses the formats; plain tensors are reordered.
#include "ops/nn/conv/convolution.h"

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

/// A plain tensor of that shape and type, whose format oneDNN may choose.
TensorDesc plain(const TensorDesc& tensor) { return {tensor.shape, tensor.dtype}; }

/// Which of the three tensors are what in the operators' inputs and outputs.
struct Roles {
  const TensorDesc &data, &weight, &out;

  ConvolutionDescs descs(const ConvolutionParam& p) const {
    return {convolution_sizes(p, data.shape, out.shape), data, weight, out};
  }
  ConvolutionDescs open_descs(const ConvolutionParam& p) const {
    return {convolution_sizes(p, data.shape, out.shape), plain(data), plain(weight), plain(out)};
  }
};

/// The layout for a tensor that oneDNN wants in that format. Operators whose own layout is channels
/// last keep plain tensors.
Layout wanted_layout(const ConvolutionParam& p, const Desc& format, const TensorDesc& tensor) {
  if (is_channels_last(p.layout)) return Layout::kPlain;
  return layout_of(format, tensor.shape, tensor.dtype);
}

Roles forward_roles(const KernelQuery& q) { return {q.in[0], q.in[1], q.out[0]}; }
Roles data_gradient_roles(const KernelQuery& q) { return {q.out[0], q.in[1], q.in[0]}; }
Roles weight_gradient_roles(const KernelQuery& q) { return {q.in[0], q.out[0], q.in[1]}; }

const char* refuse_forward(const KernelQuery& query) {
  return refuse_convolution(query, query.in[0].dtype, false);
}

PreparedPtr prepare_forward(const KernelQuery& query) {
  const ConvolutionDescs d = forward_roles(query).descs(query.params.as<ConvolutionParam>());
  const bool has_bias = query.in.size() > 2;
  const auto desc = forward_desc(d, has_bias, query.is_train);
  auto kernel = PrimitiveKernel::of(dnnl::convolution_forward(desc), desc);
  kernel->input(DNNL_ARG_SRC, 0, d.data, desc.src_desc());
  kernel->input(DNNL_ARG_WEIGHTS, 1, d.weight, desc.weights_desc());
  if (has_bias) kernel->input(DNNL_ARG_BIAS, 2, d.bias, d.bias);
  kernel->output(DNNL_ARG_DST, 0, d.out, desc.dst_desc());
  return kernel;
}

/// Whether there is an implementation that is more than a reference.
template <typename PrimitiveDesc>
bool is_fast(const PrimitiveDesc& desc) {
  return desc && !std::string_view(desc.impl_info_str()).starts_with("ref");
}

LayoutChoice all_plain(const KernelQuery& query) {
  return {std::vector(query.in.size(), Layout::kPlain),
          std::vector(query.out.size(), Layout::kPlain)};
}

/// A weight that changes with each step stays plain.
LayoutChoice forward_layouts(const KernelQuery& query) {
  const auto& p = query.params.as<ConvolutionParam>();
  LayoutChoice choice = all_plain(query);
  if (refuse_forward(query)) return choice;
  const Roles roles = forward_roles(query);
  const ConvolutionDescs d = roles.open_descs(p);
  const auto desc = forward_desc(d, query.in.size() > 2, query.is_train);
  choice.in[0] = wanted_layout(p, desc.src_desc(), roles.data);
  choice.out[0] = wanted_layout(p, desc.dst_desc(), roles.out);
  if (!query.is_train && desc.weights_desc() != d.weight)
    choice.in[1] = wanted_layout(p, desc.weights_desc(), roles.weight);
  return choice;
}

const char* refuse_backward(const KernelQuery& query) {
  return refuse_convolution(query, query.in[0].dtype, true);
}

/// The hint that backward primitives want: any forward convolution of these sizes.
dnnl::convolution_forward::primitive_desc hint_desc(ConvolutionDescs d, bool has_bias) {
  d.any_data = open_desc(d.data);
  d.any_out = open_desc(d.out);
  return forward_desc(d, has_bias, true);
}

using DataGradient = dnnl::convolution_backward_data::primitive_desc;
using WeightGradient = dnnl::convolution_backward_weights::primitive_desc;

/// Empty when oneDNN has nothing for these formats.
DataGradient data_gradient_desc(const ConvolutionDescs& d) {
  return DataGradient(engine(), kAlgorithm, d.any_data, d.any_weight, d.any_out, d.stride, d.dilate,
                      d.pad, d.pad_end, hint_desc(d, false), thread_safe_attr(), true);
}

PreparedPtr prepare_data_gradient(const KernelQuery& query) {
  const auto& p = query.params.as<ConvolutionBackwardParam>();
  const ConvolutionDescs d = data_gradient_roles(query).descs(p);
  auto desc = data_gradient_desc(d);
  if (!desc) desc = data_gradient_desc(data_gradient_roles(query).open_descs(p));
  auto kernel = PrimitiveKernel::of(dnnl::convolution_backward_data(desc), desc);
  kernel->input(DNNL_ARG_DIFF_DST, 0, d.out, desc.diff_dst_desc());
  kernel->input(DNNL_ARG_WEIGHTS, 1, d.weight, desc.weights_desc());
  kernel->output(DNNL_ARG_DIFF_SRC, 0, d.data, desc.diff_src_desc());
  return kernel;
}

LayoutChoice data_gradient_layouts(const KernelQuery& query) {
  const auto& p = query.params.as<ConvolutionBackwardParam>();
  if (refuse_backward(query)) return all_plain(query);
  const Roles roles = data_gradient_roles(query);
  auto desc = data_gradient_desc(roles.descs(p));
  if (!is_fast(desc)) desc = data_gradient_desc(roles.open_descs(p));
  return {{wanted_layout(p, desc.diff_dst_desc(), roles.out), Layout::kPlain},
          {wanted_layout(p, desc.diff_src_desc(), roles.data)}};
}

WeightGradient weight_gradient_desc(const ConvolutionDescs& d, bool has_bias) {
  return WeightGradient(engine(), kAlgorithm, d.any_data, d.any_weight, has_bias ? d.bias : Desc(),
                        d.any_out, d.stride, d.dilate, d.pad, d.pad_end, hint_desc(d, has_bias),
                        thread_safe_attr(), true);
}

PreparedPtr prepare_weight_gradient(const KernelQuery& query) {
  const auto& p = query.params.as<ConvolutionBackwardParam>();
  const ConvolutionDescs d = weight_gradient_roles(query).descs(p);
  const bool has_bias = query.out.size() > 1;
  auto desc = weight_gradient_desc(d, has_bias);
  if (!desc) desc = weight_gradient_desc(weight_gradient_roles(query).open_descs(p), has_bias);
  auto kernel = PrimitiveKernel::of(dnnl::convolution_backward_weights(desc), desc);
  kernel->input(DNNL_ARG_SRC, 0, d.data, desc.src_desc());
  kernel->input(DNNL_ARG_DIFF_DST, 1, d.out, desc.diff_dst_desc());
  kernel->output(DNNL_ARG_DIFF_WEIGHTS, 0, d.weight, desc.diff_weights_desc());
  if (has_bias) kernel->output(DNNL_ARG_DIFF_BIAS, 1, d.bias, d.bias);
  return kernel;
}

LayoutChoice weight_gradient_layouts(const KernelQuery& query) {
  const auto& p = query.params.as<ConvolutionBackwardParam>();
  if (refuse_backward(query)) return all_plain(query);
  const Roles roles = weight_gradient_roles(query);
  const bool has_bias = query.out.size() > 1;
  auto desc = weight_gradient_desc(roles.descs(p), has_bias);
  if (!is_fast(desc)) desc = weight_gradient_desc(roles.open_descs(p), has_bias);
  return {{wanted_layout(p, desc.src_desc(), roles.data),
           wanted_layout(p, desc.diff_dst_desc(), roles.out)},
          std::vector(query.out.size(), Layout::kPlain)};
}

const KernelBuilder k1 = KernelBuilder("Convolution", "onednn")
                             .refuse(refuse_forward)
                             .prepare(prepare_forward)
                             .choose_layouts(forward_layouts)
                             .priority(kLibraryPriority);
const KernelBuilder k2 = KernelBuilder("_backward_Convolution_data", "onednn")
                             .refuse(refuse_backward)
                             .prepare(prepare_data_gradient)
                             .choose_layouts(data_gradient_layouts)
                             .priority(kLibraryPriority);
const KernelBuilder k3 = KernelBuilder("_backward_Convolution_weight", "onednn")
                             .refuse(refuse_backward)
                             .prepare(prepare_weight_gradient)
                             .choose_layouts(weight_gradient_layouts)
                             .priority(kLibraryPriority);

}  // namespace
}  // namespace mx::onednn
