#include "text/equations.hpp"

#include <algorithm>
#include <map>

#include "base/quote.hpp"

namespace ranvier::text {
namespace {

class Lines {
 public:
  Lines(const Source& source, Report& report, std::vector<std::string>& broken, const std::vector<std::string>& more_flags)
      : source_(source), report_(report), broken_(broken), more_flags_(more_flags), tokens_(tokenise(source, report)), cursor_(tokens_) {}

  std::vector<Declaration> run() {
    std::vector<Declaration> out;
    while (!cursor_.at_end()) {
      if (cursor_.peek().kind == Token::Kind::newline) {
        cursor_.take();
        continue;
      }
      Declaration d;
      if (line(d)) {
        out.push_back(std::move(d));
      } else if (!d.name.empty()) {
        broken_.push_back(d.name);
      }
      cursor_.skip_line();
    }
    return out;
  }

 private:
  bool fail(Span span, std::string problem, std::string remedy) {
    report_.add(source_, span, std::move(problem), std::move(remedy));
    return false;
  }

  bool line(Declaration& d) {
    const auto first = cursor_.take();
    if (first.kind == Token::Kind::bad) return false;  // told already
    if (first.kind != Token::Kind::name) {
      return fail(first.span, "a line cannot begin with " + base::quoted(first.text, 40), "write dx/dt = ... : unit, x = ... : unit, or x : unit");
    }
    d.name = std::string(first.text);
    d.at = first.span;
    if (cursor_.is("/")) {
      if (!rate_head(d)) return false;
    } else if (cursor_.is("=")) {
      cursor_.take();
      d.kind = Declaration::Kind::expression;
    } else if (cursor_.is(":")) {
      d.kind = Declaration::Kind::parameter;
    } else {
      const auto& t = cursor_.peek();
      if (t.kind == Token::Kind::symbol && std::string_view("*+-^(%").find(t.text.substr(0, 1)) != std::string_view::npos) {
        d.name.clear();
        return fail(join(d.at, t.span), "a line cannot begin with a formula", "write a rate as dx/dt = ..., an expression as x = ...");
      }
      const auto after = cursor_.at_line_end() ? std::string("nothing") : base::quoted(t.text, 40);
      return fail(t.span, "expected '=' or ':' after " + base::quoted(d.name, 40) + ", not " + after, "write dx/dt = ... : unit, x = ... : unit, or x : unit");
    }
    if (d.kind != Declaration::Kind::parameter) {
      d.value = parse_expression(cursor_, source_, report_);
      if (!d.value) return false;
    }
    return unit(d) && flags(d);
  }

  /// After "dV": "/dt =".
  bool rate_head(Declaration& d) {
    const auto slash = cursor_.take();
    const bool dt = cursor_.is_word("dt");
    if (d.name.size() < 2 || d.name[0] != 'd' || !dt) {
      d.name.clear();
      return fail(join(d.at, slash.span), "a line cannot begin with a formula", "write a rate as dx/dt = ..., an expression as x = ...");
    }
    cursor_.take();
    d.name.erase(0, 1);
    d.at = {d.at.first + 1, d.at.length - 1};
    d.kind = Declaration::Kind::rate;
    if (!cursor_.is("=")) return fail(cursor_.peek().span, "expected '=' after d" + d.name + "/dt", "write d" + d.name + "/dt = ... : unit");
    cursor_.take();
    return true;
  }

  bool unit(Declaration& d) {
    if (!cursor_.is(":")) {
      const auto& t = cursor_.peek();
      if (cursor_.at_line_end()) return fail(d.at, "'" + d.name + "' has no unit", "end the line with its unit: ': volt', or ': 1' for none");
      return fail(t.span, "expected ':' and a unit before " + base::quoted(t.text, 40), "end the line with its unit: ': volt', or ': 1' for none");
    }
    const auto colon = cursor_.take();
    const auto begin = cursor_.peek().span.first;
    std::uint32_t end = begin;
    bool after_operator = true;
    while (!cursor_.at_line_end() && (after_operator || !cursor_.is("("))) {
      const auto t = cursor_.take();
      after_operator = t.kind == Token::Kind::symbol && t.text != ")";
      end = t.span.last();
    }
    if (end == begin) return fail(colon.span, "the unit of '" + d.name + "' is missing", "write ': volt', or ': 1' for none");
    const Span span{begin, end - begin};
    const auto text = source_.text().substr(begin, end - begin);
    if (text == "1") return true;
    if (text == "boolean" || text == "integer") {
      return fail(span, "variables are real numbers, not " + std::string(text), "use ': 1'");
    }
    try {
      d.dimension = parse_unit(text).dimension;
    } catch (const UserError& e) {
      return fail(span, e.problem(), e.remedy());
    }
    return true;
  }

