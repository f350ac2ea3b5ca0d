#pragma once
// Numbers in the shape of a reshape that are no sizes but say what to do with those of data.
#include <string>
#include <utility>

#include "base/checked.h"
#include "ir/infer_context.h"

namespace mx {

inline int64_t product_or_unknown(const ShapeContext& c, int64_t a, int64_t b) {
  return a < 0 || b < 0 ? -1 : (Checked(a) * b).get(c.op_name(), c.in_name(0), c.in(0));
}

/// Which number means what; -1, the size that follows from all others, is common to them.
struct CodeNames {
  const char* argument;  ///< of the operator
  int64_t copy;          ///< the size of data at this place
  int64_t rest;          ///< all sizes that are left
  int64_t product;       ///< the product of the next two
  int64_t split;         ///< the next size as the two numbers that follow, one of them may be -1
  int64_t skip;          ///< leaves out a size of 1
  int64_t lowest;
};
inline constexpr int64_t kNoCode = 1;  // a size, which is looked at first
inline constexpr CodeNames kLegacyCodes{"shape", 0, -2, -3, -4, kNoCode, -4};
inline constexpr CodeNames kNumpyCodes{"newshape", -2, -4, -5, -6, -3, -6};
inline constexpr CodeNames kNoCodes{"newshape", kNoCode, kNoCode, kNoCode, kNoCode, kNoCode, -1};

/// Reads codes against the shape of data, which has a rank.
class CodeReader {
 public:
  CodeReader(const ShapeContext& c, const CodeNames& names, Shape data, Shape codes)
      : c_(c), names_(names), data_(std::move(data)), codes_(std::move(codes)) {}

  /// Throws: ValueError naming the operator and the codes.
  Shape read() {
    for (at_ = 0; at_ < codes_.ndim(); ++at_) read_one(codes_[at_]);
    if (inferred_ >= 0) fill_inferred();
    return result_;
  }

 private:
  void read_one(int64_t code) {
    if (code > 0 || (code == 0 && names_.copy != 0)) {
      put(code), ++source_;
    } else if (code == names_.copy) {
      put(take());
    } else if (code == -1) {
      if (inferred_ >= 0) fail_codes("has more than one -1; expected one at most");
      inferred_ = result_.ndim();
      put(-1), ++source_;
    } else if (code == names_.rest) {
      while (source_ < data_.ndim()) put(take());
    } else if (code == names_.product) {
      const int64_t first = take();
      put(product_or_unknown(c_, first, take()));
    } else if (code == names_.split) {
      split(code);
    } else if (code == names_.skip) {
      if (const int64_t size = take(); size >= 0 && size != 1)
        fail_codes(concat("leaves out a dimension of size ", size, " with ", code, "; expected 1"));
    } else {
      fail_codes(concat("has an entry below ", names_.lowest, "; expected sizes and codes from ",
                        names_.lowest, " on"));
    }
  }

  void split(int64_t code) {
    if (at_ + 2 >= codes_.ndim())
      fail_codes(concat("has a ", code, " without two numbers behind it"));
    const int64_t whole = take();
    int64_t first = codes_[++at_], second = codes_[++at_];
    if (first < -1 || second < -1 || (first < 0 && second < 0) || first == 0 || second == 0)
      fail_codes(concat("splits with ", code, " into two unknown sizes; expected one -1 at most"));
    if (whole >= 0 && first < 0) first = whole / second;
    if (whole >= 0 && second < 0) second = whole / first;
    if (whole >= 0 && (Checked(first) * second).get(c_.op_name(), names_.argument, codes_) != whole)
      fail_codes(concat("splits a dimension of size ", whole, " with ", code, " into ", first,
                        " x ", second));
    put(first), put(second);
  }

  /// The one -1: what remains of all elements.
  void fill_inferred() {
    if (!data_.is_known()) return;
    Checked product = 1;
    for (int i = 0; i < result_.ndim(); ++i)
      if (i != inferred_) product *= result_[i];
    const int64_t others = product.get(c_.op_name(), names_.argument, codes_);
    const int64_t all = data_.size();
    if (others == 0 || all % others != 0)
      fail_codes(concat("does not divide the ", all, " elements of ", c_.in_name(0), "=", data_));
    result_[inferred_] = all / others;
  }

  int64_t take() {
    if (source_ >= data_.ndim())
      fail_codes(concat("refers to more dimensions than ", c_.in_name(0), "=", data_, " has"));
    return data_[source_++];
  }
  void put(int64_t size) { result_.push_back(size); }

  [[noreturn]] void fail_codes(const std::string& message) const {
    fail(ErrorKind::kValue, c_.op_name(), ": ", names_.argument, "=", codes_, " ", message);
  }

  const ShapeContext& c_;
  const CodeNames names_;
  Shape data_, codes_, result_ = Shape({});
  int at_ = 0, source_ = 0, inferred_ = -1;
};

}  // namespace mx
