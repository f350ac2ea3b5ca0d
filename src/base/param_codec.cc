#include "base/param_codec.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace mx::codec {
namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\n\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n\r") - first + 1);
}

/// Calls item(text) for each member of "(a, b)" or "[a, b]" or a single bare "a".
template <typename F>
bool for_each_item(std::string_view text, F&& item) {
  text = trim(text);
  if (text.empty()) return false;
  const bool bracketed = text.front() == '(' || text.front() == '[';
  if (!bracketed) return item(text);
  if (text.back() != (text.front() == '(' ? ')' : ']') || text.size() < 2) return false;
  text = text.substr(1, text.size() - 2);
  while (!trim(text).empty()) {
    const auto comma = text.find(',');
    if (!item(trim(text.substr(0, comma)))) return false;
    if (comma == std::string_view::npos) break;
    text = text.substr(comma + 1);
  }
  return true;
}

template <typename T>
std::string shortest(T value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

}  // namespace

bool is_none(std::string_view text) { return trim(text) == "None"; }

bool parse_bool(std::string_view text, bool& value) {
  std::string lower;
  for (char c : trim(text)) lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  if (lower == "true" || lower == "1") return value = true, true;
  if (lower == "false" || lower == "0") return value = false, true;
  return false;
}

bool parse_int(std::string_view text, int64_t& value) {
  text = trim(text);
  if (!text.empty() && text.back() == 'L') text.remove_suffix(1);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc{} && result.ptr == text.data() + text.size();
}

bool parse_double(std::string_view text, double& value) {
  text = trim(text);
  if (text == "True" || text == "False") return value = text == "True", true;
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  if (!text.empty() && (text.back() == 'f' || text.back() == 'F') && text.find('n') == text.npos)
    text.remove_suffix(1);
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc{} && result.ptr == text.data() + text.size();
}

bool parse_int_tuple(std::string_view text, std::vector<int64_t>& value) {
  value.clear();
  return for_each_item(text, [&](std::string_view item) {
    int64_t number = -1;
    if (!is_none(item) && !parse_int(item, number)) {
      double real = 0;  // "3.0" was written by some exporters
      if (!parse_double(item, real) || real != std::floor(real) || std::abs(real) > 9e15)
        return false;
      number = static_cast<int64_t>(real);
    }
    value.push_back(number);
    return true;
  });
}

bool parse_double_tuple(std::string_view text, std::vector<double>& value) {
  value.clear();
  return for_each_item(
      text, [&](std::string_view item) { return parse_double(item, value.emplace_back()); });
}

std::string print_double(double value) { return shortest(value); }
std::string print_float(float value) { return shortest(value); }

std::string print_double_tuple(std::span<const double> values) {
  std::string text = "(";
  for (size_t i = 0; i < values.size(); ++i) text += (i ? ", " : "") + print_double(values[i]);
  return text + (values.size() == 1 ? ",)" : ")");
}

bool Codec<bool>::assign(const AttrValue& from, bool& v) {
  if (const auto* b = std::get_if<bool>(&from)) return v = *b, true;
  if (const auto* i = std::get_if<int64_t>(&from)) return v = *i != 0, *i == 0 || *i == 1;
  if (const auto* s = std::get_if<std::string>(&from)) return parse(*s, v);
  return false;
}

bool Codec<std::string>::assign(const AttrValue& from, std::string& v) {
  if (const auto* s = std::get_if<std::string>(&from)) return v = *s, true;
  if (const auto* i = std::get_if<int64_t>(&from)) return v = std::to_string(*i), true;
  if (const auto* d = std::get_if<double>(&from)) return v = print_double(*d), true;
  if (const auto* b = std::get_if<bool>(&from)) return v = *b ? "True" : "False", true;
  return false;
}

bool Codec<Shape>::parse(std::string_view text, Shape& v) {
  std::vector<int64_t> dims;
  if (is_none(text)) return v = Shape(), true;
  if (!parse_int_tuple(text, dims)) return false;
  return v = Shape(dims), true;
}

bool Codec<Shape>::assign(const AttrValue& from, Shape& v) {
  if (const auto* list = std::get_if<std::vector<int64_t>>(&from)) return v = Shape(*list), true;
  if (const auto* i = std::get_if<int64_t>(&from)) return v = Shape{*i}, true;
  if (const auto* s = std::get_if<std::string>(&from)) return parse(*s, v);
  const auto* reals = std::get_if<std::vector<double>>(&from);
  if (!reals) return false;
  v = Shape(std::vector<int64_t>(reals->begin(), reals->end()));
  return std::equal(reals->begin(), reals->end(), v.begin(),
                    [](double a, int64_t b) { return a == static_cast<double>(b); });
}

size_t Codec<Shape>::hash(const Shape& v) {
  size_t seed = static_cast<size_t>(v.ndim());
  for (int64_t d : v) seed = hash_combine(seed, static_cast<size_t>(d));
  return seed;
}

bool Codec<std::vector<double>>::assign(const AttrValue& from, std::vector<double>& v) {
  if (const auto* d = std::get_if<std::vector<double>>(&from)) return v = *d, true;
  if (const auto* i = std::get_if<std::vector<int64_t>>(&from))
    return v.assign(i->begin(), i->end()), true;
  if (const auto* s = std::get_if<std::string>(&from)) return parse(*s, v);
  double single = 0;
  if (!Codec<double>::assign(from, single)) return false;
  return v.assign(1, single), true;
}

size_t Codec<std::vector<double>>::hash(const std::vector<double>& v) {
  size_t seed = v.size();
  for (double d : v) seed = hash_combine(seed, std::hash<double>{}(d));
  return seed;
}

bool Codec<DType>::parse(std::string_view text, DType& v) {
  v = dtype_from_name(trim(text));
  return v != DType::kUnknown;
}

bool Codec<DType>::assign(const AttrValue& from, DType& v) {
  if (const auto* s = std::get_if<std::string>(&from)) return parse(*s, v);
  const auto* i = std::get_if<int64_t>(&from);
  if (!i || !is_dtype_code(*i)) return false;
  return v = static_cast<DType>(*i), true;
}

}  // namespace mx::codec
