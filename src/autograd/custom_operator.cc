#include "autograd/custom_operator.h"

#include <cstddef>
#include <exception>
#include <string>
#include <utility>

#include "autograd/autograd.h"
#include "autograd/tape.h"
#include "dispatch/eager_plan.h"
#include "dispatch/sparse_invoke.h"
#include "ndarray/sparse_array.h"

namespace mx::autograd {
namespace {

const CustomClass& class_of(const Params& params) {
  const auto* made = dynamic_cast<const CustomClass*>(&declaration_of(params));
  internal_check(made, "Custom: the declaration makes no operators");
  return *made;
}

std::vector<NDArray> detached(std::span<const NDArray> arrays) {
  std::vector<NDArray> result;
  for (const NDArray& array : arrays) result.push_back(detach(array));
  return result;
}

std::vector<StorageKind> kinds_of(std::span<const NDArray> arrays) {
  std::vector<StorageKind> kinds;
  for (const NDArray& array : arrays) kinds.push_back(array.storage());
  return kinds;
}

NDArray new_array(const TensorType& type, Device device) {
  if (type.storage != StorageKind::kDefault)
    return zero_sparse(type.storage, type.shape, type.dtype, device);
  return NDArray(type.shape, type.dtype, device);
}

/// Runs the user's code, in which nothing is recorded. An error stays in the arrays that it was to
/// write: whoever waits for one of them gets it.
template <typename Run>
void run_user_code(bool is_train, std::span<const NDArray> written, const Run& run) {
  try {
    const ScopedMode mode(false, is_train);
    run();
  } catch (const Error&) {
    std::vector<Var*> vars;
    for (const NDArray& array : written) vars.push_back(&array.var());
    Engine::get().push([error = std::current_exception()] { std::rethrow_exception(error); }, {},
                       vars, {"Custom"});
  }
}

/// What a custom operator is on the tape.
class CustomComputation final : public Computation {
 public:
  CustomComputation(const Params& params, std::shared_ptr<CustomOperator> object,
                    std::span<const NDArray> in, bool is_train)
      : params_(params),
        class_(class_of(params)),
        object_(std::move(object)),
        in_(in.begin(), in.end()),
        is_train_(is_train) {}

  std::string_view name() const override { return class_.name; }
  bool starts_gradients() const override { return !class_.needs_head_gradient; }

  std::vector<NDArray> gradients(const GradientRequest& request) override {
    const std::span all(in_);
    const size_t count = class_.num_arguments;
    CustomOperator::Arrays arrays;
    arrays.aux = detached(all.subspan(count));
    const std::vector<NDArray> d_out = head_gradients(request);
    const std::vector<StorageKind> kinds =
        class_.infer_gradient_storage(kinds_of(d_out), kinds_of(all), kinds_of(request.out));
    std::vector<WriteMode> modes;
    for (size_t i = 0; i < count; ++i) {
      modes.push_back(request.wanted[i] ? WriteMode::kWrite : WriteMode::kNull);
      arrays.d_in.push_back(new_array({in_[i].shape(), in_[i].dtype(), kinds[i]}, in_[i].device()));
    }
    if (class_.wants_in) arrays.in = detached(all.first(count));
    if (class_.wants_out) arrays.out.assign(request.out.begin(), request.out.end());
    if (class_.wants_d_out) arrays.d_out = d_out;
    run_user_code(is_train_, arrays.d_in, [&] { object_->backward(modes, arrays); });
    if (is_recording()) refuse_second_gradients(d_out, arrays.d_in);
    return std::move(arrays.d_in);
  }

 private:
  static std::vector<NDArray> head_gradients(const GradientRequest& request) {
    std::vector<NDArray> d_out = detached(request.d_out);
    for (size_t i = 0; i < d_out.size(); ++i)
      if (!d_out[i]) d_out[i] = call("zeros_like", {&request.out[i], 1}, false);
    return d_out;
  }

  /// What backward computes is nothing to the tape; a derivative of it would be wrong silently.
  void refuse_second_gradients(std::span<const NDArray> d_out, std::span<NDArray> d_in) const {
    std::vector<NDArray> inputs(in_.begin(), in_.end());
    inputs.insert(inputs.end(), d_out.begin(), d_out.end());
    record_custom(std::string(name()) + ".backward", inputs, d_in,
                  [name = std::string(name())](std::span<const NDArray>) -> std::vector<NDArray> {
                    fail(ErrorKind::kNotImplemented, "Custom: op_type=", name,
                         " has no second derivative; expected operators or autograd.Function");
                  });
  }

  const Params params_;
  const CustomClass& class_;  ///< held by params_
  const std::shared_ptr<CustomOperator> object_;
  const std::vector<NDArray> in_;  ///< as the tape knows them
  const bool is_train_;
};

}  // namespace

void invoke_custom(const Op& op, const Params& params, std::span<const NDArray> in,
                   std::vector<NDArray>& out, Device device, CustomState* state) {
  require(in.size() == op.num_inputs(params), op.name, ": ", in.size(),
          " inputs were given; expected ", op.num_inputs(params));
  for (const NDArray& array : out)
    if (array) check_writable(op.name, array);
  const CustomClass& custom = class_of(params);
  if (!in.empty()) device = in[0].device();
  const std::vector<TensorType> in_types = types_of(in);
  const std::vector<TensorType> out_types = infer_output_types(op, params, in_types);
  CustomOperator::Arrays arrays;
  const auto first_aux = in.begin() + static_cast<std::ptrdiff_t>(custom.num_arguments);
  arrays.in = detached({in.begin(), first_aux});
  arrays.aux = detached({first_aux, in.end()});
  for (const TensorType& type : out_types) arrays.out.push_back(new_array(type, device));
  const auto create = [&] { return custom.create(device, in_types); };
  const std::shared_ptr<CustomOperator> object = state ? state->get(create) : create();
  std::vector<NDArray> written = arrays.out;
  written.insert(written.end(), arrays.aux.begin(), arrays.aux.end());
  const std::vector<WriteMode> modes(arrays.out.size(), WriteMode::kWrite);
  run_user_code(is_training(), written, [&] { object->forward(is_training(), modes, arrays); });
  if (is_recording())
    record_computation(std::make_shared<CustomComputation>(params, object, in, is_training()),
                       {in.begin(), first_aux}, arrays.out);
  out.resize(arrays.out.size());
  for (size_t i = 0; i < out.size(); ++i)
    if (out[i])
      copy_recorded(arrays.out[i], out[i]);
    else
      out[i] = arrays.out[i];
}

bool starts_gradients(const Node& node) {
  if (node.is_variable()) return false;
  if (node.op->runs_user_code) return !class_of(node.params).needs_head_gradient;
  return node.op->ignores_head_gradient;
}

}  // namespace mx::autograd
