// What every DescribeX shares: ids, --filters, tags, MaxResults and NextToken.
//
//   const auto page = describe(call, kVpcs, query_of(in, in.VpcIds), vpc_fields(call));
//   for (const auto& [id, vpc] : page.rows) out.Vpcs.push_back(render(call, *vpc));
//   out.NextToken = page.next_token;
//
// Results are in order of ids, so that a NextToken (the last id of a page, encoded) stays valid while others
// come and go.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ec2/shapes.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

// '*' any characters, '?' one, '\' takes the next as it is. Case counts.
bool matches_wildcard(std::string_view pattern, std::string_view text);

using Values = std::vector<std::string>;

// What a T answers for each filter name; several values where it has several (a group's rules).
template <class T>
using FilterFields = std::map<std::string, std::function<void(const T&, Values&)>, std::less<>>;

// True if for each filter one of its values matches one of the resource's. `values` answers a name, or false
// for an unknown one, which throws InvalidParameterValue. tag:KEY, tag-key and tag-value are answered from
// `tags`.
bool matches_filters(const std::vector<Filter>& filters,
                     const std::function<bool(std::string_view name, Values& out)>& values,
                     const std::function<TagMap()>& tags);

template <class T>
bool matches_filters(const std::vector<Filter>& filters, const FilterFields<T>& fields, const T& record,
                     const std::function<TagMap()>& tags) {
  return matches_filters(
      filters,
      [&](std::string_view name, Values& out) {
        const auto field = fields.find(name);
        if (field == fields.end()) return false;
        field->second(record, out);
        return true;
      },
      tags);
}

// --- pages

struct Paging {
  std::optional<int64_t> max_results;
  std::optional<std::string> next_token;
};

std::string encode_token(std::string_view last_key);
std::string decode_token(std::string_view token);  // throws InvalidNextToken... as EC2 does

// Leaves of `rows` (pairs, in order of `first`) the page; returns the token of the next.
template <class T>
std::optional<std::string> take_page(std::vector<std::pair<std::string, T>>& rows, const Paging& paging) {
  if (paging.next_token) {
    const std::string after = decode_token(*paging.next_token);
    std::erase_if(rows, [&](const auto& row) { return row.first <= after; });
  }
  if (!paging.max_results || rows.size() <= static_cast<size_t>(*paging.max_results)) return std::nullopt;
  if (*paging.max_results < 1) throw_invalid("MaxResults must be positive");
  rows.resize(static_cast<size_t>(*paging.max_results));
  return encode_token(rows.back().first);
}

// --- a whole Describe

struct Query {
  std::vector<std::string> ids;
  std::vector<Filter> filters;
  Paging paging;
};

template <class Request>
Query query_of(const Request& in, const std::vector<std::string>& ids) {
  if (!ids.empty() && in.MaxResults)
    throw_error("InvalidParameterCombination",
                "The parameter MaxResults cannot be used with the parameter for ids in the same call");
  return {ids, in.Filters, {in.MaxResults, in.NextToken}};
}

template <class T>
struct Page {
  std::vector<std::pair<std::string, std::shared_ptr<const T>>> rows;
  std::optional<std::string> next_token;
};

template <class T>
Page<T> describe(const Call& call, const Resource<T>& resource, const Query& query,
                 const FilterFields<T>& fields) {
  Page<T> page;
  if (query.ids.empty()) {
    page.rows = rows(call, resource).all();
  } else {
    std::map<std::string, std::shared_ptr<const T>> chosen;  // once each, in order
    for (const std::string& id : query.ids) chosen.emplace(id, require(call, resource, id));
    page.rows.assign(chosen.begin(), chosen.end());
  }
  std::erase_if(page.rows, [&](const auto& row) {
    return !matches_filters(query.filters, fields, *row.second, [&] { return tags_of(call, row.first); });
  });
  page.next_token = take_page(page.rows, query.paging);
  return page;
}

inline std::string text_of(bool value) { return value ? "true" : "false"; }

}  // namespace landfall::ec2
