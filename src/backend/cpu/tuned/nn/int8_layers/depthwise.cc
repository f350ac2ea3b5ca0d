// _int8_convolution whose groups are single channels: the numbers are multiplied as floats,
// exactly.
#include "backend/cpu/tuned/depthwise.h"

#include "backend/cpu/tuned/channels_last.h"
#include "backend/cpu/tuned/int8_layer.h"

namespace mx::tuned {
namespace {

const Int8ConvolutionParam& params_of(const KernelQuery& query) {
  return query.params.as<Int8ConvolutionParam>();
}

/// Sums of so many products of 8 bits are whole numbers below 2^24, which floats hold.
constexpr int64_t kMostTaps = 500;

/// `weight` has the shape (channels, 1, rows, columns).
Layout weight_layout(const Shape& weight) {
  static auto* layouts = new PackedLayouts;
  return layouts->of({weight[0], weight[2], weight[3]},
                     static_cast<size_t>(weight.size()) * sizeof(float));
}

const char* refuse_sizes(const KernelQuery& query) {
  const auto& p = params_of(query);
  if (const char* reason = refuse_layer(p, query)) return reason;
  const int64_t channels = query.in[0].shape[1];
  if (query.in[0].shape.ndim() != 4 || is_channels_last(p.layout)) return "takes NCHW graphs only";
  if (static_cast<int64_t>(p.num_group) != channels || query.out[0].shape[1] != channels)
    return "needs a window for each channel";
  return query.in[1].shape.size() <= kMostTaps * channels ? nullptr : "needs smaller windows";
}

LayoutChoice choose_layouts(const KernelQuery& query) {
  LayoutChoice choice{std::vector(query.in.size(), Layout::kPlain), {Layout::kPlain}};
  if (refuse_sizes(query)) return choice;
  choice.in[0] = choice.out[0] = Layout::kChannelsLast;
  choice.in[1] = weight_layout(query.in[1].shape);
  if (params_of(query).with_residual) choice.in.back() = Layout::kChannelsLast;
  return choice;
}

const char* refuse(const KernelQuery& query) {
  if (const char* reason = refuse_sizes(query)) return reason;
  return refuse_other_layouts(query, choose_layouts(query));
}

template <typename From>
void run(const Int8ConvolutionParam& p, Inputs in, Outputs out) {
  const Image image = image_of(out[0]);
  DepthwiseRun<From, WriteWhole>(direct_sizes(p, in[0].shape, out[0].shape), in[0].as<From>(),
                                 image_of(in[0]), image, in[1].as<float>(),
                                 write_of(p, in, out, image))();
}

void pack(const Params&, KernelContext&, Inputs in, Outputs out) {
  const int64_t channels = in[0].shape[0];
  pack_depthwise(in[0].as<int8_t>(), channels, in[0].size() / channels, out[0].as<float>());
}

void convolve(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<Int8ConvolutionParam>();
  std::vector<Tensor> inputs(in.begin(), in.end());
  inputs[0] = channels_last(in[0], *context.scratch);
  inputs[1] = packed_weight(in[1], weight_layout(in[1].shape), context, pack);
  if (p.with_residual) inputs.back() = channels_last(in.back(), *context.scratch);
  const Tensor result = room_for(out[0], *context.scratch);
  if (in[0].dtype == DType::kUint8)
    run<uint8_t>(p, inputs, {&result, 1});
  else
    run<int8_t>(p, inputs, {&result, 1});
  put_back(result, out[0]);
}

const KernelBuilder kernel = KernelBuilder("_int8_convolution", "depthwise")
                                 .refuse(refuse)
                                 .run(convolve)
                                 .choose_layouts(choose_layouts);

const char* refuse_reorder(const KernelQuery& query) {
  const Shape& weight = query.in[0].shape;
  if (weight.ndim() != 4 || weight.size() == 0 || weight[1] != 1 ||
      query.in[0].dtype != DType::kInt8 || query.out[0].layout < Layout::kFirstLibrary ||
      query.out[0].layout != weight_layout(weight))
    return "writes weights of 8 bits packed for single channels only";
  return query.in[0].layout == Layout::kPlain ? nullptr : "reads plain weights only";
}

const KernelBuilder reorder = KernelBuilder("_reorder", "depthwise_int8")
                                  .refuse(refuse_reorder)
                                  .run(pack)
                                  .choose_layouts(keep_layouts)
                                  .priority(kTunedPriority);

}  // namespace
}  // namespace mx::tuned
