#pragma once
// Codecs of the field types; included by param.h.
#include <concepts>

#include "base/param.h"

namespace mx {

namespace codec {

bool parse_bool(std::string_view text, bool& value);
bool parse_int(std::string_view text, int64_t& value);
bool parse_double(std::string_view text, double& value);
/// "(1, 2)", "[1,2]", "3", "()", with an optional L behind a number and None for an unknown
/// dimension.
bool parse_int_tuple(std::string_view text, std::vector<int64_t>& value);
bool parse_double_tuple(std::string_view text, std::vector<double>& value);
std::string print_double(double value);
std::string print_float(float value);
std::string print_double_tuple(std::span<const double> values);
bool is_none(std::string_view text);

/// Reading, writing and comparing one type; specialised below.
template <typename T>
struct Codec;

template <>
struct Codec<bool> {
  static constexpr std::string_view kName = "boolean";
  static bool parse(std::string_view text, bool& v) { return parse_bool(text, v); }
  static bool assign(const AttrValue& from, bool& v);
  static std::string print(bool v) { return v ? "1" : "0"; }
  static size_t hash(bool v) { return v; }
};

template <std::integral T>
requires(!std::same_as<T, bool>) struct Codec<T> {
  static constexpr std::string_view kName = sizeof(T) == 8 ? "long" : "int";
  static bool narrow(int64_t wide, T& v) {
    v = static_cast<T>(wide);
    return static_cast<int64_t>(v) == wide && (std::is_signed_v<T> || wide >= 0);
  }
  static bool parse(std::string_view text, T& v) {
    int64_t wide = 0;
    return parse_int(text, wide) && narrow(wide, v);
  }
  static bool assign(const AttrValue& from, T& v) {
    if (const auto* i = std::get_if<int64_t>(&from)) return narrow(*i, v);
    if (const auto* b = std::get_if<bool>(&from)) return narrow(*b, v);
    if (const auto* s = std::get_if<std::string>(&from)) return parse(*s, v);
    if (const auto* d = std::get_if<double>(&from))
      return *d == static_cast<double>(static_cast<int64_t>(*d)) &&
             narrow(static_cast<int64_t>(*d), v);
    return false;
  }
  static std::string print(T v) { return std::to_string(v); }
  static size_t hash(T v) { return std::hash<T>{}(v); }
};

template <std::floating_point T>
struct Codec<T> {
  static constexpr std::string_view kName = sizeof(T) == 8 ? "double" : "float";
  static bool parse(std::string_view text, T& v) {
    double wide = 0;
    if (!parse_double(text, wide)) return false;
    v = static_cast<T>(wide);
    return true;
  }
  static bool assign(const AttrValue& from, T& v) {
    if (const auto* d = std::get_if<double>(&from)) return v = static_cast<T>(*d), true;
    if (const auto* i = std::get_if<int64_t>(&from)) return v = static_cast<T>(*i), true;
    if (const auto* b = std::get_if<bool>(&from)) return v = static_cast<T>(*b), true;
    if (const auto* s = std::get_if<std::string>(&from)) return parse(*s, v);
    return false;
  }
  static std::string print(T v) {
    if constexpr (sizeof(T) == 4)
      return print_float(v);
    else
      return print_double(v);
  }
  static size_t hash(T v) { return std::hash<T>{}(v); }
};

template <>
struct Codec<std::string> {
  static constexpr std::string_view kName = "string";
  static bool parse(std::string_view text, std::string& v) { return v = text, true; }
  static bool assign(const AttrValue& from, std::string& v);
  static std::string print(const std::string& v) { return v; }
  static size_t hash(const std::string& v) { return std::hash<std::string>{}(v); }
};

template <>
struct Codec<Shape> {
  static constexpr std::string_view kName = "Shape(tuple)";
  static bool parse(std::string_view text, Shape& v);
  static bool assign(const AttrValue& from, Shape& v);
  static std::string print(const Shape& v) { return to_string(v); }
  static size_t hash(const Shape& v);
};

template <>
struct Codec<std::vector<double>> {
  static constexpr std::string_view kName = "tuple of <float>";
  static bool parse(std::string_view text, std::vector<double>& v) {
    return parse_double_tuple(text, v);
  }
  static bool assign(const AttrValue& from, std::vector<double>& v);
  static std::string print(const std::vector<double>& v) { return print_double_tuple(v); }
  static size_t hash(const std::vector<double>& v);
};

template <>
struct Codec<DType> {
  static constexpr std::string_view kName = "dtype";
  static bool parse(std::string_view text, DType& v);
  static bool assign(const AttrValue& from, DType& v);
  static std::string print(DType v) { return std::string(dtype_name(v)); }
  static size_t hash(DType v) { return static_cast<size_t>(v); }
};

/// Enumerations are an int32_t; FieldInfo::choices turns text into the number.
template <typename E>
requires std::is_enum_v<E>
struct Codec<E> {
  static_assert(sizeof(E) == 4, "parameter enumerations are int32_t wide");
  static constexpr std::string_view kName = "enum";
  static bool parse(std::string_view, E&) { return false; }
  static bool assign(const AttrValue& from, E& v) {
    const auto* i = std::get_if<int64_t>(&from);
    return i && (v = static_cast<E>(*i), true);
  }
  static std::string print(E v) { return std::to_string(static_cast<int32_t>(v)); }
  static size_t hash(E v) { return static_cast<size_t>(v); }
};

template <typename T>
struct Codec<std::optional<T>> {
  static constexpr std::string_view kName = Codec<T>::kName;
  static bool parse(std::string_view text, std::optional<T>& v) {
    if (is_none(text)) return v.reset(), true;
    return Codec<T>::parse(text, v.emplace());
  }
  static bool assign(const AttrValue& from, std::optional<T>& v) {
    if (std::holds_alternative<std::monostate>(from)) return v.reset(), true;
    if (const auto* s = std::get_if<std::string>(&from)) return parse(*s, v);
    return Codec<T>::assign(from, v.emplace());
  }
  static std::string print(const std::optional<T>& v) { return v ? Codec<T>::print(*v) : "None"; }
  static size_t hash(const std::optional<T>& v) { return v ? Codec<T>::hash(*v) + 1 : 0; }
};

template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <typename T>
std::optional<double> number_of(const T& value) {
  if constexpr (IsOptional<T>::value) {
    if (!value) return std::nullopt;
    return number_of(*value);
  } else if constexpr (std::is_arithmetic_v<T>) {
    return static_cast<double>(value);
  } else {
    return std::nullopt;
  }
}

}  // namespace codec

template <typename T>
const FieldCodec& codec_of() {
  using C = codec::Codec<T>;
  static const FieldCodec instance{
      C::kName,
      codec::IsOptional<T>::value,
      [](std::string_view text, void* v) { return C::parse(text, *static_cast<T*>(v)); },
      [](const AttrValue& from, void* v) { return C::assign(from, *static_cast<T*>(v)); },
      [](const void* v) { return C::print(*static_cast<const T*>(v)); },
      [](const void* a, const void* b) {
        return *static_cast<const T*>(a) == *static_cast<const T*>(b);
      },
      [](const void* v) { return C::hash(*static_cast<const T*>(v)); },
      [](const void* v) { return codec::number_of(*static_cast<const T*>(v)); }};
  return instance;
}

}  // namespace mx
