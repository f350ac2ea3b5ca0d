// Custom operators: what mxnet.operator declares and runs, for the core.
#include <array>

#include "autograd/custom_operator.h"
#include "binding.h"
#include "ir/shape_meaning.h"

namespace mx::python {
namespace {

/// mxnet.operator._declare, once that module is imported.
PyObject* declare_function = nullptr;

ErrorKind kind_of(const nb::python_error& error) {
  const std::pair<PyObject*, ErrorKind> kinds[] = {
      {PyExc_ValueError, ErrorKind::kValue},
      {PyExc_TypeError, ErrorKind::kType},
      {PyExc_IndexError, ErrorKind::kIndex},
      {PyExc_NotImplementedError, ErrorKind::kNotImplemented},
      {PyExc_MemoryError, ErrorKind::kOutOfMemory}};
  for (const auto& [type, kind] : kinds)
    if (error.matches(type)) return kind;
  return ErrorKind::kUserCode;
}

/// Runs the user's code. What it raises becomes an error of the core, which may be kept and thrown
/// in any thread; KeyboardInterrupt, SystemExit and the like go up as they are.
template <typename Call>
auto call_user(const Call& call) {
  const AcquireGil acquire;
  try {
    return call();
  } catch (nb::python_error& error) {
    if (!error.matches(PyExc_Exception)) throw;
    throw Error(kind_of(error), str_of(error.value().ptr()));
  }
}

nb::list wrap_all(std::span<const NDArray> arrays) {
  nb::list list;
  for (const NDArray& array : arrays) list.append(nb::steal(wrap_array(array)));
  return list;
}

nb::list requests(std::span<const WriteMode> modes) {
  nb::list list;
  for (const WriteMode mode : modes)
    list.append(mode == WriteMode::kNull ? "null" : mode == WriteMode::kAdd ? "add" : "write");
  return list;
}

/// A shape as users read it; nothing for an unknown rank.
nb::list shape_list(const Shape& shape) {
  nb::list list;
  for (const int64_t size : shape_to_written(shape)) list.append(size);
  return list;
}

/// The opposite. Throws: TypeError.
Shape shape_of(nb::handle list) {
  return shape_from_written(shape_from(list.ptr(), "Custom: infer_shape"));
}

StorageKind kind_from(nb::handle name) {
  for (const StorageKind kind : {StorageKind::kDefault, StorageKind::kRowSparse, StorageKind::kCsr})
    if (storage_name(kind) == text_of(name.ptr())) return kind;
  fail(ErrorKind::kValue, "Custom: infer_storage_type returned ", str_of(name.ptr()),
       "; expected default, row_sparse or csr");
}

nb::list kind_names(std::span<const StorageKind> kinds) {
  nb::list list;
  for (const StorageKind kind : kinds) {
    const std::string_view name = storage_name(kind);
    list.append(nb::str(name.data(), name.size()));
  }
  return list;
}

std::vector<StorageKind> kinds_from(nb::handle names) {
  std::vector<StorageKind> kinds;
  for (nb::handle name : names) kinds.push_back(kind_from(name));
  return kinds;
}

/// A Python object that any thread may drop.
using Shared = std::shared_ptr<PyObject>;
Shared share(nb::object object) { return Shared(object.release().ptr(), drop_reference); }

class PythonOperator final : public CustomOperator {
 public:
  explicit PythonOperator(nb::object runner) : runner_(share(std::move(runner))) {}

  void forward(bool is_train, std::span<const WriteMode> modes, const Arrays& arrays) override {
    call_user([&] {
      call_python(nb::handle(runner_.get()).attr("forward"),
                  nb::make_tuple(is_train, requests(modes), wrap_all(arrays.in),
                                 wrap_all(arrays.out), wrap_all(arrays.aux)));
    });
  }

  void backward(std::span<const WriteMode> modes, const Arrays& arrays) override {
    call_user([&] {
      call_python(
          nb::handle(runner_.get()).attr("backward"),
          nb::make_tuple(requests(modes), wrap_all(arrays.d_out), wrap_all(arrays.in),
                         wrap_all(arrays.out), wrap_all(arrays.d_in), wrap_all(arrays.aux)));
    });
  }

