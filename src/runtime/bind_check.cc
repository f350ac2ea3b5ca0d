#include "runtime/bind_check.h"

namespace mx {
namespace {

void require_arrays(const std::vector<Node*>& variables, const std::vector<NDArray>& arrays,
                    const char* what) {
  require(variables.size() == arrays.size(), "bind: ", arrays.size(), " ", what,
          " arrays were given; expected ", variables.size());
  for (size_t i = 0; i < arrays.size(); ++i)
    require(static_cast<bool>(arrays[i]), "bind: the array of ", variables[i]->name,
            " is missing; expected one for every ", what);
}

void check_gradients(const GraphInputs& inputs, BindArrays& arrays) {
  arrays.grads.resize(arrays.args.size());
  arrays.modes.resize(arrays.args.size(), WriteMode::kNull);
  for (size_t i = 0; i < arrays.grads.size(); ++i) {
    const NDArray &grad = arrays.grads[i], &arg = arrays.args[i];
    if (!grad) arrays.modes[i] = WriteMode::kNull;
    if (!grad) continue;
    const std::string& name = inputs.arguments[i]->name;
    require(grad.shape() == arg.shape(), "bind: the gradient of ", name, " has shape ",
            grad.shape(), "; expected ", arg.shape());
    require(grad.dtype() == arg.dtype(), "bind: the gradient of ", name, " has dtype ",
            dtype_name(grad.dtype()), "; expected ", dtype_name(arg.dtype()));
  }
}

void require_shapes(const GraphTypes& types, const std::vector<Node*>& variables,
                    const std::vector<NDArray>& arrays) {
  for (size_t i = 0; i < arrays.size(); ++i) {
    const Shape& shape = types.at(variables[i], 0).shape;
    require(shape == arrays[i].shape(), "bind: ", variables[i]->name, "=", arrays[i].shape(),
            " has the wrong shape; expected ", shape);
  }
}

}  // namespace

void check_and_infer(const GraphInputs& inputs, BindArrays& arrays, GraphTypes& types) {
  require_arrays(inputs.arguments, arrays.args, "argument");
  require_arrays(inputs.auxiliary, arrays.aux, "auxiliary state");
  check_gradients(inputs, arrays);
  for (size_t i = 0; i < arrays.args.size(); ++i)
    types.at(inputs.arguments[i], 0) = {arrays.args[i].shape(), arrays.args[i].dtype()};
  for (size_t i = 0; i < arrays.aux.size(); ++i)
    types.at(inputs.auxiliary[i], 0) = {arrays.aux[i].shape(), arrays.aux[i].dtype()};
  infer_shapes(types);
  infer_dtypes(types);
  require_shapes(types, inputs.arguments, arrays.args);
  require_shapes(types, inputs.auxiliary, arrays.aux);
}

}  // namespace mx
