// What mxnet.library and optimize_for are made of.
#include "library/library.h"

#include "binding.h"
#include "library/graph_tools.h"

namespace mx::python {
namespace {

library::NamedArrays arrays_in(nb::dict dict) {
  library::NamedArrays arrays;
  for (const auto [name, array] : dict) {
    if (!is_array(array.ptr()))
      refuse_type("optimize_for: the array of ", str_of(name.ptr()), " is of type ",
                  Py_TYPE(array.ptr())->tp_name, "; expected an NDArray");
    arrays.emplace_back(std::string(text_of(name.ptr())), given_array_in(array.ptr()));
  }
  return arrays;
}

nb::dict wrap_named(library::NamedArrays arrays) {
  nb::dict dict;
  for (auto& [name, array] : arrays) dict[name.c_str()] = nb::steal(wrap_array(std::move(array)));
  return dict;
}

nb::object optimize(const Symbol& symbol, const std::string& name, nb::dict options,
                    nb::dict parameters, nb::dict states, nb::dict shapes, nb::dict dtypes,
                    bool infer) {
  library::OptimizeRequest request;
  for (const auto [key, value] : options)
    request.options[std::string(text_of(key.ptr()))] = str_of(value.ptr());
  request.parameters = arrays_in(parameters);
  request.states = arrays_in(states);
  for (const auto [key, value] : shapes)
    request.shapes[std::string(text_of(key.ptr()))] = shape_from(value.ptr(), "optimize_for");
  for (const auto [key, value] : dtypes)
    request.dtypes[std::string(text_of(key.ptr()))] = dtype_from(value.ptr());
  request.infer = infer;
  std::optional<library::Optimized> made;
  {
    const ReleaseGil release;
    made = library::optimize_for(symbol, name, request);
  }
  if (!made) return nb::none();
  return nb::make_tuple(made->symbol, wrap_named(std::move(made->parameters)),
                        wrap_named(std::move(made->states)));
}

}  // namespace

void bind_library(nb::module_& m) {
  m.def(
      "load_library",
      [](const std::string& path) {
        const library::Contents contents = [&] {
          const ReleaseGil release;
          return library::load(path);
        }();
        return nb::make_tuple(contents.operators, contents.partitioners, contents.passes);
      },
      nb::arg("path"), "Names of the operators, partitioners and passes that a library brings.");
  m.def("optimize_for", &optimize, nb::arg("symbol"), nb::arg("name"), nb::arg("options"),
        nb::arg("parameters"), nb::arg("states"), nb::arg("shapes"), nb::arg("dtypes"),
        nb::arg("infer"));
}

}  // namespace mx::python
