// Convolution and its gradients for every dtype and layout.
#include "ops/nn/conv/convolution.h"

#include "backend/cpu/convolution_loops.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

void convolution(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const ConvolutionSizes sizes =
      convolution_sizes(params.as<ConvolutionParam>(), in[0].shape, out[0].shape);
  visit_sum_type(out[0].dtype, [&](auto tag) {
    using S = typename decltype(tag)::type;
    ChannelsFirst arrays(sizes.channels_last, *context.scratch);
    const S* bias = in.size() > 2 ? arrays.input<S>(in[2]) : nullptr;
    convolve(sizes, arrays.input<S>(in[0]), arrays.input<S>(in[1]), bias, arrays.output<S>(out[0]));
    arrays.store();
  });
}

void data_gradient(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const ConvolutionSizes sizes =
      convolution_sizes(params.as<ConvolutionBackwardParam>(), out[0].shape, in[0].shape);
  visit_sum_type(out[0].dtype, [&](auto tag) {
    using S = typename decltype(tag)::type;
    ChannelsFirst arrays(sizes.channels_last, *context.scratch);
    convolve_data_gradient(sizes, arrays.input<S>(in[0]), arrays.input<S>(in[1]),
                           arrays.output<S>(out[0]));
    arrays.store();
  });
}

void weight_gradient(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const ConvolutionSizes sizes =
      convolution_sizes(params.as<ConvolutionBackwardParam>(), in[0].shape, in[1].shape);
  visit_sum_type(out[0].dtype, [&](auto tag) {
    using S = typename decltype(tag)::type;
    ChannelsFirst arrays(sizes.channels_last, *context.scratch);
    S* d_bias = out.size() > 1 && context.wants(1) ? arrays.output<S>(out[1]) : nullptr;
    convolve_weight_gradient(sizes, arrays.input<S>(in[0]), arrays.input<S>(in[1]),
                             arrays.output<S>(out[0]), d_bias);
    arrays.store();
  });
}

const KernelBuilder k1 = KernelBuilder("Convolution", "native").run(convolution);
const KernelBuilder k2 = KernelBuilder("_backward_Convolution_data", "native").run(data_gradient);
const KernelBuilder k3 =
    KernelBuilder("_backward_Convolution_weight", "native").run(weight_gradient);

}  // namespace
}  // namespace mx::cpu
