#include "services/cloudwatch/expression.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <numeric>

namespace landfall::cloudwatch {
namespace {

constexpr int kMaxDepth = 64;  // of parentheses

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A number, a series, or several series (METRICS()).
struct Term {
  enum class Kind { number, series, array } kind = Kind::number;
  double number = 0;
  Values values;
  std::vector<Values> array;
};

using Operation = std::function<std::optional<double>(double, double)>;

std::optional<double> finite(double value) {
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

Values spread(const Term& term, size_t periods) {
  if (term.kind == Term::Kind::series) return term.values;
  return Values(periods, finite(term.number));
}

Values known(const Values& values) {
  Values out;
  std::ranges::copy_if(values, std::back_inserter(out), [](const auto& value) { return value.has_value(); });
  return out;
}

// AVG, SUM, MIN, MAX, STDDEV of what is there.
std::optional<double> summary(const std::string& function, const Values& given) {
  const Values values = known(given);
  if (values.empty()) return std::nullopt;
  const auto n = static_cast<double>(values.size());
  double sum = 0, low = *values[0], high = *values[0];
  for (const auto& value : values) {
    sum += *value;
    low = std::min(low, *value);
    high = std::max(high, *value);
  }
  if (function == "SUM") return finite(sum);
  if (function == "AVG") return finite(sum / n);
  if (function == "MIN") return low;
  if (function == "MAX") return high;
  double squares = 0;
  for (const auto& value : values) squares += (*value - sum / n) * (*value - sum / n);
  return finite(std::sqrt(squares / n));
}
bool is_summary(const std::string& function) {
  return function == "SUM" || function == "AVG" || function == "MIN" || function == "MAX" ||
         function == "STDDEV";
}

class Parser {
 public:
  Parser(std::string_view text, const ExpressionInput& input) : text_(text), input_(input) {}

  Result<Term> parse() {
    LF_TRY(Term term, disjunction());
    skip_space();
    if (at_ != text_.size()) return unexpected();
    return term;
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) ++at_;
  }
  bool take(std::string_view token) {
    skip_space();
    if (!text_.substr(at_).starts_with(token)) return false;
    const size_t end = at_ + token.size();
    // A word ends where letters end: ANDx is a name.
    if (is_letter(token[0]) && end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end])))
      return false;
    at_ = end;
    return true;
  }
  std::unexpected<Error> unexpected() const {
    if (at_ >= text_.size()) return fail("the expression ends too early");
    return fail("unexpected \"" + std::string(text_.substr(at_, 10)) + "\"");
  }

  Result<Term> apply(const Term& left, const Term& right, const Operation& operation) const {
    if (left.kind == Term::Kind::array || right.kind == Term::Kind::array)
      return fail("an array of series must be summed up (SUM(METRICS())) before it is reckoned with");
    Term out;
    if (left.kind == Term::Kind::number && right.kind == Term::Kind::number) {
      out.number = operation(left.number, right.number).value_or(std::nan(""));
      return out;
    }
    out.kind = Term::Kind::series;
    const Values a = spread(left, input_.periods), b = spread(right, input_.periods);
    for (size_t i = 0; i < input_.periods; ++i)
      out.values.push_back(a[i] && b[i] ? operation(*a[i], *b[i]) : std::nullopt);
    return out;
  }

  Result<Term> disjunction() {
    LF_TRY(Term left, conjunction());
    while (take("OR") || take("||")) {
      LF_TRY(const Term right, conjunction());
      LF_TRY(left, apply(left, right, [](double a, double b) { return a != 0 || b != 0 ? 1.0 : 0.0; }));
    }
    return left;
  }
  Result<Term> conjunction() {
    LF_TRY(Term left, comparison());
    while (take("AND") || take("&&")) {
      LF_TRY(const Term right, comparison());
      LF_TRY(left, apply(left, right, [](double a, double b) { return a != 0 && b != 0 ? 1.0 : 0.0; }));
    }
    return left;
  }
  Result<Term> comparison() {
    LF_TRY(Term left, sum());
    static const std::pair<std::string_view, Operation> kinds[] = {
        {"==", [](double a, double b) { return a == b ? 1.0 : 0.0; }},
        {"!=", [](double a, double b) { return a != b ? 1.0 : 0.0; }},
        {"<=", [](double a, double b) { return a <= b ? 1.0 : 0.0; }},
        {">=", [](double a, double b) { return a >= b ? 1.0 : 0.0; }},
        {"<", [](double a, double b) { return a < b ? 1.0 : 0.0; }},
        {">", [](double a, double b) { return a > b ? 1.0 : 0.0; }},
    };
    for (const auto& [token, operation] : kinds) {
      if (!take(token)) continue;
      LF_TRY(const Term right, sum());
      return apply(left, right, operation);
    }
    return left;
  }
  Result<Term> sum() {
    LF_TRY(Term left, product());
    for (;;) {
      const bool plus = take("+");
      if (!plus && !take("-")) return left;
      LF_TRY(const Term right, product());
      LF_TRY(left, apply(left, right, [plus](double a, double b) { return finite(plus ? a + b : a - b); }));
    }
  }
  Result<Term> product() {
    LF_TRY(Term left, power());
    for (;;) {
      const bool times = take("*");
      if (!times && !take("/")) return left;
      LF_TRY(const Term right, power());
      LF_TRY(left, apply(left, right, [times](double a, double b) { return finite(times ? a * b : a / b); }));
    }
  }
  Result<Term> power() {
    LF_TRY(Term left, primary());
    if (!take("^")) return left;
    LF_TRY(const Term right, primary());
    return apply(left, right, [](double a, double b) { return finite(std::pow(a, b)); });
  }

  Result<Term> primary() {
    if (++depth_ > kMaxDepth) return fail("the expression is nested too deeply");
    auto term = bare_primary();
    --depth_;
    return term;
  }
  Result<Term> bare_primary() {
    skip_space();
    if (take("-")) {
      LF_TRY(const Term term, primary());
      return apply(Term{}, term, [](double, double b) { return -b; });
    }
    if (take("(")) {
      LF_TRY(Term term, disjunction());
      if (!take(")")) return unexpected();
      return term;
    }
    if (take("[")) return list();
    if (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) return number();
    if (at_ < text_.size() && is_letter(text_[at_])) return named();
    return unexpected();
  }
  Result<Term> list() {
    Term out{.kind = Term::Kind::array};
    do {
      LF_TRY(const Term each, disjunction());
      if (each.kind == Term::Kind::array) return fail("an array has series in it, not arrays");
      out.array.push_back(spread(each, input_.periods));
    } while (take(","));
    if (!take("]")) return unexpected();
    return out;
  }
  Result<Term> number() {
    Term term;
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), term.number);
    if (error != std::errc{}) return unexpected();
    at_ += static_cast<size_t>(end - begin);
    return term;
  }
  std::string word() {
    const size_t begin = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }
  Result<Term> named() {
    const std::string name = word();
    if (take("(")) return call(name);
    const auto found = input_.series.find(name);
    if (found == input_.series.end()) return fail("there is no query with the id " + name);
    return Term{.kind = Term::Kind::series, .values = found->second};
  }

  Result<Term> call(const std::string& name) {
    std::vector<Term> arguments;
    if (!take(")")) {
      do {
        if (name == "FILL" && arguments.size() == 1 && (take("REPEAT") || take("LINEAR")))
          return fail("FILL takes a number or a series here, not REPEAT and LINEAR");
        LF_TRY(Term argument, disjunction());
        arguments.push_back(std::move(argument));
      } while (take(","));
      if (!take(")")) return unexpected();
    }
    return function(name, arguments);
  }

  Result<Term> function(const std::string& name, const std::vector<Term>& arguments) const {
    using Kind = Term::Kind;
    if (name == "METRICS" && arguments.empty()) {
      Term out{.kind = Kind::array};
      for (const std::string& id : input_.metrics) out.array.push_back(input_.series.at(id));
      return out;
    }
    if (is_summary(name) && !arguments.empty()) return summed_up(name, arguments);
    static const std::map<std::string, double (*)(double)> plain = {
        {"ABS", [](double v) { return std::abs(v); }},     {"CEIL", [](double v) { return std::ceil(v); }},
        {"FLOOR", [](double v) { return std::floor(v); }}, {"LOG", [](double v) { return std::log(v); }},
        {"LOG10", [](double v) { return std::log10(v); }},
    };
    if (const auto found = plain.find(name); found != plain.end() && arguments.size() == 1)
      return apply(arguments[0], Term{}, [f = found->second](double a, double) { return finite(f(a)); });
    if (name == "IF" && (arguments.size() == 2 || arguments.size() == 3)) return conditional(arguments);
    if (name == "FILL" && arguments.size() == 2) return filled(arguments);
    if (name == "PERIOD" && arguments.size() == 1)
      return Term{.number = static_cast<double>(input_.period_s)};
    if ((name == "DIFF" || name == "RATE") && arguments.size() == 1 && arguments[0].kind == Kind::series) {
      Term out{.kind = Kind::series, .values = Values(input_.periods)};
      const Values& in = arguments[0].values;
      for (size_t i = 1; i < in.size(); ++i)
        if (in[i] && in[i - 1])
          out.values[i] =
              (*in[i] - *in[i - 1]) / (name == "RATE" ? static_cast<double>(input_.period_s) : 1.0);
      return out;
    }
    return fail("the function " + name + " with " + std::to_string(arguments.size()) +
                " arguments is not supported by Landfall");
  }

  // Of one series a number; of several, or of an array, a series.
  Result<Term> summed_up(const std::string& name, const std::vector<Term>& arguments) const {
    Term out;
    if (arguments.size() == 1 && arguments[0].kind == Term::Kind::series) {
      out.number = summary(name, arguments[0].values).value_or(std::nan(""));
      return out;
    }
    std::vector<Values> all;
    for (const Term& argument : arguments) {
      if (argument.kind == Term::Kind::array)
        all.insert(all.end(), argument.array.begin(), argument.array.end());
      else
        all.push_back(spread(argument, input_.periods));
    }
    out.kind = Term::Kind::series;
    for (size_t i = 0; i < input_.periods; ++i) {
      Values column;
      for (const Values& values : all) column.push_back(values[i]);
      out.values.push_back(summary(name, column));
    }
    return out;
  }

  Result<Term> conditional(const std::vector<Term>& arguments) const {
    for (const Term& argument : arguments)
      if (argument.kind == Term::Kind::array) return fail("IF takes no array of series");
    const Values condition = spread(arguments[0], input_.periods), yes = spread(arguments[1], input_.periods);
    const Values no = arguments.size() == 3 ? spread(arguments[2], input_.periods) : Values(input_.periods);
    Term out{.kind = Term::Kind::series};
    for (size_t i = 0; i < input_.periods; ++i)
      out.values.push_back(!condition[i] ? std::nullopt : *condition[i] != 0 ? yes[i] : no[i]);
    return out;
  }

  Result<Term> filled(const std::vector<Term>& arguments) const {
    if (arguments[0].kind != Term::Kind::series || arguments[1].kind == Term::Kind::array)
      return fail("FILL takes a series, and a number or a series");
    Term out = arguments[0];
    const Values with = spread(arguments[1], input_.periods);
    for (size_t i = 0; i < input_.periods; ++i)
      if (!out.values[i]) out.values[i] = with[i];
    return out;
  }

  std::string_view text_;
  const ExpressionInput& input_;
  size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Result<Values> evaluate(std::string_view expression, const ExpressionInput& input) {
  if (expression.size() > kMaxExpressionBytes) return fail("the expression is too long");
  LF_TRY(const Term term, Parser(expression, input).parse());
  if (term.kind == Term::Kind::array) return fail("the expression is several series, not one");
  return spread(term, input.periods);
}

std::set<std::string> ids_in(std::string_view expression) {
  std::set<std::string> ids;
  for (size_t i = 0; i < expression.size();) {
    if (!is_letter(expression[i])) {
      // 1e3 is no id
      const bool number = is_digit(expression[i]);
      ++i;
      while (number && i < expression.size() && (is_letter(expression[i]) || is_digit(expression[i]))) ++i;
      continue;
    }
    const size_t begin = i;
    while (i < expression.size() && (is_letter(expression[i]) || is_digit(expression[i]))) ++i;
    const std::string word(expression.substr(begin, i - begin));
    if (word[0] >= 'a' && word[0] <= 'z')
      ids.insert(word);  // ids begin with a small letter, functions do not
  }
  return ids;
}

}  // namespace landfall::cloudwatch
