// Gradient of the weights of 3x3 convolutions in training graphs, by Winograd's algorithm.
#include "backend/cpu/tuned/winograd_gradient.h"
#include "backend/cpu/tuned/winograd_run.h"

namespace mx::tuned {
namespace {

/// Whether the products, channels times filters for each tile, are so many that they outweigh the
/// transforms of channels and filters.
bool has_many_products(int64_t channels, int64_t filters) {
  constexpr int64_t kFewest = 28;  // measured: 24 is as fast as direct products, 32 1.5 times
  return channels * filters >= kFewest * (channels + filters);
}

const char* refuse_sizes(const KernelQuery& query) {
  const auto& p = query.params.as<ConvolutionBackwardParam>();
  if (const char* reason = refuse_winograd(p)) return reason;
  if (const char* reason = refuse_weight_gradient(query, p)) return reason;
  if (!has_many_products(query.in[0].shape[1], query.in[1].shape[1]))
    return "has too few channels or filters";
  return has_tiles_to_train(query.in[1].shape) ? nullptr : "has too few tiles";
}

const char* refuse(const KernelQuery& query) {
  if (const char* reason = refuse_sizes(query)) return reason;
  if (!has_channel_vectors(query.in[0]) || !has_channel_vectors(query.in[1]))
    return "needs channels last or in blocks of vectors";
  return query.out[0].layout == Layout::kPlain ? nullptr : "writes plain weights";
}

LayoutChoice layouts(const KernelQuery& query) {
  LayoutChoice choice{std::vector(query.in.size(), Layout::kPlain),
                      std::vector(query.out.size(), Layout::kPlain)};
  if (refuse_sizes(query)) return choice;
  for (size_t i = 0; i < query.in.size(); ++i)
    choice.in[i] = has_channel_vectors(query.in[i]) ? query.in[i].layout : Layout::kChannelsLast;
  return choice;
}

/// Sums of the pixels of each filter.
void sum_pixels(const Tensor& d_out, float* d_bias) {
  const Image image = image_of(d_out);
  const int64_t samples = d_out.shape[0];
  parallel_for(d_out.shape[1] / kLanes, 1, [&](int64_t begin, int64_t end) {
    for (int64_t group = begin; group < end; ++group) {
      float sums[kLanes] = {};
      for (int64_t i = 0; i < samples * image.height; ++i) {
        const float* row = image.data + i / image.height * image.sample + group * image.group +
                           i % image.height * image.row;
        float of_row[kLanes] = {};  // sums of sums lose less to rounding
        for (int64_t x = 0; x < image.width; ++x)
          for (int64_t k = 0; k < kLanes; ++k) of_row[k] += row[x * image.pixel + k];
        for (int64_t k = 0; k < kLanes; ++k) sums[k] += of_row[k];
      }
      std::copy_n(sums, kLanes, d_bias + kLanes * group);
    }
  });
}

void run(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<ConvolutionBackwardParam>();
  const winograd::Problem problem =
      winograd_problem(in[0], in[1], element(p.pad, 0, 0), element(p.pad, 1, 0));
  if (context.wants(0))
    WinogradGradient(problem, in[1].shape[0], out[0].as<float>(), *context.scratch)();
  if (out.size() > 1 && context.wants(1)) sum_pixels(in[1], out[1].as<float>());
}

const KernelBuilder kernel = KernelBuilder("_backward_Convolution_weight", "winograd")
                                 .refuse(refuse)
                                 .run(run)
                                 .choose_layouts(layouts)
                                 .priority(kTunedPriority);

}  // namespace
}  // namespace mx::tuned
