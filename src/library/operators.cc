#include "library/operators.h"

#include <algorithm>
#include <mutex>

#include "autograd/custom_operator.h"
#include "base/registry_lock.h"
#include "dispatch/random_state.h"
#include "ir/infer_graph.h"
#include "ir/symbol.h"
#include "ir/symbol_json.h"
#include "library/operator_entry.h"
#include "library/tensor_list.h"

namespace mx::library {
namespace {

/// The graph inside of an operator that stands for one, as text among its attributes.
constexpr std::string_view kGraphKey = "subgraph_sym_json";

struct Entries {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<const OperatorEntry>, std::less<>> by_name;
};
Entries& entries() {
  static auto* instance = new Entries;
  return *instance;
}

const char* device_name(Device device) { return device.is_host() ? "cpu" : "gpu"; }

/// The function for a device. Throws: NotImplementedError naming the operator.
UserFunction function_for(const OperatorEntry& entry,
                          const std::map<std::string, UserFunction>& functions, Device device,
                          std::string_view what) {
  const auto found = functions.find(device_name(device));
  if (found != functions.end()) return found->second;
  fail(ErrorKind::kNotImplemented, entry.name, ": ", entry.library->path(), " has no ", what,
       " function for ", device_name(device), "; expected one");
}

/// Memory that a library asks for, and what becomes of an error inside of a callback: no exception
/// may cross the library.
struct CallMemory {
  Device device;
  TensorList* out;
  std::vector<BufferPtr> buffers;
  std::string problem;
};

void* allocate(void* owner, int bytes) {
  auto& memory = *static_cast<CallMemory*>(owner);
  try {
    memory.buffers.push_back(
        allocate_buffer(static_cast<size_t>(std::max(bytes, 0)), memory.device));
    return memory.buffers.back()->data();
  } catch (const std::exception& error) {
    memory.problem = error.what();
    return nullptr;
  }
}

void* no_memory(void*, int) { return nullptr; }

void allocate_sparse(void* owner, int index, int num_indices, int /*num_indptr*/, void** data,
                     int64_t** indices, int64_t** indptr) {
  auto& memory = *static_cast<CallMemory*>(owner);
  try {
    memory.out->allocate(index, num_indices, data, indices, indptr);
  } catch (const std::exception& error) {
    memory.problem = error.what();
  }
}

std::vector<Var*> vars_of(std::span<const NDArray> arrays) {
  std::vector<Var*> vars;
  for (const NDArray& array : arrays)
    if (std::find(vars.begin(), vars.end(), &array.var()) == vars.end())
      vars.push_back(&array.var());
  return vars;
}

/// Shapes as lists of unsigned numbers.
struct UnsignedShapes {
  explicit UnsignedShapes(std::span<const Shape> shapes) {
    for (const Shape& shape : shapes) {
      lists.emplace_back();
      for (int i = 0; i < shape.ndim(); ++i)
        lists.back().push_back(static_cast<unsigned>(std::max<int64_t>(shape[i], 0)));
    }
    for (auto& list : lists) {
      data.push_back(list.data());
      ndim.push_back(static_cast<int>(list.size()));
    }
  }
  std::vector<std::vector<unsigned>> lists;
  std::vector<unsigned*> data;
  std::vector<int> ndim;
};

/// One operator of a library as an object: with its state, if it has one.
class LibraryOperator final : public CustomOperator {
 public:
  LibraryOperator(std::shared_ptr<const OperatorEntry> entry, AttrMap attrs, Device device,
                  std::span<const TensorType> types)
      : entry_(std::move(entry)), attrs_(std::move(attrs)), device_(device) {
    if (!entry_->is_stateful()) return;
    std::vector<Shape> shapes;
    std::vector<int> dtypes;
    for (const TensorType& type : types) {
      shapes.push_back(type.shape);
      dtypes.push_back(static_cast<int>(type.dtype));
    }
    UnsignedShapes in(shapes);
    const CAttributes text(attrs_);
    const Library& library = *entry_->library;
    const int success = library.function<CallCreate>("_opCallCreateOpState")(
        function_for(*entry_, entry_->create, device, "create"), text.keys(), text.values(),
        text.count(), device_name(device), device.id, in.data.data(), in.ndim.data(),
        static_cast<int>(shapes.size()), dtypes.data(), &state_);
    library.check(success && state_, entry_->name, "the function that creates its state");
  }