 private:
  Shared runner_;
};

/// A mxnet.operator._Declaration.
class PythonClass final : public CustomClass {
 public:
  PythonClass(std::string op_type, nb::object declaration) {
    name = std::move(op_type);
    const auto names = [&](const char* attribute) {
      return nb::cast<std::vector<std::string>>(declaration.attr(attribute));
    };
    const auto flag = [&](const char* attribute) {
      return nb::cast<bool>(declaration.attr(attribute));
    };
    for (std::string& name : names("arguments")) inputs.push_back({std::move(name), ""});
    num_arguments = inputs.size();
    for (std::string& name : names("states"))
      inputs.push_back({std::move(name), "", InputKind::kAuxiliary});
    outputs = names("outputs");
    needs_head_gradient = flag("needs_head_gradient");
    wants_in = flag("wants_in_data");
    wants_out = flag("wants_out_data");
    wants_d_out = flag("wants_out_grad");
    declaration_ = share(std::move(declaration));
  }

  void infer_shapes(std::vector<Shape>& in, std::vector<Shape>& out) const override {
    call_user([&] {
      nb::list shapes;
      for (size_t i = 0; i < num_arguments; ++i) shapes.append(shape_list(in[i]));
      size_t next = 0;
      for (nb::handle shape : ask("infer_shape", nb::make_tuple(shapes))) {
        (next < in.size() ? in[next] : out[next - in.size()]) = shape_of(shape);
        ++next;
      }
    });
  }

  void infer_dtypes(std::vector<DType>& in, std::vector<DType>& out) const override {
    call_user([&] {
      nb::list dtypes;
      for (size_t i = 0; i < num_arguments; ++i) dtypes.append(nb::borrow(dtype_to_python(in[i])));
      size_t next = 0;
      for (nb::handle dtype : ask("infer_type", nb::make_tuple(dtypes))) {
        (next < in.size() ? in[next] : out[next - in.size()]) =
            dtype.is_none() ? DType::kUnknown : dtype_from(dtype.ptr());
        ++next;
      }
    });
  }

  std::vector<StorageKind> infer_storage(std::span<const StorageKind> in) const override {
    return call_user([&] {
      return kinds_from(
          ask("infer_storage_type", nb::make_tuple(kind_names(in.first(num_arguments)))));
    });
  }

  std::vector<StorageKind> infer_gradient_storage(std::span<const StorageKind> d_out,
                                                  std::span<const StorageKind> in,
                                                  std::span<const StorageKind> out) const override {
    return call_user([&] {
      return kinds_from(
          ask("infer_storage_type_backward",
              nb::make_tuple(kind_names(d_out), kind_names(in.first(num_arguments)),
                             kind_names(out), kind_names(in.subspan(num_arguments)))));
    });
  }

  std::shared_ptr<CustomOperator> create(Device device,
                                         std::span<const TensorType> types) const override {
    return call_user([&]() -> std::shared_ptr<CustomOperator> {
      nb::list shapes, dtypes;
      for (const TensorType& type : types) {
        shapes.append(shape_list(type.shape));
        dtypes.append(static_cast<int>(type.dtype));
      }
      return std::make_shared<PythonOperator>(
          ask("create", nb::make_tuple(nb::steal(wrap_device(device)), shapes, dtypes)));
    });
  }

 private:
  nb::object ask(const char* function, nb::handle arguments) const {
    return call_python(nb::handle(declaration_.get()).attr(function), arguments);
  }

  Shared declaration_;
};

std::shared_ptr<const CustomDeclaration> declare(const std::string& op_type,
                                                 const AttrMap& arguments) {
  return call_user([&]() -> std::shared_ptr<const CustomDeclaration> {
    nb::dict given;
    for (const auto& [name, text] : arguments)
      given[nb::str(name.data(), name.size())] = nb::str(text.data(), text.size());
    return std::make_shared<PythonClass>(
        op_type, call_python(declare_function, nb::make_tuple(op_type, given)));
  });
}

}  // namespace

void bind_custom_op(nb::module_& m) {
  m.def(
      "set_custom_language",
      [](nb::object function) {
        declare_function = function.release().ptr();
        set_custom_language(&declare);
      },
      nb::arg("declare"),
      "Let the operator Custom find its classes with `declare(op_type, kwargs)`.");
}

}  // namespace mx::python
