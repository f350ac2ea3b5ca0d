#pragma once
// Convolution in oneDNN's terms; shared by the forward, backward and fused kernels.
#include "backend/cpu/onednn/onednn.h"
#include "ops/nn/conv/convolution.h"

namespace mx::onednn {

/// Descriptions of the tensors of a convolution as they are (`given`) and with the format left to
/// oneDNN where it may choose (`wanted`).
struct ConvolutionDescs {
  using Desc = dnnl::memory::desc;
  Desc data, weight, bias, out;
  Desc any_data, any_weight, any_out;
  dnnl::memory::dims stride, dilate, pad, pad_end;

  /// `data_tensor` and `out_tensor` are in the operator's order of axes. Tensors that are not plain
  /// keep their format.
  ConvolutionDescs(const ConvolutionSizes& sizes, const TensorDesc& data_tensor,
                   const TensorDesc& weight_tensor, const TensorDesc& out_tensor);
};

/// Description of data or output: channels first in oneDNN's order whatever the operator's layout.
dnnl::memory::desc activation_desc(const TensorDesc& tensor, bool channels_last);
/// Description of a weight, with an axis of groups in front when there are several.
dnnl::memory::desc weight_desc(const ConvolutionSizes& sizes, const TensorDesc& tensor);

/// Same sizes and type, format left to oneDNN.
dnnl::memory::desc open_desc(const dnnl::memory::desc& desc);

/// nullptr when oneDNN convolves tensors of that dtype forwards (backwards) on this machine, else
/// the reason for refusing.
const char* refuse_convolution(const KernelQuery& query, DType dtype, bool backward);

}  // namespace mx::onednn