  ~LibraryOperator() override {
    if (state_) entry_->library->function<CallDestroy>("_opCallDestroyOpState")(state_);
  }

  void forward(bool, std::span<const WriteMode>, const Arrays& arrays) override {
    std::vector<NDArray> in = arrays.in;
    in.insert(in.end(), arrays.aux.begin(), arrays.aux.end());
    run(true, in, arrays.aux, arrays.out);
  }

  void backward(std::span<const WriteMode>, const Arrays& arrays) override {
    std::vector<NDArray> in = arrays.d_out;
    in.insert(in.end(), arrays.in.begin(), arrays.in.end());
    in.insert(in.end(), arrays.aux.begin(), arrays.aux.end());
    in.insert(in.end(), arrays.out.begin(), arrays.out.end());
    run(false, in, {}, arrays.d_in);
  }

 private:
  /// `updated` are those among `in` that the library writes.
  void run(bool is_forward, std::span<const NDArray> in, std::span<const NDArray> updated,
           std::span<const NDArray> out) {
    RandomState& random = random_state(device_);
    std::vector<NDArray> written(out.begin(), out.end());
    written.insert(written.end(), updated.begin(), updated.end());
    std::vector<Var*> reads = vars_of(in), writes = vars_of(written);
    writes.push_back(&random.var());
    Engine::get().run_here(
        [&] {
          for (const NDArray& array : updated) array.chunk()->make_unique(true);
          TensorList inputs(in), outputs(out);
          CallMemory memory{device_, &outputs, {}, {}};
          const int success = compute(is_forward, inputs, outputs, memory, random.generators());
          if (!memory.problem.empty())
            fail(ErrorKind::kUserCode, entry_->name, ": ", memory.problem);
          entry_->library->check(success, entry_->name,
                                 is_forward ? "the forward function" : "the backward function");
          outputs.commit();
        },
        reads, writes, "library operator");
  }

  int compute(bool is_forward, TensorList& in, TensorList& out, CallMemory& memory,
              void* random) const {
    const Library& library = *entry_->library;
    if (state_)
      return library.function<CallStatefulCompute>("_opCallFStatefulCompute")(
          is_forward, state_, in.shapes.data(), in.ndim.data(), in.data.data(), in.dtypes.data(),
          in.versions.data(), in.devices.data(), in.device_ids.data(), in.count(),
          out.shapes.data(), out.ndim.data(), out.data.data(), out.dtypes.data(),
          out.versions.data(), out.devices.data(), out.device_ids.data(), out.count(), allocate,
          &memory, no_memory, nullptr, nullptr, allocate_sparse, &memory, in.kinds.data(),
          out.kinds.data(), in.indices.data(), out.indices.data(), in.indptr.data(),
          out.indptr.data(), in.num_indices.data(), out.num_indices.data(), in.num_indptr.data(),
          out.num_indptr.data(), random, nullptr);
    const UserFunction function =
        function_for(*entry_, is_forward ? entry_->forward : entry_->backward, device_,
                     is_forward ? "forward" : "backward");
    const CAttributes text(attrs_);
    return library.function<CallCompute>("_opCallFCompute")(
        function, text.keys(), text.values(), text.count(), in.shapes.data(), in.ndim.data(),
        in.data.data(), in.dtypes.data(), in.versions.data(), in.devices.data(),
        in.device_ids.data(), in.count(), out.shapes.data(), out.ndim.data(), out.data.data(),
        out.dtypes.data(), out.versions.data(), out.devices.data(), out.device_ids.data(),
        out.count(), allocate, &memory, no_memory, nullptr, nullptr, allocate_sparse, &memory,
        in.kinds.data(), out.kinds.data(), in.indices.data(), out.indices.data(), in.indptr.data(),
        out.indptr.data(), in.num_indices.data(), out.num_indices.data(), in.num_indptr.data(),
        out.num_indptr.data(), random, nullptr);
  }

  const std::shared_ptr<const OperatorEntry> entry_;
  const AttrMap attrs_;
  const Device device_;
  void* state_ = nullptr;
};

/// What an operator of a library declares for given attributes.
class LibraryClass final : public CustomClass {
 public:
  LibraryClass(std::shared_ptr<const OperatorEntry> entry, AttrMap attrs)
      : entry_(std::move(entry)), attrs_(std::move(attrs)), text_(attrs_) {
    name = entry_->name;
    if (entry_->is_subgraph_op)
      read_graph();
    else
      ask_counts();
    mark_updated();
  }

