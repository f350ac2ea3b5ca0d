#pragma once
#include <array>

#include "binding.h"
#include "ir/op.h"

namespace mx::python {

/// A parameter that a caller gave, not yet converted.
struct GivenParam {
  const FieldInfo* field;
  PyObject* value;  ///< borrowed
};

/// The arguments of one call, sorted by what they are. All references are borrowed.
struct ParsedCall {
  static constexpr size_t kMaxParams = 64;
  bool is_of_symbols = false;     ///< makes a symbol; otherwise the operator is applied to arrays
  std::vector<PyObject*> inputs;  ///< by position; nullptr or None where none was given
  std::array<GivenParam, kMaxParams> params;
  size_t num_params = 0;
  PyObject* out = nullptr;
  PyObject* name = nullptr;
  /// Keyword arguments that are no argument of the operator; only a symbol may have some.
  std::vector<std::pair<PyObject*, PyObject*>> others;

  /// Whether the inputs that were given are as many as those that are used, though one was given
  /// for an input that is not: then they count in their order, as in RNN(data, parameters, state,
  /// sequence_length), where a GRU has no state_cell. `is_input` tells arrays or symbols.
  bool counts_in_order(const Op& op, const Params& params, bool (*is_input)(PyObject*)) const;
  /// kNumpy where an input is of mx.np.
  Interface interface() const {
    Interface found = Interface::kLegacy;
    for (PyObject* input : inputs)
      if (input) found = found | interface_of(input);
    return found;
  }
};

/// The value of a parameter as the core takes it; dtypes in NumPy's spelling become the core's.
AttrValue field_value(const FieldInfo& field, PyObject* value);
/// The same as text, written as MXNet 1.9.1 writes it into symbols: Python's str() of the value.
std::string field_text(const FieldInfo& field, PyObject* value);

/// Whether the operator takes any keyword argument, as operators without parameters do: one that it
/// does not know has no effect. Warns of `name`, once for each place in a program.
/// Throws: the warning, where the program makes errors of warnings.
bool ignores_argument(const Op& op, PyObject* name);

/// How Python calls an operator: inputs, then parameters, by position or by name.
class OpSignature {
 public:
  explicit OpSignature(const Op& op);
  const Op& op() const { return op_; }
  /// Throws: ValueError or TypeError naming the operator and the argument.
  void parse(PyObject* const* args, size_t num_args, PyObject* keyword_names,
             ParsedCall& call) const;
  /// The field that counts the inputs of a variadic operator, or nullptr.
  const FieldInfo* count_field() const { return count_field_; }
  const FieldInfo* ctx_field() const { return ctx_field_; }

 private:
  void take_positional(PyObject* const* args, size_t num_args, ParsedCall& call) const;
  void take_keyword(PyObject* name, PyObject* value, ParsedCall& call) const;
  bool take_named(PyObject* name, PyObject* value, ParsedCall& call) const;
  /// What stands behind the parameters: out and name; for symbols name, attr and out.
  static bool take_last(size_t place, PyObject* value, ParsedCall& call);
  void add_param(const FieldInfo& field, PyObject* value, ParsedCall& call) const;

  const Op& op_;
  std::vector<PyObject*> input_names_, field_names_;  ///< interned
  const FieldInfo* count_field_ = nullptr;
  const FieldInfo* ctx_field_ = nullptr;
};

/// Builds the parameters of a call and keeps the last ones: calls in a loop pass the same objects.
class ParamsCache {
 public:
  Params get(const OpSignature& signature, const ParsedCall& call);

 private:
  bool hits(const ParsedCall& call) const;
  void keep(const ParsedCall& call, const Params& params);

  std::vector<std::pair<const FieldInfo*, nb::object>> given_;
  size_t num_inputs_ = 0;
  Params params_;
};

}  // namespace mx::python
