#include <map>
#include <mutex>

#include "library/graph_text.h"
#include "library/registered.h"

namespace mx::library {
namespace {

struct Pass {
  std::shared_ptr<const Library> library;
  UserFunction function = nullptr;
};

/// Arrays that a pass asks for, for new variables.
struct NewArrays {
  NamedArrays parameters, states;
  std::string problem;
};

void allocate(const void* owner, const int64_t* shape, int ndim, const char* device, int device_id,
              int dtype, const char* name, int is_argument, void** data) {
  auto& made = *static_cast<NewArrays*>(const_cast<void*>(owner));
  try {
    require(std::string_view(device) == "cpu", name, ": device=", device,
            " has no memory for passes; expected cpu");
    require(is_dtype_code(dtype), name, ": dtype=", dtype, " is not known");
    const NDArray array(Shape(std::vector<int64_t>(shape, shape + ndim)), static_cast<DType>(dtype),
                        Device{DeviceType::kCpu, device_id});
    *data = array.data();
    (is_argument ? made.parameters : made.states).emplace_back(name, array);
  } catch (const std::exception& error) {
    made.problem = error.what();
    *data = nullptr;
  }
}

}  // namespace

std::vector<std::string> register_passes(const std::shared_ptr<const Library>& library) {
  std::vector<std::string> names;
  const int count = library->function<Count>("_passRegSize")();
  for (int i = 0; i < count; ++i) {
    const char* name = nullptr;
    Pass pass{library, nullptr};
    library->function<GetPass>("_passRegGet")(i, &pass.function, &name);
    registered<Pass>().add(name, pass);
    names.push_back(name);
  }
  return names;
}

std::optional<Optimized> run_pass(const Symbol& symbol, const std::string& name,
                                  const OptimizeRequest& request) {
  const std::optional<Pass> pass = registered<Pass>().find(name);
  if (!pass) return std::nullopt;
  const std::string graph = graph_text(symbol, request);
  const CAttributes options(request.options);
  const CArrays params(request.parameters), states(request.states);
  NewArrays made;
  char* text = nullptr;
  const int success = pass->library->function<CallPass>("_passCallGraphPass")(
      pass->function, graph.c_str(), &text, options.keys(), options.values(), options.count(),
      name.c_str(), params.names.data(), params.count(), params.data.data(), params.shapes.data(),
      params.ndim.data(), params.dtypes.data(), params.versions.data(), params.devices.data(),
      params.device_ids.data(), states.names.data(), states.count(), states.data.data(),
      states.shapes.data(), states.ndim.data(), states.dtypes.data(), states.versions.data(),
      states.devices.data(), states.device_ids.data(), allocate, &made);
  if (!made.problem.empty()) fail(ErrorKind::kUserCode, name, ": ", made.problem);
  pass->library->check(success, name, "the pass");
  require(text != nullptr, name, ": the pass returned no graph; expected one");
  const std::string result(text);
  pass->library->free(text);
  return Optimized{graph_from_text(result, name), std::move(made.parameters),
                   std::move(made.states)};
}

}  // namespace mx::library