  void infer_shapes(std::vector<Shape>& in, std::vector<Shape>& out) const override {
    if (!entry_->infer_shape) return infer_graph_shapes(in, out);
    UnsignedShapes known(in);
    unsigned **new_in = nullptr, **new_out = nullptr;
    int *new_in_ndim = nullptr, *new_out_ndim = nullptr;
    const int success = library().function<CallInferShape>("_opCallInferShape")(
        entry_->infer_shape, text_.keys(), text_.values(), text_.count(), known.data.data(),
        known.ndim.data(), static_cast<int>(in.size()), &new_in, &new_in_ndim, &new_out,
        &new_out_ndim, static_cast<int>(out.size()));
    library().check(success, name, "the function for shapes");
    take_shapes(new_in, new_in_ndim, in);
    take_shapes(new_out, new_out_ndim, out);
  }

  void infer_dtypes(std::vector<DType>& in, std::vector<DType>& out) const override {
    if (!entry_->infer_dtype) return infer_graph_dtypes(in, out);
    std::vector<int> in_codes, out_codes(out.size(), -1);
    for (const DType dtype : in) in_codes.push_back(static_cast<int>(dtype));
    ask_codes("_opCallInferType", entry_->infer_dtype, in_codes, out_codes);
    const auto take = [&](const std::vector<int>& codes, std::vector<DType>& dtypes) {
      for (size_t i = 0; i < codes.size(); ++i)
        dtypes[i] = is_dtype_code(codes[i]) ? static_cast<DType>(codes[i]) : DType::kUnknown;
    };
    take(in_codes, in);
    take(out_codes, out);
  }

  std::vector<StorageKind> infer_storage(std::span<const StorageKind> in) const override {
    return storage_of(in, outputs.size());
  }

  std::vector<StorageKind> infer_gradient_storage(std::span<const StorageKind>,
                                                  std::span<const StorageKind> in,
                                                  std::span<const StorageKind>) const override {
    // As 1.9.1: gradients are stored like what they belong to where the operator knows kinds.
    std::vector<StorageKind> kinds(in.begin(), in.end());
    if (!entry_->infer_storage) std::fill(kinds.begin(), kinds.end(), StorageKind::kDefault);
    return kinds;
  }

  std::shared_ptr<CustomOperator> create(Device device,
                                         std::span<const TensorType> types) const override {
    return std::make_shared<LibraryOperator>(entry_, attrs_, device, types);
  }

 private:
  const Library& library() const { return *entry_->library; }

  void ask_counts() {
    int num_in = 0, num_out = 0;
    const int success = library().function<CallParse>("_opCallParseAttrs")(
        entry_->parse, text_.keys(), text_.values(), text_.count(), &num_in, &num_out);
    library().check(success, name, "the function for attributes");
    require(num_in >= 0 && num_out > 0, name, ": its library wants ", num_in, " inputs and ",
            num_out, " outputs; expected at least one output");
    for (int i = 0; i < num_in; ++i) inputs.push_back({"input" + std::to_string(i), ""});
    for (int i = 0; i < num_out; ++i)
      outputs.push_back(num_out == 1 ? "output" : "output" + std::to_string(i));
  }

  void read_graph() {
    const auto text = attrs_.find(kGraphKey);
    require(text != attrs_.end(), name, ": ", kGraphKey,
            " is missing; expected a node that optimize_for made");
    graph_ = symbol_from_json(text->second, name);
    const GraphInputs variables = graph_inputs(graph_.outputs());
    for (const Node* variable : variables.all) inputs.push_back({variable->name, ""});
    for (const std::string& output : graph_.list_outputs()) outputs.push_back(output);
  }

  /// Inputs that the library updates are auxiliary states.
  void mark_updated() {
    num_arguments = inputs.size();
    if (!entry_->mutate_inputs) return;
    int *indices = nullptr, count = 0;
    const int success = library().function<CallMutateInputs>("_opCallMutateInputs")(
        entry_->mutate_inputs, text_.keys(), text_.values(), text_.count(), &indices, &count);
    library().check(success, name, "the function for inputs that it updates");
    std::vector<int> updated(indices, indices + count);
    library().free(indices);
    std::sort(updated.begin(), updated.end());
    for (size_t i = 0; i < updated.size(); ++i) {
      const size_t place = inputs.size() - updated.size() + i;
      if (static_cast<size_t>(updated[i]) != place)
        fail(ErrorKind::kNotImplemented, name, ": input ", updated[i],
             " is updated and is not behind the others; expected ", place);
      inputs[place].kind = InputKind::kAuxiliary;
    }
    num_arguments = inputs.size() - updated.size();
  }

