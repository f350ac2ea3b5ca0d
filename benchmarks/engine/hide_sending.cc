// How much of the time of sending gradients is hidden behind the backward pass of ResNet-18: a
// store that takes a fixed time for each gradient, in the communication lane.
//
//   cmake --build build/release --target hide_sending && build/release/benchmarks/hide_sending
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "engine/engine.h"
#include "ir/infer_graph.h"
#include "runtime/executor.h"

namespace mx {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int64_t kBatch = 8, kImage = 112;

Symbol apply(const char* op, const AttrMap& attrs, const std::string& name,
             const std::vector<Symbol>& inputs) {
  return Symbol::create(get_op(op), attrs, name, inputs, {});
}

Symbol convolution(const Symbol& x, const std::string& name, int filters, int kernel, int stride) {
  const auto pair = [](int n) { return "(" + std::to_string(n) + ", " + std::to_string(n) + ")"; };
  return apply("Convolution",
               {{"kernel", pair(kernel)},
                {"stride", pair(stride)},
                {"pad", pair(kernel / 2)},
                {"num_filter", std::to_string(filters)},
                {"no_bias", "True"}},
               name, {x});
}

Symbol norm_and_relu(const Symbol& x, const std::string& name) {
  const Symbol norm = apply("BatchNorm", {{"fix_gamma", "False"}}, name + "_bn", {x});
  return apply("Activation", {{"act_type", "relu"}}, name + "_relu", {norm});
}

Symbol block(const Symbol& x, const std::string& name, int filters, int stride, bool projects) {
  const Symbol begin = norm_and_relu(x, name + "_a");
  Symbol y = convolution(begin, name + "_conv1", filters, 3, stride);
  y = convolution(norm_and_relu(y, name + "_b"), name + "_conv2", filters, 3, 1);
  const Symbol shortcut = projects ? convolution(begin, name + "_project", filters, 1, stride) : x;
  return apply("elemwise_add", {}, name + "_sum", {y, shortcut});
}

Symbol resnet_18() {
  Symbol x = norm_and_relu(convolution(Symbol::variable("data"), "conv0", 64, 7, 2), "first");
  x = apply("Pooling",
            {{"kernel", "(3, 3)"}, {"stride", "(2, 2)"}, {"pad", "(1, 1)"}, {"pool_type", "max"}},
            "pool0", {x});
  for (int stage = 0; stage < 4; ++stage)
    for (int i = 0; i < 2; ++i)
      x = block(x, "stage" + std::to_string(stage) + "_" + std::to_string(i), 64 << stage,
                stage > 0 && i == 0 ? 2 : 1, i == 0);
  x = apply("Pooling", {{"kernel", "(1, 1)"}, {"global_pool", "True"}, {"pool_type", "avg"}},
            "pool1", {norm_and_relu(x, "last")});
  x = apply("FullyConnected", {{"num_hidden", "1000"}}, "fc", {x});
  return apply("SoftmaxOutput", {}, "softmax", {x});
}

NDArray filled(const Shape& shape, float value) {
  const NDArray array(shape, DType::kFloat32);
  const std::vector<float> values(static_cast<size_t>(shape.size()), value);
  array.copy_from_host(values.data());
  return array;
}

std::shared_ptr<Executor> bind_resnet() {
  const Symbol symbol = resnet_18();
  const GraphInputs inputs = graph_inputs(symbol.outputs());
  GraphTypes types(symbol.outputs());
  types.at(inputs.arguments[0], 0).shape = Shape{kBatch, 3, kImage, kImage};
  infer_shapes(types);
  std::vector<NDArray> args, grads, aux;
  std::vector<WriteMode> modes;
  for (Node* node : inputs.arguments) {
    args.push_back(filled(types.at(node, 0).shape, 0.01f));
    const bool is_parameter = node->name != "data" && node->name != "softmax_label";
    grads.push_back(is_parameter ? filled(args.back().shape(), 0) : NDArray());
    modes.push_back(is_parameter ? WriteMode::kWrite : WriteMode::kNull);
  }
  for (Node* node : inputs.auxiliary) aux.push_back(filled(types.at(node, 0).shape, 1));
  return Executor::bind(symbol, args, grads, modes, aux, {});
}

struct Times {
  double computing, sending;  ///< milliseconds
  double exposed;             ///< of sending, after all is computed
};

double milliseconds(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

/// Forward and backward; every gradient is sent for `send` as soon as it is final.
Times step(Executor& executor, std::chrono::microseconds send) {
  Var store;           // takes one gradient after the other
  double sending = 0;  // a sleep may take longer than asked for
  const auto start = Clock::now();
  executor.forward(true);
  executor.backward({});
  for (size_t i = executor.grads().size(); i-- > 0;) {
    if (!executor.grads()[i] || send.count() == 0) continue;
    Var* reads[] = {&executor.grads()[i].var()};
    const auto work = [send, &sending] {
      const auto begin = Clock::now();
      std::this_thread::sleep_for(send);
      sending += milliseconds(Clock::now() - begin);
    };
    Var* writes[] = {&store};
    Engine::get().push(work, reads, writes, {"send", Lane::kCommunication});
  }
  for (const NDArray& grad : executor.grads())
    if (grad) grad.wait_to_read();
  const auto computed = Clock::now();
  Engine::get().wait_all();
  const double exposed = milliseconds(Clock::now() - computed);
  return {milliseconds(computed - start), sending, exposed};
}

int measure() {
  const std::shared_ptr<Executor> executor = bind_resnet();
  step(*executor, {});
  double computing = step(*executor, {}).computing;
  for (int i = 0; i < 4; ++i) computing = std::min(computing, step(*executor, {}).computing);
  double gradients = 0;
  for (const NDArray& grad : executor->grads()) gradients += grad ? 1 : 0;
  // All sending together takes a third of the step: backward, without forward, is longer.
  const std::chrono::microseconds send(static_cast<int64_t>(computing * 1000 / 3 / gradients));
  std::vector<double> hidden;
  for (int round = 0; round < 7; ++round) {
    const Times times = step(*executor, send);
    hidden.push_back(100 * (1 - times.exposed / times.sending));
    std::printf("computing %.1f ms, sending %.1f ms, of it afterwards %.1f ms\n", times.computing,
                times.sending, times.exposed);
  }
  std::sort(hidden.begin(), hidden.end());
  std::printf("hidden behind computing: %.0f %% (median)\n", hidden[hidden.size() / 2]);
  return 0;
}

}  // namespace
}  // namespace mx

int main() { return mx::measure(); }
