#pragma once
// What the convolutions of inference graphs share, in float32 and in 8 bits.
#include "backend/cpu/onednn/onednn.h"
#include "ops/nn/fused.h"

namespace mx::onednn {

/// The weight as oneDNN sees it: (filters, channels, ...), or (groups, filters, channels, ...).
Shape grouped_shape(const ConvolutionParam& p, const Shape& weight);
dnnl::memory::desc grouped_desc(const ConvolutionParam& p, const TensorDesc& weight);

/// One number for each of `rank` axes: those given, or `fallback`, plus `offset`.
dnnl::memory::dims window(const Shape& given, int rank, int64_t fallback, int64_t offset);

/// The layouts that an implementation works on; the residual, the last input, lies as the output.
LayoutChoice layouts_of(const KernelQuery& query, const FusedConvolutionParam& p,
                        const dnnl::convolution_forward::primitive_desc& found);
bool has_layouts(const KernelQuery& query, const LayoutChoice& choice);

/// The implementation for the query's layouts; `describe(query, form)` asks oneDNN. Where they are
/// those that oneDNN would choose, it is the one that it chose them for: given the formats it can
/// take a slower one, because with axes of size 1 several formats are the same bytes and it knows
/// only one name of them.
template <typename Form, typename Describe>
dnnl::convolution_forward::primitive_desc describe_given(const KernelQuery& query,
                                                         const FusedConvolutionParam& p,
                                                         const Describe& describe) {
  auto wanted = describe(query, Form::kFree);
  if (wanted && has_layouts(query, layouts_of(query, p, wanted))) return wanted;
  return describe(query, Form::kGiven);
}

}  // namespace mx::onednn
