#include "ir/op.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <unordered_map>

#include "base/registry_lock.h"

namespace mx {
namespace {

struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

struct Registry {
  std::vector<std::unique_ptr<Op>> ops;
  std::unordered_map<std::string, Op*, StringHash, std::equal_to<>> by_name;
  std::vector<std::string> problems;

  void add_name(const std::string& name, Op* op) {
    if (!by_name.emplace(name, op).second)
      problems.push_back("operator name " + name + " is registered twice");
  }
};

Registry& registry() {
  static auto* instance = new Registry;  // never destroyed: arrays at exit still name operators
  return *instance;
}

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row.back();
}

std::string nearest_names(std::string_view name) {
  const RegistryReading reading;
  std::multimap<size_t, std::string> ranked;
  for (const auto& [known, op] : registry().by_name)
    ranked.emplace(edit_distance(name, known), known);
  std::string text;
  int count = 0;
  for (auto it = ranked.begin(); it != ranked.end() && count < 3; ++it, ++count)
    text += (text.empty() ? "" : ", ") + it->second;
  return text;
}

}  // namespace

uint32_t Op::num_groups(const Params& params) const {
  constexpr int64_t kMost = int64_t{1} << 20;
  const FieldInfo* field = param_schema->find(groups.count);
  const double count =
      *field->codec->number(static_cast<const char*>(params.data()) + field->offset);
  require(count >= groups.graphs && count <= kMost, name, ": ", field->name, "=",
          field->print(params.data()), " is out of range; expected ", groups.graphs, " to ", kMost);
  return static_cast<uint32_t>(count) - groups.graphs;
}

uint32_t Op::num_inputs(const Params& params) const {
  if (inputs_fn) return static_cast<uint32_t>(inputs_fn(params).size());
  const auto listed = static_cast<uint32_t>(inputs_info.size());
  if (is_variadic()) {
    if (has_fixed_inputs && has_fixed_inputs(params))
      return static_cast<uint32_t>(fixed_inputs.size());
    return num_groups(params) * groups.size + listed - groups.size;
  }
  if (!input_used) return listed;
  uint32_t used = 0;
  for (uint32_t i = 0; i < listed; ++i) used += input_used(params, i);
  return used;
}

const InputInfo& Op::input_info(const Params& params, uint32_t i) const {
  if (inputs_fn) return inputs_fn(params)[i];
  if (is_variadic()) {
    if (has_fixed_inputs && has_fixed_inputs(params)) return fixed_inputs[i];
    if (inputs_info.size() == groups.size) return inputs_info[i % groups.size];
    const uint32_t repeated = num_groups(params) * groups.size;
    return inputs_info[i < repeated ? i % groups.size : groups.size + i - repeated];
  }
  if (!input_used) return inputs_info[i];
  uint32_t listed = 0;
  for (uint32_t used = 0;; ++listed)
    if (input_used(params, listed) && used++ == i) break;
  return inputs_info[listed];
}

uint32_t Op::num_outputs(const Params& params) const {
  return num_outputs_fn ? num_outputs_fn(params) : static_cast<uint32_t>(output_names.size());
}

uint32_t Op::num_visible_outputs(const Params& params) const {
  return num_visible_outputs_fn ? num_visible_outputs_fn(params) : num_outputs(params);
}

std::vector<uint32_t> Op::used_inputs(const Params& params) const {
  std::vector<uint32_t> used;
  for (uint32_t i = 0; i < inputs_info.size(); ++i)
    if (!input_used || input_used(params, i)) used.push_back(i);
  return used;
}

std::string Op::input_name(const Params& params, uint32_t i) const {
  const InputInfo& info = input_info(params, i);
  const bool repeats = &info >= inputs_info.data() && &info < inputs_info.data() + groups.size;
  if (!repeats) return info.name;
  return info.name + std::string(groups.separator) + std::to_string(i / groups.size);
}

std::vector<std::string> Op::input_names(const Params& params) const {
  std::vector<std::string> names(num_inputs(params));
  for (uint32_t i = 0; i < names.size(); ++i) names[i] = input_name(params, i);
  return names;
}

std::vector<std::string> Op::list_output_names(const Params& params) const {
  if (output_names_fn) return output_names_fn(params);
  const uint32_t count = num_outputs(params);
  if (count <= output_names.size())
    return {output_names.begin(), output_names.begin() + static_cast<std::ptrdiff_t>(count)};
  std::vector<std::string> names;
  for (uint32_t i = 0; i < count; ++i) names.push_back("output" + std::to_string(i));
  return names;
}

InputKind Op::input_kind(const Params& params, uint32_t i) const {
  return input_info(params, i).kind;
}

bool Op::mutates_inputs() const {
  if (inputs_fn) return true;
  return std::any_of(inputs_info.begin(), inputs_info.end(),
                     [](const InputInfo& info) { return info.kind == InputKind::kAuxiliary; });
}

const Params& Op::default_params() const {
  std::call_once(default_once_, [this] { default_params_ = parse_params({}); });
  return default_params_;
}

const Op* find_op(std::string_view name) {
  const RegistryReading reading;
  const auto found = registry().by_name.find(name);
  return found == registry().by_name.end() ? nullptr : found->second;
}

const Op& get_op(std::string_view name) {
  const Op* op = find_op(name);
  if (!op)
    fail(ErrorKind::kValue, "operator ", name, " is not known; the nearest names are ",
         nearest_names(name));
  return *op;
}

