// Operators of the NDArray class: + - * / % ** and comparisons, with arrays and numbers.
#include "binding.h"
#include "ir/common_params.h"
#include "ir/op.h"

namespace mx::python {
namespace {

/// The operators behind one Python operator, found at their first use.
class Operators {
 public:
  Operators(const char* same_shape, const char* broadcast, const char* scalar,
            const char* reflected_scalar)
      : same_shape_{same_shape}, broadcast_{broadcast}, scalar_{scalar},
        reflected_scalar_{reflected_scalar} {}

  const Op& of_arrays(bool same_shape) { return find(same_shape ? same_shape_ : broadcast_); }
  const Op& of_number(bool reflected) { return find(reflected ? reflected_scalar_ : scalar_); }

 private:
  struct Name {
    const char* name;
    const Op* op = nullptr;
  };
  static const Op& find(Name& name) {
    if (!name.op) name.op = &get_op(name.name);
    return *name.op;
  }

  Name same_shape_, broadcast_, scalar_, reflected_scalar_;
};

/// One Python operator, with arrays of mx.nd and with those of mx.np.
class Arithmetic {
 public:
  Arithmetic(Operators legacy, Operators numpy) : legacy_(legacy), numpy_(numpy) {}

  /// `a <op> b`; at least one of them is an array. `out` is written when given.
  PyObject* apply(PyObject* a, PyObject* b, PyObject* out) {
    std::vector<NDArray> results;
    if (out) results.push_back(given_array_in(out));
    const Interface interface = interface_of(a) | interface_of(b);
    Operators& operators = interface == Interface::kNumpy ? numpy_ : legacy_;
    if (is_array(a) && is_array(b)) {
      const NDArray in[] = {given_array_in(a), given_array_in(b)};
      const Op& op = operators.of_arrays(in[0].shape() == in[1].shape());
      run_called_op(op, op.default_params(), in, results, {});
    } else {
      const bool reflected = is_array(b);
      const Number number = number_from(reflected ? a : b);
      const NDArray& array = given_array_in(reflected ? b : a);
      // Arrays of mx.nd keep their dtype, whatever the number.
      const bool is_int = interface == Interface::kLegacy || number.is_int;
      run_called_op(operators.of_number(reflected), Params::of(ScalarParam{number.value, is_int}),
                    std::span(&array, 1), results, {});
    }
    return out ? new_ref(out) : wrap_array(std::move(results[0]), interface);
  }

 private:
  struct Number {
    double value;
    bool is_int;  ///< what operators of mx.np ask for
  };

  /// A Python or NumPy number. Throws: TypeError for anything else, rather than let Python ask the
  /// other operand: NumPy's arrays would compute with a copy.
  static Number number_from(PyObject* object) {
    static PyObject* const numpy_scalar =
        nb::object(nb::module_::import_("numpy").attr("generic")).release().ptr();
    if (PyFloat_CheckExact(object)) return {PyFloat_AS_DOUBLE(object), false};
    if (!PyLong_Check(object) && !PyFloat_Check(object) &&
        PyObject_IsInstance(object, numpy_scalar) != 1) {
      PyErr_Format(PyExc_TypeError, "type %R not supported", Py_TYPE(object));
      throw nb::python_error();
    }
    const double value = PyFloat_AsDouble(object);
    if (value == -1.0 && PyErr_Occurred()) throw nb::python_error();
    return {value, PyLong_Check(object) != 0};
  }

