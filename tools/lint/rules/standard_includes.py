"""A C++ file includes the standard header of every standard name that it uses.

A newer compiler's headers include less of each other, so a file that compiles by luck today does
not tomorrow. A header of the project that the file includes, directly or through others, may bring
the standard header along.
"""

from __future__ import annotations

import re
from functools import cache

from common import CPP_SUFFIXES, Finding, matches

RULE = "standard-includes"
# Header: the names it declares that are looked for. A name may stand in several.
_NAMES = {
    "algorithm": "all_of any_of binary_search clamp copy copy_n count count_if equal fill fill_n "
    "find find_if lower_bound max_element min_element none_of nth_element partial_sort "
    "partition_point replace reverse sort stable_sort transform unique upper_bound max min",
    "any": "any any_cast",
    "array": "array",
    "atomic": "atomic atomic_flag atomic_thread_fence memory_order_acq_rel memory_order_acquire "
    "memory_order_relaxed memory_order_release memory_order_seq_cst",
    "barrier": "barrier",
    "bit": "bit_cast bit_ceil bit_floor bit_width countl_zero countr_zero endian popcount",
    "charconv": "chars_format from_chars to_chars",
    "chrono": "chrono",
    "cmath": "acos acosh asin asinh atan atan2 atanh cbrt ceil cos cosh erf erfc exp exp2 expm1 "
    "fabs floor fmod hypot isfinite isinf isnan lgamma log log10 log1p log2 lrint lrintf "
    "nearbyint nextafter nextafterf pow remainder rint round signbit sin sinh sqrt tan tanh "
    "tgamma trunc",
    "complex": "complex",
    "concepts": "convertible_to derived_from floating_point integral invocable same_as "
    "signed_integral unsigned_integral",
    "condition_variable": "condition_variable condition_variable_any",
    "csetjmp": "jmp_buf longjmp",
    "cstddef": "byte max_align_t nullptr_t ptrdiff_t",
    "cstdint": "int8_t int16_t int32_t int64_t intmax_t intptr_t uint8_t uint16_t uint32_t "
    "uint64_t uintmax_t uintptr_t",
    "cstdio": "FILE fclose fflush fopen fprintf fputs fread fseek fwrite printf snprintf",
    "cstdlib": "abort aligned_alloc calloc exit free getenv malloc realloc strtod strtol strtoll",
    "cstring": "memchr memcmp memcpy memmove memset strchr strcmp strerror strlen strncmp strrchr",
    "deque": "deque",
    "exception": "current_exception exception exception_ptr make_exception_ptr rethrow_exception "
    "set_terminate uncaught_exceptions",
    "filesystem": "filesystem",
    "fstream": "fstream ifstream ofstream",
    "functional": "bit_and bit_or equal_to function greater hash less multiplies plus",
    "future": "async future packaged_task promise",
    "initializer_list": "initializer_list",
    "iomanip": "setfill setprecision setw",
    "iostream": "cerr cin clog cout",
    "iterator": "back_inserter istreambuf_iterator next ostreambuf_iterator prev",
    "limits": "numeric_limits",
    "list": "list",
    "map": "map multimap",
    "memory": "allocator enable_shared_from_this make_shared make_unique shared_ptr "
    "static_pointer_cast unique_ptr weak_ptr",
    "mutex": "call_once lock_guard mutex once_flag recursive_mutex scoped_lock unique_lock",
    "new": "align_val_t bad_alloc nothrow",
    "numbers": "numbers",
    "numeric": "accumulate exclusive_scan gcd inclusive_scan iota lcm partial_sum reduce",
    "optional": "make_optional nullopt nullopt_t optional",
    "queue": "priority_queue queue",
    "random": "mt19937 mt19937_64 normal_distribution uniform_int_distribution "
    "uniform_real_distribution",
    "set": "multiset set",
    "shared_mutex": "shared_lock shared_mutex",
    "span": "as_bytes as_writable_bytes dynamic_extent span",
    "sstream": "istringstream ostringstream stringstream",
    "stdexcept": "invalid_argument length_error logic_error out_of_range overflow_error "
    "runtime_error",
    "string": "getline stod stof stoi stol stoll stoull string to_string u16string u32string",
    "string_view": "string_view",
    "system_error": "errc error_code generic_category make_error_code system_category system_error",
    "thread": "jthread this_thread thread",
    "tuple": "apply forward_as_tuple ignore make_tuple tie tuple tuple_size_v",
    "type_traits": "add_const_t common_type_t conditional_t decay_t enable_if_t false_type "
    "integral_constant invoke_result_t is_arithmetic_v is_base_of_v is_enum_v "
    "is_floating_point_v is_integral_v is_same_v is_signed_v is_trivially_copyable_v "
    "is_unsigned_v is_void_v make_signed_t make_unsigned_t remove_const_t remove_cvref_t "
    "remove_pointer_t remove_reference_t true_type type_identity_t underlying_type_t void_t",
    "typeindex": "type_index",
    "typeinfo": "bad_cast type_info",
    "unordered_map": "unordered_map unordered_multimap",
    "unordered_set": "unordered_multiset unordered_set",
    "utility": "cmp_equal cmp_less declval exchange forward index_sequence make_index_sequence "
    "make_pair move pair swap to_underlying",
    "variant": "get_if holds_alternative monostate variant visit",
    "vector": "vector",
}
# What needs no header of its own where another one has to declare it to do its own work.
_ALSO = {
    "algorithm": "ranges",
    "exception": "stdexcept new typeinfo",
    "initializer_list": "algorithm array deque list map memory optional set string unordered_map "
    "unordered_set utility vector",
    "iterator": "array deque list map set span string string_view unordered_map unordered_set "
    "vector",
    "mutex": "condition_variable",
    "string": "filesystem sstream",
    "string_view": "string filesystem sstream",
    "tuple": "map unordered_map",
    "system_error": "charconv filesystem",
    "utility": "algorithm array deque functional list map memory optional queue set string tuple "
    "unordered_map unordered_set variant vector",
}
_NAME = re.compile(r"\bstd::(?:ranges::)?(?P<std>\w+)|(?<![\w.:>])(?P<bare>u?int\w*_t)\b")
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(?:"(?P<own>[^"]+)"|<(?P<other>[^>]+)>)', re.M)
_ROOTS = ("src", "python/src", "tests/cpp")


def _headers_by_name():
    """For each name the headers that declare it, the one to suggest first."""
    found = {}
    for header, names in _NAMES.items():
        for name in names.split():
            found.setdefault(name, []).extend((header, *_ALSO.get(header, "").split()))
    return found


def check(tree):
    headers_by_name = _headers_by_name()

    @cache
    def included(path):
        """Standard headers that a file includes, directly or through the project's headers."""
        found, visited, waiting = set(), {path}, [path]
        while waiting:
            file = waiting.pop()
            for _, match in matches(tree.code(file), _INCLUDE):
                if match["other"]:
                    found.add(match["other"])
                    continue
                for folder in (*_ROOTS, file.rpartition("/")[0]):
                    own = f"{folder}/{match['own']}"
                    if own not in visited and tree.exists(own):
                        visited.add(own)
                        waiting.append(own)
        return found

    for path in tree.files(*(f"{root}/" for root in _ROOTS), suffixes=CPP_SUFFIXES):
        reported = set()
        for line, match in matches(tree.code(path), _NAME):
            name = match["std"] or match["bare"]
            headers = headers_by_name.get(name)
            if headers and headers[0] not in reported and not included(path) & set(headers):
                reported.add(headers[0])
                message = f"`{name}` is used; add `#include <{headers[0]}>`"
                yield Finding(path, line, RULE, message)
