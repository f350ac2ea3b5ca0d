#pragma once
#include <string>
#include <unordered_map>
#include <vector>

#include "ir/op.h"

namespace mx {

/// What mixed precision does with the inputs of an operator.
enum class CastRule {
  kKeep,     ///< nothing: it computes in the type that it is given
  kLow,      ///< all of them in the low precision
  kFloat32,  ///< all of them in float32
  kWidest,   ///< all of them in the widest type among them
};

/// In which type each operator computes under mixed precision. Thread safety: read-only once made.
class CastPolicy {
 public:
  /// An operator that computes in float32 if a parameter has one of some values.
  struct Condition {
    std::string parameter;
    std::vector<std::string> values;
  };

  /// `low` is the type of kLow. Throws: TypeError when it is neither float16 nor bfloat16.
  explicit CastPolicy(DType low);

  /// Names that no operator has are passed over: lists are written for several versions. So are
  /// aliases, as in MXNet 1.9.1, whose lists send some to other types than the operator itself.
  void set_rule(std::string_view op, CastRule rule);
  void add_condition(std::string_view op, Condition condition);

  DType low() const { return low_; }
  CastRule rule_of(const Op& op) const;
  /// Whether one of the operator's conditions holds.
  bool is_conditionally_float32(const Op& op, const Params& params) const;

 private:
  DType low_;
  std::unordered_map<const Op*, CastRule> rules_;
  std::unordered_map<const Op*, std::vector<Condition>> conditions_;
};

/// The policy of `mx.contrib.amp.init`, by which operators that programs call cast their inputs;
/// null while there is none. Thread safety: any thread; a policy stays alive for ever.
const CastPolicy* active_cast_policy();
void set_active_cast_policy(const CastPolicy* policy);

}  // namespace mx
