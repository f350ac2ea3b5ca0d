#include "base/param.h"

#include <algorithm>

namespace mx {
namespace {

std::string attr_value_text(const AttrValue& value) {
  struct Printer {
    std::string operator()(std::monostate) const { return "None"; }
    std::string operator()(bool v) const { return v ? "True" : "False"; }
    std::string operator()(int64_t v) const { return std::to_string(v); }
    std::string operator()(double v) const { return codec::print_double(v); }
    std::string operator()(const std::string& v) const { return v; }
    std::string operator()(const std::vector<int64_t>& v) const { return to_string(Shape(v)); }
    std::string operator()(const std::vector<double>& v) const {
      return codec::print_double_tuple(v);
    }
  };
  return std::visit(Printer{}, value);
}

std::string choice_list(const FieldInfo& field) {
  std::string text = field.codec->is_optional ? "{None" : "{";
  for (const auto& [name, value] : field.choices)
    text += (text.size() > 1 ? ", '" : "'") + name + "'";
  return text + "}";
}

void check_required(const ParamSchema& schema, const std::vector<bool>& given,
                    std::string_view op) {
  for (size_t i = 0; i < schema.fields.size(); ++i)
    if (schema.fields[i].is_required && !given[i])
      fail(ErrorKind::kValue, op, ": ", schema.fields[i].name, " is missing; expected ",
           schema.fields[i].type_text());
}

}  // namespace

std::string FieldInfo::type_text() const {
  if (!choices.empty()) return choice_list(*this);
  std::string text(codec->type_name);
  if (minimum == 0.0 && !maximum) text += " (non-negative)";
  if (codec->is_optional) text += " or None";
  return text;
}

bool FieldInfo::set_choice(void* value, std::string_view text) const {
  const auto found = std::find_if(choices.begin(), choices.end(),
                                  [&](const auto& choice) { return choice.first == text; });
  if (found == choices.end()) return codec->parse(text, value);
  return codec->assign(AttrValue(static_cast<int64_t>(found->second)), value);
}

std::string FieldInfo::print(const void* params) const {
  const void* value = static_cast<const char*>(params) + offset;
  const std::string text = codec->print(value);
  for (const auto& [name, number] : choices)
    if (text == std::to_string(number)) return name;
  return text;
}

void FieldInfo::check_range(const void* value, std::string_view op) const {
  if (!minimum && !maximum) return;
  const std::optional<double> number = codec->number(value);
  if (!number || ((!minimum || *number >= *minimum) && (!maximum || *number <= *maximum))) return;
  const auto low = codec::print_double(*minimum);
  const std::string limit =
      maximum ? concat("a value from ", low, " to ", codec::print_double(*maximum))
              : concat("at least ", low);
  fail(ErrorKind::kValue, op, ": ", name, "=", codec->print(value), " is out of range; expected ",
       limit);
}

void FieldInfo::set_text(void* params, std::string_view text, std::string_view op) const {
  void* value = static_cast<char*>(params) + offset;
  const bool ok = choices.empty() ? codec->parse(text, value) : set_choice(value, text);
  if (!ok)
    fail(ErrorKind::kValue, op, ": ", name, "=", text, " is not valid; expected ", type_text());
  check_range(value, op);
}

void FieldInfo::set(void* params, const AttrValue& from, std::string_view op) const {
  if (!choices.empty()) {
    const bool none = std::holds_alternative<std::monostate>(from);
    return set_text(params, none ? std::string("None") : attr_value_text(from), op);
  }
  void* value = static_cast<char*>(params) + offset;
  if (!codec->assign(from, value))
    fail(ErrorKind::kValue, op, ": ", name, "=", attr_value_text(from), " is not valid; expected ",
         type_text());
  check_range(value, op);
}

const FieldInfo* ParamSchema::find(std::string_view name) const {
  for (const FieldInfo& field : fields)
    if (field.name == name) return &field;
  return nullptr;
}

AttrMap* ParamSchema::others(void* params) const {
  if (!others_offset) return nullptr;
  return reinterpret_cast<AttrMap*>(static_cast<char*>(params) + *others_offset);
}

const AttrMap* ParamSchema::others(const void* params) const {
  return others(const_cast<void*>(params));
}

Params Params::parse(const ParamSchema& schema, const AttrMap& attrs, std::string_view op) {
  std::shared_ptr<void> data = schema.make();
  std::vector<bool> given(schema.fields.size());
  for (const auto& [name, text] : attrs) {
    const FieldInfo* field = schema.find(name);
    if (AttrMap* others = schema.others(data.get()); others && !field) {
      (*others)[name] = text;
      continue;
    }
    if (!field) {
      std::string known;
      for (const FieldInfo& f : schema.fields) known += (known.empty() ? "" : ", ") + f.name;
      fail(ErrorKind::kValue, op, ": ", name, "=", text,
           " is not an argument of this operator; expected ",
           known.empty() ? "none" : "one of " + known);
    }
    field->set_text(data.get(), text, op);
    given[static_cast<size_t>(field - schema.fields.data())] = true;
  }
  check_required(schema, given, op);
  if (schema.validate) schema.validate(data.get(), op);
  return {&schema, std::move(data)};
}

Params Params::build(const ParamSchema& schema,
                     std::span<const std::pair<const FieldInfo*, AttrValue>> values,
                     std::string_view op) {
  std::shared_ptr<void> data = schema.make();
  std::vector<bool> given(schema.fields.size());
  for (const auto& [field, value] : values) {
    if (std::holds_alternative<std::monostate>(value) && !field->codec->is_optional &&
        field->choices.empty())
      continue;
    field->set(data.get(), value, op);
    given[static_cast<size_t>(field - schema.fields.data())] = true;
  }
  check_required(schema, given, op);
  if (schema.validate) schema.validate(data.get(), op);
  return {&schema, std::move(data)};
}

AttrMap Params::to_attrs() const {
  AttrMap attrs;
  if (schema_)
    for (const FieldInfo& field : schema_->fields) attrs[field.name] = field.print(data_.get());
  if (const AttrMap* others = schema_ ? schema_->others(data_.get()) : nullptr)
    attrs.insert(others->begin(), others->end());
  return attrs;
}

bool Params::operator==(const Params& other) const {
  if (data_ == other.data_) return true;
  if (!schema_ || !other.schema_ || *schema_->type != *other.schema_->type) return false;
  if (schema_->others_offset &&
      *schema_->others(data_.get()) != *other.schema_->others(other.data_.get()))
    return false;
  const auto* a = static_cast<const char*>(data_.get());
  const auto* b = static_cast<const char*>(other.data_.get());
  return std::all_of(schema_->fields.begin(), schema_->fields.end(), [&](const FieldInfo& field) {
    return field.codec->equal(a + field.offset, b + field.offset);
  });
}

size_t Params::hash() const {
  size_t seed = schema_ ? schema_->type->hash_code() : 0;
  if (schema_)
    for (const FieldInfo& field : schema_->fields)
      seed = hash_combine(seed,
                          field.codec->hash(static_cast<const char*>(data_.get()) + field.offset));
  if (const AttrMap* others = schema_ ? schema_->others(data_.get()) : nullptr)
    for (const auto& [name, text] : *others)
      seed = hash_combine(seed, std::hash<std::string>{}(name + "=" + text));
  return seed;
}

}  // namespace mx
