#pragma once
// JSON values, as graphs are written in.
#include "tensor.h"

namespace mxnet {
namespace ext {

enum JsonType { ERR, STR, NUM, LIST, MAP };

struct JsonVal {
  JsonVal() = default;
  explicit JsonVal(JsonType kind) : type(kind) {}
  explicit JsonVal(std::string text) : type(STR), str(std::move(text)) {}
  explicit JsonVal(int number) : type(NUM), num(number) {}
  JsonVal(JsonType kind, int number, std::string text)
      : type(kind), num(number), str(std::move(text)) {}

  bool operator<(const JsonVal& other) const {
    if (type != STR && type != NUM) return false;
    return type == STR ? str < other.str : num < other.num;
  }

  std::string dump() const {
    if (type == NUM) return std::to_string(num);
    if (type == STR) return quoted(str);
    std::string text;
    for (const JsonVal& each : list) text += (text.empty() ? "" : ",") + each.dump();
    for (const auto& entry : map)
      text += (text.empty() ? "" : ",") + entry.first.dump() + " : " + entry.second.dump();
    return type == LIST ? "[" + text + "]" : type == MAP ? "{" + text + "}" : "";
  }
  std::string toString() const { return dump(); }

  /// ERR where the text is no JSON. Numbers are cut to integers.
  static JsonVal parse(const std::string& text) {
    unsigned place = 0;
    return parse(text, &place);
  }
  static JsonVal parse(const std::string& text, unsigned* place) {
    skip_space(text, place);
    if (*place >= text.size()) return JsonVal(ERR);
    switch (text[*place]) {
      case '"':
        return parse_string(text, place);
      case '[':
        return parse_list(text, place);
      case '{':
        return parse_map(text, place);
      default:
        return parse_num(text, place);
    }
  }

  static JsonVal parse_string(const std::string& text, unsigned* place) {
    std::string result;
    for (++*place; *place < text.size() && text[*place] != '"'; ++*place) {
      if (text[*place] == '\\' && *place + 1 < text.size()) {
        const char next = text[++*place];
        result += next == 'n' ? '\n' : next == 't' ? '\t' : next == 'r' ? '\r' : next;
      } else {
        result += text[*place];
      }
    }
    if (*place >= text.size()) return JsonVal(ERR);
    ++*place;
    return JsonVal(result);
  }

  static JsonVal parse_num(const std::string& text, unsigned* place) {
    const unsigned start = *place;
    while (*place < text.size() && std::strchr("+-.0123456789eE", text[*place])) ++*place;
    if (*place == start) {
      *place = static_cast<unsigned>(text.size());
      return JsonVal(ERR);
    }
    return JsonVal(static_cast<int>(std::strtod(text.c_str() + start, nullptr)));
  }

  static JsonVal parse_list(const std::string& text, unsigned* place) {
    JsonVal result(LIST);
    while (has_entry(text, place, ']')) {
      result.list.push_back(parse(text, place));
      if (result.list.back().type == ERR) return JsonVal(ERR);
    }
    return result;
  }

  static JsonVal parse_map(const std::string& text, unsigned* place) {
    JsonVal result(MAP);
    while (has_entry(text, place, '}')) {
      JsonVal key = parse(text, place);
      skip_space(text, place);
      if (key.type == ERR || *place >= text.size() || text[*place] != ':') return JsonVal(ERR);
      ++*place;
      JsonVal value = parse(text, place);
      if (value.type == ERR) return JsonVal(ERR);
      result.map[key] = std::move(value);
    }
    return result;
  }

  JsonType type = ERR;
  int num = -1;
  std::string str;
  std::vector<JsonVal> list;
  std::map<JsonVal, JsonVal> map;

 private:
  static void skip_space(const std::string& text, unsigned* place) {
    while (*place < text.size() && std::isspace(static_cast<unsigned char>(text[*place]))) ++*place;
  }
  /// Goes over the opening bracket or a comma; false at the closing one, behind it.
  static bool has_entry(const std::string& text, unsigned* place, char closing) {
    skip_space(text, place);
    if (*place >= text.size()) return false;
    if (text[*place] != closing) {
      ++*place;
      skip_space(text, place);
      if (*place >= text.size() || text[*place] != closing) return *place < text.size();
    }
    ++*place;
    return false;
  }
  static std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (char c : text) {
      if (c == '\n')
        result += "\\n";
      else if (c == '"' || c == '\\')
        result += std::string("\\") + c;
      else
        result += c;
    }
    return result + "\"";
  }
};

/// Entry `index` of a list such as "[[1],[2,3]]".
inline std::string getShapeAt(const std::string& shapes, unsigned index) {
  const JsonVal list = JsonVal::parse(shapes);
  if (index >= list.list.size()) return "";
  return list.list[index].dump();
}
/// Entry `index` of a list such as "[0,2]".
inline std::string getDtypeAt(const std::string& dtypes, unsigned index) {
  return getShapeAt(dtypes, index);
}

}  // namespace ext
}  // namespace mxnet
