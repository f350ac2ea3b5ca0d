#pragma once
#include "ops/nn/conv/convolution.h"

namespace mx {

/// Convolution's parameters; `pad` cuts the output, `adj` lengthens it.
struct DeconvolutionParam : ConvolutionParam {
  Shape adj = Shape({});
  Shape target_shape = Shape({});

  DeconvolutionParam() {
    no_bias = true;
    workspace = 512;
  }
  static void describe(ParamBuilder<DeconvolutionParam>& fields);
  void validate(std::string_view op) const;
};

/// The convolution whose data gradient a deconvolution is: from `out` to `data` (both in the order
/// of the layout). Its filters are the deconvolution's input channels.
ConvolutionSizes deconvolution_sizes(const DeconvolutionParam& param, const Shape& data,
                                     const Shape& out);

}  // namespace mx