std::vector<const Op*> all_ops() {
  const RegistryReading reading;
  std::vector<const Op*> ops;
  for (const auto& op : registry().ops) ops.push_back(op.get());
  std::sort(ops.begin(), ops.end(), [](const Op* a, const Op* b) { return a->name < b->name; });
  return ops;
}

OpBuilder::OpBuilder(std::string name) {
  registry().ops.push_back(std::make_unique<Op>());
  op_ = registry().ops.back().get();
  op_->name = std::move(name);
  op_->infer_shape = infer::same_shape;
  op_->infer_dtype = infer::same_dtype;
  registry().add_name(op_->name, op_);
}

OpBuilder& OpBuilder::alias(std::string name) {
  registry().add_name(name, op_);
  op_->aliases.push_back(std::move(name));
  return *this;
}

OpBuilder& OpBuilder::doc(std::string text) {
  op_->doc = std::move(text);
  return *this;
}

OpBuilder& OpBuilder::input(std::string name, std::string doc, InputKind kind) {
  op_->inputs_info.push_back({std::move(name), std::move(doc), kind});
  return *this;
}

OpBuilder& OpBuilder::variadic(std::string count, std::string prefix) {
  op_->groups = {1, count, ""};
  op_->variadic_count = std::move(count);
  op_->inputs_info = {{std::move(prefix), "Any number of inputs.", InputKind::kData}};
  return *this;
}

OpBuilder& OpBuilder::counts_graphs(uint32_t count) {
  op_->groups.graphs = count;
  return *this;
}

OpBuilder& OpBuilder::input_groups(uint32_t size, std::string count) {
  op_->groups = {size, std::move(count), "_"};
  return *this;
}

OpBuilder& OpBuilder::fixed_inputs(std::function<bool(const Params&)> when,
                                   std::vector<InputInfo> inputs) {
  op_->has_fixed_inputs = std::move(when);
  op_->fixed_inputs = std::move(inputs);
  return *this;
}

OpBuilder& OpBuilder::inputs(std::function<const std::vector<InputInfo>&(const Params&)> list) {
  op_->inputs_fn = std::move(list);
  op_->inputs_info = {{"data", "Any number of inputs.", InputKind::kData}};
  return *this;
}

OpBuilder& OpBuilder::input_used(std::function<bool(const Params&, size_t)> used) {
  op_->input_used = std::move(used);
  return *this;
}

OpBuilder& OpBuilder::outputs(std::vector<std::string> names) {
  op_->output_names = std::move(names);
  return *this;
}

OpBuilder& OpBuilder::num_outputs(std::function<uint32_t(const Params&)> count) {
  op_->num_outputs_fn = std::move(count);
  return *this;
}

OpBuilder& OpBuilder::num_visible_outputs(std::function<uint32_t(const Params&)> count) {
  op_->num_visible_outputs_fn = std::move(count);
  return *this;
}

OpBuilder& OpBuilder::output_names(std::function<std::vector<std::string>(const Params&)> names) {
  op_->output_names_fn = std::move(names);
  return *this;
}

OpBuilder& OpBuilder::infer_shape(Op::InferShape infer) {
  op_->infer_shape = std::move(infer);
  return *this;
}
OpBuilder& OpBuilder::infer_storage(Op::InferStorage infer) {
  op_->infer_storage = std::move(infer);
  return *this;
}
OpBuilder& OpBuilder::keeps_zeros(std::function<bool(const Params&)> when) {
  op_->keeps_zeros = when ? std::move(when) : [](const Params&) { return true; };
  return *this;
}
OpBuilder& OpBuilder::infer_dtype(Op::InferDType infer) {
  op_->infer_dtype = std::move(infer);
  return *this;
}
OpBuilder& OpBuilder::gradient(Op::Gradient gradient) {
  op_->gradient = std::move(gradient);
  return *this;
}

OpBuilder& OpBuilder::decomposition(Op::Decomposition decomposition) {
  op_->decomposition = std::move(decomposition);
  return *this;
}

OpBuilder& OpBuilder::not_differentiable(std::string reason) {
  op_->not_differentiable = std::move(reason);
  return *this;
}

OpBuilder& OpBuilder::zero_gradient(std::string reason) {
  op_->gradient_is_zero = true;
  return not_differentiable(std::move(reason));
}

OpBuilder& OpBuilder::uses_train_mode() {
  op_->uses_train_mode = true;
  return *this;
}
OpBuilder& OpBuilder::random() {
  op_->is_random = true;
  return *this;
}
OpBuilder& OpBuilder::ignores_head_gradient() {
  op_->ignores_head_gradient = true;
  return *this;
}

OpBuilder& OpBuilder::runs_user_code() {
  op_->runs_user_code = true;
  return *this;
}

OpBuilder& OpBuilder::inplace(uint32_t input, uint32_t output) {
  op_->inplace.emplace_back(input, output);
  return *this;
}

OpBuilder& OpBuilder::trait(std::string key, std::string value) {
  op_->traits[std::move(key)] = std::move(value);
  return *this;
}

std::vector<std::string> check_op_registry() {
  std::vector<std::string> problems = registry().problems;
  for (const Op* op : all_ops()) {
    if (op->doc.empty()) problems.push_back("operator " + op->name + " has no doc");
    if (!op->gradient && !op->decomposition && op->not_differentiable.empty())
      problems.push_back("operator " + op->name +
                         " has neither gradient nor decomposition nor a reason for having none");
    if (op->groups.size > 0 && !op->param_schema->find(op->groups.count))
      problems.push_back("operator " + op->name + " counts its inputs by an unknown parameter");
  }
  return problems;
}

}  // namespace mx
