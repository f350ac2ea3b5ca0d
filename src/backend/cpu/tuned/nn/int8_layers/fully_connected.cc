// _int8_fully_connected by products of 16-bit numbers, whose sums are exact.
#include "backend/cpu/tuned/int8_layer.h"

namespace mx::tuned {
namespace {

const Int8FullyConnectedParam& params_of(const KernelQuery& query) {
  return query.params.as<Int8FullyConnectedParam>();
}

LayoutChoice choose_layouts(const KernelQuery& query) {
  LayoutChoice choice{std::vector(query.in.size(), Layout::kPlain), {Layout::kPlain}};
  if (!refuse_layer(params_of(query), query)) choice.in[1] = pairs_layout(query.in[1].shape);
  return choice;
}

const char* refuse(const KernelQuery& query) {
  if (const char* reason = refuse_layer(params_of(query), query)) return reason;
  return refuse_other_layouts(query, choose_layouts(query));
}

/// Rows are the pixels of one image of one line, whose channels are the features.
void multiply(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const int64_t filters = in[1].shape[0], features = in[1].shape[1];
  const int64_t rows = in[0].size() / features;
  const auto as_image = [&](Tensor tensor, int64_t channels) {
    tensor.shape = Shape{1, channels, 1, rows};
    tensor.layout = Layout::kChannelsLast;
    return tensor;
  };
  const DirectSizes sizes{1, features, filters, {1, rows}, {1, rows}, {1, 1}, {1, 1}, {1, 1}, {}};
  std::vector<Tensor> inputs(in.begin(), in.end());
  inputs[1] = packed_weight(in[1], pairs_layout(in[1].shape), context, pack_pairs);
  run_pairs(params.as<Int8FullyConnectedParam>(), sizes, as_image(in[0], features),
            image_of(as_image(out[0], filters)), inputs, out, *context.scratch);
}

const KernelBuilder kernel = KernelBuilder("_int8_fully_connected", "pairs")
                                 .refuse(refuse)
                                 .run(multiply)
                                 .choose_layouts(choose_layouts);

}  // namespace
}  // namespace mx::tuned
