#include "ops/nn/fully_connected.h"

#include "ops/quantization/layers.h"

namespace mx {
namespace {

const OpBuilder quantized_fully_connected =
    quantized_layer<FullyConnectedParam>("_contrib_quantized_fully_connected")
        .doc(
            "FullyConnected of int8 or uint8 data and int8 weights; sums in int32 and their range.")
        .infer_shape(
            [](ShapeContext& c) { infer_layer_shape<FullyConnectedParam>(c, "FullyConnected"); });

}  // namespace
}  // namespace mx