  void take_shapes(unsigned** lists, int* ndim, std::vector<Shape>& shapes) const {
    for (size_t i = 0; i < shapes.size(); ++i) {
      std::vector<int64_t> dims(lists[i], lists[i] + ndim[i]);
      if (!dims.empty()) shapes[i] = Shape(dims);
      library().free(lists[i]);
    }
    library().free(lists);
    library().free(ndim);
  }

  void ask_codes(const char* call, UserFunction function, std::vector<int>& in,
                 std::vector<int>& out) const {
    const int success = library().function<CallInferCodes>(call)(
        function, text_.keys(), text_.values(), text_.count(), in.data(),
        static_cast<int>(in.size()), out.data(), static_cast<int>(out.size()));
    library().check(success, name, "the function for types");
  }

  std::vector<StorageKind> storage_of(std::span<const StorageKind> in, size_t count) const {
    std::vector<StorageKind> kinds(count, StorageKind::kDefault);
    if (!entry_->infer_storage) return kinds;
    std::vector<int> in_codes, out_codes(count, -1);
    for (const StorageKind kind : in) in_codes.push_back(static_cast<int>(kind));
    ask_codes("_opCallInferSType", entry_->infer_storage, in_codes, out_codes);
    for (size_t i = 0; i < count; ++i)
      if (out_codes[i] > 0 && out_codes[i] <= 2) kinds[i] = static_cast<StorageKind>(out_codes[i]);
    return kinds;
  }

  /// Types of the variables and outputs of the graph inside, from those around it.
  template <typename T, typename Infer>
  void infer_inside(std::vector<T>& in, std::vector<T>& out, T TensorType::*member,
                    const Infer& infer) const {
    GraphTypes types(graph_.outputs());
    const GraphInputs variables = graph_inputs(graph_.outputs());
    for (size_t i = 0; i < in.size(); ++i) types.at(variables.all[i], 0).*member = in[i];
    infer(types);
    for (size_t i = 0; i < in.size(); ++i) in[i] = types.at(variables.all[i], 0).*member;
    for (size_t i = 0; i < out.size(); ++i) out[i] = types[graph_.outputs()[i]].*member;
  }
  void infer_graph_shapes(std::vector<Shape>& in, std::vector<Shape>& out) const {
    infer_inside(in, out, &TensorType::shape, mx::infer_shapes);
  }
  void infer_graph_dtypes(std::vector<DType>& in, std::vector<DType>& out) const {
    infer_inside(in, out, &TensorType::dtype, mx::infer_dtypes);
  }

  const std::shared_ptr<const OperatorEntry> entry_;
  const AttrMap attrs_;
  const CAttributes text_;
  Symbol graph_;
};

std::shared_ptr<const CustomDeclaration> declare(std::string_view op, const AttrMap& arguments) {
  std::shared_ptr<const OperatorEntry> entry;
  {
    std::lock_guard lock(entries().mutex);
    entry = entries().by_name.find(op)->second;
  }
  return std::make_shared<LibraryClass>(entry, arguments);
}

}  // namespace

std::vector<std::string> register_operators(const std::shared_ptr<const Library>& library) {
  set_library_operators(&declare);
  std::vector<std::string> names;
  const int count = library->function<Count>("_opRegSize")();
  for (int i = 0; i < count; ++i) {
    auto entry = std::make_shared<const OperatorEntry>(read_operator(library, i));
    const RegistryFilling filling;
    std::lock_guard lock(entries().mutex);
    const bool is_new = !entries().by_name.count(entry->name);
    require(!is_new || !find_op(entry->name), "library.load: operator ", entry->name, " of ",
            library->path(), " has the name of one that is there; expected another name");
    entries().by_name[entry->name] = entry;
    names.push_back(entry->name);
    if (is_new)
      runs_declared_code(OpBuilder(entry->name)
                             .doc("Comes from " + library->path() + ".")
                             .params<LibraryParam>()
                             .trait("from_library"));
  }
  return names;
}

}  // namespace mx::library