  Operators legacy_, numpy_;
};

Arithmetic add{{"elemwise_add", "broadcast_add", "_plus_scalar", "_plus_scalar"},
               {"_npi_add", "_npi_add", "_npi_add_scalar", "_npi_add_scalar"}};
Arithmetic subtract{
    {"elemwise_sub", "broadcast_sub", "_minus_scalar", "_rminus_scalar"},
    {"_npi_subtract", "_npi_subtract", "_npi_subtract_scalar", "_npi_rsubtract_scalar"}};
Arithmetic multiply{
    {"elemwise_mul", "broadcast_mul", "_mul_scalar", "_mul_scalar"},
    {"_npi_multiply", "_npi_multiply", "_npi_multiply_scalar", "_npi_multiply_scalar"}};
Arithmetic divide{{"elemwise_div", "broadcast_div", "_div_scalar", "_rdiv_scalar"},
                  {"_npi_true_divide", "_npi_true_divide", "_npi_true_divide_scalar",
                   "_npi_rtrue_divide_scalar"}};
Arithmetic modulo{{"broadcast_mod", "broadcast_mod", "_mod_scalar", "_rmod_scalar"},
                  {"_npi_mod", "_npi_mod", "_npi_mod_scalar", "_npi_rmod_scalar"}};
Arithmetic power{{"broadcast_power", "broadcast_power", "_power_scalar", "_rpower_scalar"},
                 {"_npi_power", "_npi_power", "_npi_power_scalar", "_npi_rpower_scalar"}};
Arithmetic comparisons[] = {  // in the order of Py_LT, Py_LE, Py_EQ, Py_NE, Py_GT, Py_GE
    {{"broadcast_lesser", "broadcast_lesser", "_lesser_scalar", "_greater_scalar"},
     {"_npi_less", "_npi_less", "_npi_less_scalar", "_npi_greater_scalar"}},
    {{"broadcast_lesser_equal", "broadcast_lesser_equal", "_lesser_equal_scalar",
      "_greater_equal_scalar"},
     {"_npi_less_equal", "_npi_less_equal", "_npi_less_equal_scalar",
      "_npi_greater_equal_scalar"}},
    {{"broadcast_equal", "broadcast_equal", "_equal_scalar", "_equal_scalar"},
     {"_npi_equal", "_npi_equal", "_npi_equal_scalar", "_npi_equal_scalar"}},
    {{"broadcast_not_equal", "broadcast_not_equal", "_not_equal_scalar", "_not_equal_scalar"},
     {"_npi_not_equal", "_npi_not_equal", "_npi_not_equal_scalar", "_npi_not_equal_scalar"}},
    {{"broadcast_greater", "broadcast_greater", "_greater_scalar", "_lesser_scalar"},
     {"_npi_greater", "_npi_greater", "_npi_greater_scalar", "_npi_less_scalar"}},
    {{"broadcast_greater_equal", "broadcast_greater_equal", "_greater_equal_scalar",
      "_lesser_equal_scalar"},
     {"_npi_greater_equal", "_npi_greater_equal", "_npi_greater_equal_scalar",
      "_npi_less_equal_scalar"}}};

PyObject* apply(Arithmetic& operation, PyObject* a, PyObject* b, PyObject* out = nullptr) noexcept {
  return guarded([&] { return operation.apply(a, b, out); });
}

template <Arithmetic& operation>
PyObject* binary(PyObject* a, PyObject* b) noexcept {
  return apply(operation, a, b);
}
template <Arithmetic& operation>
PyObject* in_place(PyObject* a, PyObject* b) noexcept {
  return apply(operation, a, b, a);
}

PyObject* power_of(PyObject* a, PyObject* b, PyObject*) noexcept { return apply(power, a, b); }

PyObject* compare(PyObject* a, PyObject* b, int kind) noexcept {
  return apply(comparisons[kind], a, b);
}

PyObject* unary(const char* legacy, const char* numpy, PyObject* self) noexcept {
  return guarded([&] {
    const Interface interface = interface_of(self);
    const Op& op = get_op(interface == Interface::kNumpy ? numpy : legacy);
    std::vector<NDArray> results;
    run_called_op(op, op.default_params(), std::span(&given_array_in(self), 1), results, {});
    return wrap_array(std::move(results[0]), interface);
  });
}
PyObject* negative(PyObject* self) noexcept { return unary("negative", "_npi_negative", self); }
PyObject* absolute(PyObject* self) noexcept { return unary("abs", "_npi_absolute", self); }

template <typename Function>
PyType_Slot slot(int number, Function* function) {
  return {number, reinterpret_cast<void*>(function)};
}

}  // namespace

std::span<const PyType_Slot> arithmetic_slots() {
  static const PyType_Slot slots[] = {
      slot(Py_nb_add, binary<add>),
      slot(Py_nb_subtract, binary<subtract>),
      slot(Py_nb_multiply, binary<multiply>),
      slot(Py_nb_true_divide, binary<divide>),
      slot(Py_nb_remainder, binary<modulo>),
      slot(Py_nb_power, power_of),
      slot(Py_nb_inplace_add, in_place<add>),
      slot(Py_nb_inplace_subtract, in_place<subtract>),
      slot(Py_nb_inplace_multiply, in_place<multiply>),
      slot(Py_nb_inplace_true_divide, in_place<divide>),
      slot(Py_nb_inplace_remainder, in_place<modulo>),
      slot(Py_nb_negative, negative),
      slot(Py_nb_absolute, absolute),
      slot(Py_tp_richcompare, compare),
  };
  return slots;
}

}  // namespace mx::python
