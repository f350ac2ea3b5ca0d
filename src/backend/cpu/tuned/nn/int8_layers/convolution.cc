// _int8_convolution by products of 16-bit numbers, whose sums are exact.
#include "backend/cpu/tuned/channels_last.h"
#include "backend/cpu/tuned/int8_layer.h"

namespace mx::tuned {
namespace {

const Int8ConvolutionParam& params_of(const KernelQuery& query) {
  return query.params.as<Int8ConvolutionParam>();
}

const char* refuse_sizes(const KernelQuery& query) {
  const auto& p = params_of(query);
  if (const char* reason = refuse_layer(p, query)) return reason;
  if (query.in[0].shape.ndim() != 4 || is_channels_last(p.layout)) return "takes NCHW graphs only";
  return p.num_group == 1 ? nullptr : "needs one group";
}

/// Up to so many channels a plain image is copied pixel by pixel.
constexpr int64_t kFewChannels = 4;

LayoutChoice choose_layouts(const KernelQuery& query) {
  LayoutChoice choice{std::vector(query.in.size(), Layout::kPlain), {Layout::kPlain}};
  if (refuse_sizes(query)) return choice;
  if (query.in[0].shape[1] > kFewChannels) choice.in[0] = Layout::kChannelsLast;
  choice.in[1] = pairs_layout(query.in[1].shape);
  choice.out[0] = Layout::kChannelsLast;
  if (params_of(query).with_residual) choice.in.back() = Layout::kChannelsLast;
  return choice;
}

const char* refuse(const KernelQuery& query) {
  if (const char* reason = refuse_sizes(query)) return reason;
  return refuse_other_layouts(query, choose_layouts(query));
}

void convolve(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<Int8ConvolutionParam>();
  std::vector<Tensor> inputs(in.begin(), in.end());
  inputs[1] = packed_weight(in[1], pairs_layout(in[1].shape), context, pack_pairs);
  if (p.with_residual) inputs.back() = channels_last(in.back(), *context.scratch);
  const Tensor result = room_for(out[0], *context.scratch);
  run_pairs(p, direct_sizes(p, in[0].shape, out[0].shape), in[0], image_of(result), inputs,
            {&result, 1}, *context.scratch);
  put_back(result, out[0]);
}

const KernelBuilder kernel = KernelBuilder("_int8_convolution", "pairs")
                                 .refuse(refuse)
                                 .run(convolve)
                                 .choose_layouts(choose_layouts);

const char* refuse_reorder(const KernelQuery& query) {
  const Shape& weight = query.in[0].shape;
  if (query.in[0].dtype != DType::kInt8 || query.out[0].layout < Layout::kFirstLibrary ||
      weight.ndim() < 2 || weight.size() == 0 || query.out[0].layout != pairs_layout(weight))
    return "writes weights of 8 bits packed in pairs only";
  return query.in[0].layout == Layout::kPlain ? nullptr : "reads plain weights only";
}

const KernelBuilder reorder = KernelBuilder("_reorder", "pairs")
                                  .refuse(refuse_reorder)
                                  .run(pack_pairs)
                                  .choose_layouts(keep_layouts)
                                  .priority(kTunedPriority);

}  // namespace
}  // namespace mx::tuned
