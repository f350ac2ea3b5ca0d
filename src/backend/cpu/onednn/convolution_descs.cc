#include "backend/cpu/onednn/convolution_descs.h"

namespace mx::onednn {
namespace {

using Desc = dnnl::memory::desc;
using Tag = dnnl::memory::format_tag;

/// Share of the work that blocks of 16 channels would spend on padding, as work / useful work.
double padded_work(const ConvolutionSizes& s) {
  const auto padding = [](int64_t n) {
    return static_cast<double>((n + 15) / 16 * 16) / static_cast<double>(n);
  };
  return padding(s.channels) * padding(s.filters);
}

/// oneDNN asks for blocks of channels where it may choose. When many channels would be padding,
/// channels last are faster (measured with AVX-512: 20 -> 50 channels, 1.6 times); a first layer
/// of few channels has kernels of its own.
bool prefers_channels_last(const ConvolutionSizes& s) {
  return s.groups == 1 && s.channels > 4 && padded_work(s) > 1.3;
}

/// Same sizes and type, channels innermost.
Desc channels_last(const Desc& desc) {
  const dnnl::memory::dims sizes = desc.get_dims();
  dnnl::memory::dims strides(sizes.size());
  int64_t step = sizes[1];
  strides[1] = 1;
  for (size_t i = sizes.size() - 1; i >= 2; --i) strides[i] = step, step *= sizes[i];
  strides[0] = step;
  return Desc(sizes, desc.get_data_type(), strides);
}

}  // namespace

Desc open_desc(const Desc& desc) { return Desc(desc.get_dims(), desc.get_data_type(), Tag::any); }

Desc activation_desc(const TensorDesc& tensor, bool channels_last) {
  if (!channels_last || tensor.layout != Layout::kPlain) return desc_of(tensor);
  const Shape first = to_channels_first(tensor.shape, true);
  std::vector<int64_t> strides = contiguous_strides(tensor.shape);
  strides.insert(strides.begin() + 1, strides.back());
  strides.pop_back();
  return Desc(dims(first), data_type(tensor.dtype), strides);
}

Desc weight_desc(const ConvolutionSizes& sizes, const TensorDesc& tensor) {
  if (tensor.layout != Layout::kPlain) return desc_of(tensor);
  Shape shape = to_channels_first(tensor.shape, sizes.channels_last);
  std::vector<int64_t> strides = contiguous_strides(tensor.shape);
  if (sizes.channels_last) {
    strides.insert(strides.begin() + 1, strides.back());
    strides.pop_back();
  }
  if (sizes.groups == 1) return Desc(dims(shape), data_type(tensor.dtype), strides);
  std::vector<int64_t> grouped{sizes.groups, shape[0] / sizes.groups};
  grouped.insert(grouped.end(), shape.begin() + 1, shape.end());
  strides.insert(strides.begin(), strides[0] * grouped[1]);
  return Desc(grouped, data_type(tensor.dtype), strides);
}

ConvolutionDescs::ConvolutionDescs(const ConvolutionSizes& sizes, const TensorDesc& data_tensor,
                                   const TensorDesc& weight_tensor, const TensorDesc& out_tensor)
    : data(activation_desc(data_tensor, sizes.channels_last)),
      weight(weight_desc(sizes, weight_tensor)),
      bias(plain_desc(Shape{sizes.filters}, weight_tensor.dtype)),
      out(activation_desc(out_tensor, sizes.channels_last)) {
  const auto is_open = [&](const TensorDesc& t) {
    return t.layout == Layout::kPlain && !sizes.channels_last;
  };
  const auto choose = prefers_channels_last(sizes) ? channels_last : open_desc;
  any_data = is_open(data_tensor) ? choose(data) : data;
  any_out = is_open(out_tensor) ? choose(out) : out;
  any_weight = weight_tensor.layout == Layout::kPlain ? open_desc(weight) : weight;
  for (int i = 0; i < sizes.rank; ++i) {
    stride.push_back(sizes.stride[i]);
    dilate.push_back(sizes.dilate[i] - 1);
    pad.push_back(sizes.pad[i]);
    const int64_t window = dilated(sizes.kernel[i], sizes.dilate[i]);
    pad_end.push_back((sizes.out[i] - 1) * sizes.stride[i] + window - sizes.in[i] - sizes.pad[i]);
  }
}

namespace {

/// Whether a small convolution of that type can be made.
bool can_convolve(dnnl::memory::data_type type, bool backward) {
  using dnnl::convolution_backward_data;
  using dnnl::convolution_forward;
  const Desc data({1, 16, 4, 4}, type, Tag::any), weight({16, 16, 1, 1}, type, Tag::any);
  try {
    const auto algorithm = dnnl::algorithm::convolution_direct;
    const dnnl::memory::dims one{1, 1}, zero{0, 0};
    const convolution_forward::primitive_desc forward(engine(), dnnl::prop_kind::forward_training,
                                                      algorithm, data, weight, data, one, zero,
                                                      zero, zero);
    if (std::string_view(forward.impl_info_str()).starts_with("ref")) return false;
    if (!backward) return true;
    const convolution_backward_data::primitive_desc back(engine(), algorithm, data, weight, data,
                                                         one, zero, zero, zero, forward);
    return !std::string_view(back.impl_info_str()).starts_with("ref");
  } catch (const dnnl::error&) {
    return false;
  }
}

}  // namespace

const char* refuse_convolution(const KernelQuery& query, DType dtype, bool backward) {
  using Type = dnnl::memory::data_type;
  static const bool bf16[] = {can_convolve(Type::bf16, false), can_convolve(Type::bf16, true)};
  static const bool f16[] = {can_convolve(Type::f16, false), can_convolve(Type::f16, true)};
  const bool known = dtype == DType::kFloat32 || (dtype == DType::kBfloat16 && bf16[backward]) ||
                     (dtype == DType::kFloat16 && f16[backward]);
  if (!known) return "has no convolution of that dtype";
  for (const auto* list : {&query.in, &query.out})
    for (const TensorDesc& tensor : *list)
      for (int64_t dim : tensor.shape)
        if (dim == 0) return "works on tensors with elements only";
  return nullptr;
}

}  // namespace mx::onednn
