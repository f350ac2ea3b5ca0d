// Deconvolution: the data gradient of a convolution, plus bias.
#include "ops/nn/conv/deconvolution.h"

#include "backend/cpu/convolution_loops.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

void deconvolution(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const ConvolutionSizes sizes =
      deconvolution_sizes(params.as<DeconvolutionParam>(), in[0].shape, out[0].shape);
  visit_sum_type(out[0].dtype, [&](auto tag) {
    using S = typename decltype(tag)::type;
    ChannelsFirst arrays(sizes.channels_last, *context.scratch);
    S* y = arrays.output<S>(out[0]);
    convolve_data_gradient(sizes, arrays.input<S>(in[0]), arrays.input<S>(in[1]), y);
    if (in.size() > 2) {
      const S* bias = arrays.input<S>(in[2]);
      const int64_t places = sizes.in.size();
      parallel_for(sizes.batch * sizes.channels, grain_for(0.3 * static_cast<double>(places)),
                   [&](int64_t begin, int64_t end) {
                     for (int64_t row = begin; row < end; ++row)
                       for (int64_t i = 0; i < places; ++i)
                         y[row * places + i] += bias[row % sizes.channels];
                   });
    }
    arrays.store();
  });
}

const KernelBuilder k1 = KernelBuilder("Deconvolution", "native").run(deconvolution);

}  // namespace
}  // namespace mx::cpu
