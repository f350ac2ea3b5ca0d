// Quantized convolution on any CPU, for every layout.
#include "ops/nn/conv/convolution.h"

#include "backend/cpu/convolution_loops.h"
#include "backend/cpu/quantized_layer.h"

namespace mx::cpu {
namespace {

void quantized_conv(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<ConvolutionParam>();
  const LayerInputs inputs{!p.no_bias};
  const LayerMagnitudes magnitudes(inputs, in);
  const ConvolutionSizes sizes = convolution_sizes(p, in[0].shape, out[0].shape);
  ChannelsFirst arrays(sizes.channels_last, *context.scratch);
  int64_t* bias = nullptr;
  if (inputs.has_bias) {
    bias = context.scratch->get_array<int64_t>(in[2].size());
    bias_in_sums(magnitudes, in[0], in[2], bias);
  }
  convolve(sizes, arrays.input<int64_t>(in[0]), arrays.input<int64_t>(in[1]), bias,
           arrays.output<int64_t>(out[0]));
  arrays.store();
  set_sum_range(magnitudes, context, in, out);
}

const KernelBuilder kernel = KernelBuilder("_contrib_quantized_conv", "native").run(quantized_conv);

}  // namespace
}  // namespace mx::cpu