  bool flags(Declaration& d) {
    if (!cursor_.is("(")) return true;
    const auto open = cursor_.take();
    bool good = true;
    while (!cursor_.is(")")) {
      if (cursor_.at_line_end()) return fail(open.span, "the flags of '" + d.name + "' are not closed", "close them with ')'");
      Span span = cursor_.peek().span;
      std::string flag;
      while (!cursor_.is(",") && !cursor_.is(")") && !cursor_.at_line_end()) {
        const auto t = cursor_.take();
        flag += (flag.empty() || t.text == "-" || flag.back() == '-' ? "" : " ") + std::string(t.text);
        span = join(span, t.span);
      }
      good &= apply_flag(d, flag, span);
      if (cursor_.is(",")) cursor_.take();
    }
    cursor_.take();
    if (!cursor_.at_line_end()) return fail(cursor_.peek().span, base::quoted(cursor_.peek().text, 40) + " follows the flags", "one declaration a line");
    return good;
  }

  bool apply_flag(Declaration& d, const std::string& flag, Span span) {
    if (std::find(more_flags_.begin(), more_flags_.end(), flag) != more_flags_.end()) {
      d.flags.push_back(flag);
      return true;
    }
    if (flag == "unless refractory") {
      if (d.kind != Declaration::Kind::rate) return fail(span, "only a state with a rate can stand still", "remove '(unless refractory)'");
      d.unless_refractory = true;
      return true;
    }
    if (flag == "shared" || flag == "constant over dt") {
      (flag == "shared" ? d.shared : d.over_dt) = true;
      if (d.kind == Declaration::Kind::expression || (d.shared && d.kind == Declaration::Kind::parameter)) return true;
      return fail(span, "'" + flag + "' is for expressions" + (d.shared ? " and parameters" : "") + ", and '" + d.name + "' is none", "remove the flag");
    }
    if (flag == "constant") {
      if (d.kind == Declaration::Kind::parameter) return true;
      return fail(span, "'" + flag + "' is for parameters, and '" + d.name + "' is computed", "remove the flag");
    }
    if (flag == "input" || flag == "held") {
      if (d.kind != Declaration::Kind::parameter) return fail(span, "'" + d.name + "' is computed and cannot be an input", "write " + d.name + " : unit (input)");
      d.input = true;
      d.held |= flag == "held";
      return true;
    }
    static const std::map<std::string, std::string> others = {
        {"event-driven", "leave it out here: it is for synapses"}, {"clock-driven", "leave it out: every state is"},
        {"summed", "declare an input here, and connect a projection to it"}, {"linked", "linked variables do not exist"}};
    const auto known = others.find(flag);
    std::string all = "unless refractory, constant, constant over dt, shared, input, held";
    for (const auto& more : more_flags_) all += ", " + more;
    return fail(span, "the flag " + base::quoted(flag, 40) + (known == others.end() ? " is unknown" : " is not available"),
                known == others.end() ? "flags are: " + all : known->second);
  }

  const Source& source_;
  Report& report_;
  std::vector<std::string>& broken_;
  const std::vector<std::string>& more_flags_;
  std::vector<Token> tokens_;
  Cursor cursor_;
};

}  // namespace

std::vector<Declaration> parse_declarations(const Source& source, Report& report, std::vector<std::string>& broken,
                                            const std::vector<std::string>& more_flags) {
  return Lines(source, report, broken, more_flags).run();
}

std::vector<Statement> parse_statements(const Source& source, Report& report) {
  std::vector<Statement> out;
  const auto tokens = tokenise(source, report);
  Cursor cursor(tokens);
  const auto statement = [&]() -> bool {
    const auto name = cursor.take();
    if (name.kind == Token::Kind::bad) return false;  // told already
    const auto op = cursor.peek();
    static constexpr std::string_view operators[] = {"=", "+=", "-=", "*=", "/="};
    const bool assigns = op.kind == Token::Kind::symbol && std::find(std::begin(operators), std::end(operators), op.text) != std::end(operators);
    if (name.kind != Token::Kind::name || !assigns) {
      report.add(source, name.kind == Token::Kind::name ? op.span : name.span, "this is no assignment", "write x = ..., x += ..., x -= ..., x *= ... or x /= ...");
      return false;
    }
    cursor.take();
    auto value = parse_expression(cursor, source, report);
    if (!value) return false;
    out.push_back({std::string(name.text), name.span, op.text[0], std::move(*value)});
    if (cursor.at_line_end() || cursor.is(";")) return true;
    report.add(source, cursor.peek().span, base::quoted(cursor.peek().text, 40) + " follows the statement", "separate statements with ';' or lines");
    return false;
  };
  while (!cursor.at_end()) {
    if (cursor.peek().kind == Token::Kind::newline || cursor.is(";")) {
      cursor.take();
    } else if (!statement()) {
      while (!cursor.at_line_end() && !cursor.is(";")) cursor.take();
    }
  }
  return out;
}

}  // namespace ranvier::text
