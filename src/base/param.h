#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <variant>
#include <vector>

#include "base/dtype.h"
#include "base/error.h"
#include "base/shape.h"

/// Operator parameters: a plain struct with a list of its fields.
///
///     struct SoftmaxParam {
///       int64_t axis = -1;
///       std::optional<double> temperature;
///       static void describe(ParamBuilder<SoftmaxParam>& fields) {
///         fields.add("axis", &SoftmaxParam::axis, "The axis along which to normalise.");
///         fields.add("temperature", &SoftmaxParam::temperature, "Divides the input.");
///       }
///     };
///
/// From that list come parsing and printing, defaults, checks, hash and equality, the Python
/// signature, the stub and the table in the documents. The default is the value that a
/// default-constructed struct holds.
namespace mx {

/// A value as a caller gives it: None, typed (the Python fast path), or text (JSON, C API).
using AttrValue = std::variant<std::monostate, bool, int64_t, double, std::string,
                               std::vector<int64_t>, std::vector<double>>;

/// Attributes as text, in the order of their names.
using AttrMap = std::map<std::string, std::string, std::less<>>;

/// How one field type is read, written and compared. One instance per type, made by codec_of<T>().
struct FieldCodec {
  std::string_view
      type_name;             ///< as 1.9.1 writes it: "int", "float", "boolean", "Shape(tuple)" ...
  bool is_optional = false;  ///< accepts None
  bool (*parse)(std::string_view text, void* value);
  bool (*assign)(const AttrValue& from, void* value);
  std::string (*print)(const void* value);
  bool (*equal)(const void* a, const void* b);
  size_t (*hash)(const void* value);
  /// The number in the field, for range checks; empty for None and for types without order.
  std::optional<double> (*number)(const void* value);
};

template <typename T>
const FieldCodec& codec_of();

/// One field of a parameter struct.
class FieldInfo {
 public:
  std::string name;
  std::string doc;
  size_t offset = 0;
  const FieldCodec* codec = nullptr;
  bool is_required = false;
  std::optional<double> minimum, maximum;
  std::vector<std::pair<std::string, int32_t>> choices;  ///< of an enumeration

  FieldInfo& required() {
    is_required = true;
    return *this;
  }
  FieldInfo& at_least(double low) {
    minimum = low;
    return *this;
  }
  FieldInfo& range(double low, double high) {
    minimum = low;
    maximum = high;
    return *this;
  }
  /// Names of an enumeration's values, in the order in which 1.9.1 lists them.
  FieldInfo& choice(std::string text, int32_t value) {
    choices.emplace_back(std::move(text), value);
    return *this;
  }
  template <typename E>
  requires std::is_enum_v<E> FieldInfo& choice(std::string text, E value) {
    return choice(std::move(text), static_cast<int32_t>(value));
  }

  /// The type in words, for instance "{'relu', 'tanh'}" or "int (non-negative)".
  std::string type_text() const;
  /// Value of this field inside `params` as text.
  std::string print(const void* params) const;
  /// Sets this field inside `params`. Throws: ValueError or TypeError that names `op` and the
  /// field.
  void set(void* params, const AttrValue& value, std::string_view op) const;
  void set_text(void* params, std::string_view text, std::string_view op) const;

 private:
  bool set_choice(void* value, std::string_view text) const;
  void check_range(const void* value, std::string_view op) const;
};

/// The fields of one parameter struct and how to make, copy and compare it.
class ParamSchema {
 public:
  std::vector<FieldInfo> fields;
  /// The struct. Compared instead of addresses: each shared library has its own schema objects.
  const std::type_info* type = nullptr;
  std::function<std::shared_ptr<void>()> make;
  std::function<std::shared_ptr<void>(const void*)> copy;
  /// Checks across fields; may be empty. Throws ValueError naming the operator.
  std::function<void(const void*, std::string_view op)> validate;

  const FieldInfo* find(std::string_view name) const;
  /// For structs that take any further attribute: the member that holds those.
  std::optional<size_t> others_offset;
  AttrMap* others(void* params) const;
  const AttrMap* others(const void* params) const;
};

template <typename P>
class ParamBuilder {
 public:
  explicit ParamBuilder(ParamSchema& schema) : schema_(schema) {}

