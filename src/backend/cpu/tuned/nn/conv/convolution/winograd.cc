// Convolution of 3x3 windows and the gradient of its data in training graphs, by Winograd's
// algorithm. Weights change with each step, so they are transformed with each call.
#include "backend/cpu/tuned/winograd_run.h"

namespace mx::tuned {
namespace {

const char* refuse_sizes(const KernelQuery& query, const ConvolutionParam& p) {
  if (const char* reason = refuse_winograd(p)) return reason;
  if (const char* reason = refuse_convolution(query, p)) return reason;
  if (query.in[0].shape[1] % kLanes != 0) return "needs whole vectors of channels";
  return has_tiles_to_train(query.out[0].shape) ? nullptr : "has too few tiles";
}

const char* refuse(const KernelQuery& query, const ConvolutionParam& p) {
  if (const char* reason = refuse_sizes(query, p)) return reason;
  if (query.in[0].layout != query.out[0].layout || !has_channel_vectors(query.in[0]))
    return "needs channels last or in blocks of vectors";
  return query.in[1].layout == Layout::kPlain ? nullptr : "reads plain weights";
}

LayoutChoice layouts(const KernelQuery& query, const ConvolutionParam& p) {
  LayoutChoice choice{std::vector(query.in.size(), Layout::kPlain), {Layout::kPlain}};
  if (refuse_sizes(query, p)) return choice;
  choice.in[0] = choice.out[0] = query.in[0].layout == kBlocks ? kBlocks : Layout::kChannelsLast;
  return choice;
}

void run(const winograd::Problem& problem, const winograd::Weights& weights, int64_t samples,
         Workspace& scratch) {
  auto* transformed =
      scratch.get_array<float>(winograd::weight_size(problem.channels, problem.filters));
  transform_winograd_weights(weights, problem.channels, problem.filters, transformed);
  WinogradRun(problem, transformed, samples, scratch)();
}

const char* refuse_forward(const KernelQuery& query) {
  return refuse(query, query.params.as<ConvolutionParam>());
}

LayoutChoice forward_layouts(const KernelQuery& query) {
  return layouts(query, query.params.as<ConvolutionParam>());
}

void forward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<ConvolutionParam>();
  winograd::Problem problem =
      winograd_problem(in[0], out[0], element(p.pad, 0, 0), element(p.pad, 1, 0));
  if (in.size() > 2) problem.finish.bias = in[2].as<float>();
  run(problem, {in[1].as<float>(), problem.channels * 9, 9, false}, out[0].shape[0],
      *context.scratch);
}

const char* refuse_data_gradient(const KernelQuery& query) {
  return refuse(query, query.params.as<ConvolutionBackwardParam>());
}

LayoutChoice data_gradient_layouts(const KernelQuery& query) {
  return layouts(query, query.params.as<ConvolutionBackwardParam>());
}

/// A convolution of the output's gradient with the windows turned round; what was padded is cut.
void data_gradient(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<ConvolutionBackwardParam>();
  const winograd::Problem problem =
      winograd_problem(in[0], out[0], 2 - element(p.pad, 0, 0), 2 - element(p.pad, 1, 0));
  run(problem, {in[1].as<float>(), 9, problem.filters * 9, true}, out[0].shape[0],
      *context.scratch);
}

const KernelBuilder k1 = KernelBuilder("Convolution", "winograd")
                             .refuse(refuse_forward)
                             .run(forward)
                             .choose_layouts(forward_layouts)
                             .priority(kTunedPriority);
const KernelBuilder k2 = KernelBuilder("_backward_Convolution_data", "winograd")
                             .refuse(refuse_data_gradient)
                             .run(data_gradient)
                             .choose_layouts(data_gradient_layouts)
                             .priority(kTunedPriority);

}  // namespace
}  // namespace mx::tuned
