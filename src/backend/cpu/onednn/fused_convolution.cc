#include "backend/cpu/onednn/fused_convolution.h"

namespace mx::onednn {

Shape grouped_shape(const ConvolutionParam& p, const Shape& weight) {
  if (p.num_group == 1) return weight;
  Shape grouped{static_cast<int64_t>(p.num_group), weight[0] / static_cast<int64_t>(p.num_group)};
  for (int i = 1; i < weight.ndim(); ++i) grouped.push_back(weight[i]);
  return grouped;
}

dnnl::memory::desc grouped_desc(const ConvolutionParam& p, const TensorDesc& weight) {
  if (weight.layout != Layout::kPlain) return desc_of(weight);
  return plain_desc(grouped_shape(p, weight.shape), weight.dtype);
}

dnnl::memory::dims window(const Shape& given, int rank, int64_t fallback, int64_t offset) {
  dnnl::memory::dims result(static_cast<size_t>(rank), fallback + offset);
  for (int i = 0; i < given.ndim(); ++i) result[static_cast<size_t>(i)] = given[i] + offset;
  return result;
}

LayoutChoice layouts_of(const KernelQuery& query, const FusedConvolutionParam& p,
                        const dnnl::convolution_forward::primitive_desc& found) {
  LayoutChoice choice;
  choice.in.assign(query.in.size(), Layout::kPlain);
  choice.in[0] = layout_of(found.src_desc(), query.in[0].shape, query.in[0].dtype);
  choice.in[1] = layout_of(found.weights_desc(), query.in[1].shape, query.in[1].dtype);
  choice.out.push_back(layout_of(found.dst_desc(), query.out[0].shape, query.out[0].dtype));
  if (p.with_residual) choice.in.back() = choice.out[0];
  return choice;
}

bool has_layouts(const KernelQuery& query, const LayoutChoice& choice) {
  const auto same = [](std::span<const TensorDesc> tensors, const std::vector<Layout>& layouts) {
    for (size_t i = 0; i < tensors.size(); ++i)
      if (tensors[i].layout != layouts[i]) return false;
    return true;
  };
  return same(query.in, choice.in) && same(query.out, choice.out);
}

}  // namespace mx::onednn
