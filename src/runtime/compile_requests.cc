#include "runtime/compile_requests.h"

#include <algorithm>

#include "base/env.h"
#include "dispatch/anomaly.h"
#include "passes/split_constants.h"
#include "runtime/bound_graph.h"

namespace mx {
namespace {

DType inference_dtype() {
  const std::string name = env::text("REMX_INFERENCE_DTYPE");
  if (name == "bfloat16") return DType::kBfloat16;
  require(name == "float32", "environment: REMX_INFERENCE_DTYPE=", name,
          " is not known; expected float32 or bfloat16");
  return DType::kFloat32;
}

/// Numbers of the inputs that only serve as parameters of layers.
std::vector<size_t> parameter_numbers(const Symbol& symbol, const std::vector<NodePtr>& inputs) {
  const auto parameters = parameter_variables(symbol.outputs());
  std::vector<size_t> numbers;
  for (size_t i = 0; i < inputs.size(); ++i)
    if (parameters.count(inputs[i].get())) numbers.push_back(i);
  return numbers;
}

}  // namespace

CompileOptions compile_options(Device device, bool is_train) {
  CompileOptions options;
  options.device = device;
  options.is_train = is_train;
  options.inplace = env::flag("MXNET_EXEC_ENABLE_INPLACE");
  options.share = env::flag("MXNET_EXEC_MEMORY_SHARING");
  return options;
}

InferenceRequest inference_request(const Symbol& symbol, const GraphInputs& inputs,
                                   const GraphTypes& types, Device device, bool fuse) {
  InferenceRequest request;
  request.symbol = symbol;
  request.inputs = variables_of(inputs);
  request.types = source_types(types);
  request.options = compile_options(device, false);
  request.parameters = parameter_numbers(symbol, request.inputs);
  request.fuse = fuse && !anomaly::is_on() && env::text("MXNET_SUBGRAPH_BACKEND") != "NONE" &&
                 device.is_host();
  request.dtype = inference_dtype();
  return request;
}

bool wants_recomputation(const GraphTypes& types) {
  if (env::text("MXNET_BACKWARD_DO_MIRROR") != "auto") return env::flag("MXNET_BACKWARD_DO_MIRROR");
  constexpr int64_t kLargeBytes = int64_t{256} << 20;
  int64_t bytes = 0;
  for (Node* node : types.order())
    if (!node->is_variable())
      bytes += types.at(node, 0).shape.size() * dtype_size(types.at(node, 0).dtype);
  return bytes > kLargeBytes;
}

}  // namespace mx