  template <typename T>
  FieldInfo& add(std::string name, T P::*member, std::string doc = "") {
    FieldInfo field;
    field.name = std::move(name);
    field.doc = std::move(doc);
    field.offset = offset_of(member);
    field.codec = &codec_of<T>();
    schema_.fields.push_back(std::move(field));
    return schema_.fields.back();
  }
  /// Attributes that are no field go there.
  void others(AttrMap P::*member) { schema_.others_offset = offset_of(member); }

 private:
  template <typename T>
  static size_t offset_of(T P::*member) {
    static const P probe{};
    return static_cast<size_t>(reinterpret_cast<const char*>(&(probe.*member)) -
                               reinterpret_cast<const char*>(&probe));
  }

  ParamSchema& schema_;
};

/// The schema of P; built once and never destroyed.
template <typename P>
const ParamSchema& schema_of() {
  static const ParamSchema* schema = [] {
    auto* made = new ParamSchema;
    ParamSchema& s = *made;
    ParamBuilder<P> builder(s);
    P::describe(builder);
    s.type = &typeid(P);
    s.make = [] { return std::static_pointer_cast<void>(std::make_shared<P>()); };
    s.copy = [](const void* p) {
      return std::static_pointer_cast<void>(std::make_shared<P>(*static_cast<const P*>(p)));
    };
    if constexpr (requires(const P& p, std::string_view op) { p.validate(op); })
      s.validate = [](const void* p, std::string_view op) {
        static_cast<const P*>(p)->validate(op);
      };
    return made;
  }();
  return *schema;
}

/// For operators without parameters.
struct NoParam {
  static void describe(ParamBuilder<NoParam>&) {}
};

/// An immutable, shared parameter struct together with its schema. One that was moved from holds
/// neither. Thread safety: as shared_ptr.
class Params {
 public:
  Params() = default;
  Params(const Params&) = default;
  Params& operator=(const Params&) = default;
  Params(Params&& other) noexcept
      : schema_(std::exchange(other.schema_, nullptr)), data_(std::move(other.data_)) {}
  Params& operator=(Params&& other) noexcept {
    schema_ = std::exchange(other.schema_, nullptr);
    data_ = std::move(other.data_);
    return *this;
  }

  /// Wraps a struct that code filled in.
  template <typename P>
  static Params of(P value) {
    return Params(&schema_of<P>(), std::make_shared<const P>(std::move(value)));
  }
  /// Reads attributes given as text. Throws: ValueError for an unknown name, a malformed or
  /// out-of-range value, or a required one that is missing; the text names `op`.
  static Params parse(const ParamSchema& schema, const AttrMap& attrs, std::string_view op);
  /// The same from typed values; None leaves the default unless the field is optional.
  static Params build(const ParamSchema& schema,
                      std::span<const std::pair<const FieldInfo*, AttrValue>> values,
                      std::string_view op);

  template <typename P>
  const P& as() const {
    internal_check(schema_ && *schema_->type == typeid(P),
                   "Params::as: asked for another parameter struct");
    return *static_cast<const P*>(data_.get());
  }

  const ParamSchema* schema() const { return schema_; }
  const void* data() const { return data_.get(); }
  explicit operator bool() const { return data_ != nullptr; }
  /// All fields as text.
  AttrMap to_attrs() const;
  bool operator==(const Params& other) const;
  size_t hash() const;

 private:
  Params(const ParamSchema* schema, std::shared_ptr<const void> data)
      : schema_(schema), data_(std::move(data)) {}

  const ParamSchema* schema_ = nullptr;
  std::shared_ptr<const void> data_;
};

/// Mixes a hash into another.
inline size_t hash_combine(size_t seed, size_t value) {
  return seed ^ (value + 0x9e3779b97f4a7c15ull + (seed << 6) + (seed >> 2));
}

}  // namespace mx

#include "base/param_codec.h"
