#include "ops/nn/conv/convolution.h"

#include "ops/quantization/layers.h"

namespace mx {
namespace {

const OpBuilder quantized_conv =
    quantized_layer<ConvolutionParam>("_contrib_quantized_conv")
        .doc("Convolution of int8 or uint8 data with int8 filters; sums in int32 and their range.")
        .infer_shape(
            [](ShapeContext& c) { infer_layer_shape<ConvolutionParam>(c, "Convolution"); });

}  // namespace
}  // namespace mx
