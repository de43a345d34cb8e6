#include "text/channel_text.hpp"

#include <algorithm>

#include "ir/passes.hpp"
#include "model/model_data.hpp"
#include "text/compile.hpp"
#include "text/equations.hpp"
#include "text/functions.hpp"
#include "text/parameter_values.hpp"

namespace ranvier::text {

using detail::ExprAccess;

namespace {

class ChannelBuilder {
 public:
  ChannelBuilder(const std::string& name, const ChannelText& text, const Surroundings& around)
      : text_(text), around_(around), channel_(name), equations_(text.equations), values_(text.parameters, around, report_) {}
  Channel run();

 private:
  void declare();
  std::optional<Expr> find(const std::string& name);
  std::optional<Expr> named(const Declaration& d);
  Names names();
  void rates();
  void initial_values();
  void current();

  const ChannelText& text_;
  const Surroundings& around_;
  Channel channel_;
  Report report_;
  Source equations_;
  ParameterValues values_;
  std::vector<Declaration> declarations_;
  std::map<std::string, const Declaration*> expressions_, states_;
  std::map<std::string, bool> parameters_;
  std::map<std::string, Expr> known_;
  std::set<std::string> broken_;
  std::vector<std::string> open_;
};

void ChannelBuilder::declare() {
  std::vector<std::string> broken;
  declarations_ = parse_declarations(equations_, report_, broken);
  broken_.insert(broken.begin(), broken.end());
  std::set<std::string> seen;
  for (const auto& d : declarations_) {
    const char* taken = !seen.insert(d.name).second ? "is declared twice" : nullptr;
    if (d.name == "V" || d.name == "t" || d.name == "dt" || d.name == "i") taken = "is reserved";
    if (d.name.size() > 1 && unit_or_constant(d.name)) taken = "is the name of a unit or constant";
    if (find_function(d.name)) taken = "is the name of a function";
    if (d.input || d.unless_refractory) taken = "has a flag of neurons";
    if (taken) {
      report_.add(equations_, d.at, "'" + d.name + "' " + taken, "change it");
      continue;
    }
    if (d.kind == Declaration::Kind::expression) expressions_[d.name] = &d;
    if (d.kind == Declaration::Kind::rate) states_[d.name] = &d;
    if (d.kind != Declaration::Kind::parameter) values_.hide(d.name);
    if (d.kind == Declaration::Kind::parameter) values_.declare(d.name, d.dimension), parameters_[d.name] = true;
  }
  for (const auto& [name, piece] : text_.parameters) {
    if (expressions_.contains(name) || states_.contains(name)) {
      report_.add(Source(piece), {0, 1}, "'" + name + "' is no parameter: the equations compute it", "leave it out");
    } else if (!parameters_.contains(name)) {
      values_.declare(name, std::nullopt), parameters_[name] = true;
    }
  }
  for (const auto& d : declarations_) {
    if (states_.contains(d.name) && states_.at(d.name) == &d) known_.emplace(d.name, channel_.state(d.name, {d.dimension, 0}));
  }
}

std::optional<Expr> ChannelBuilder::named(const Declaration& d) {
  if (std::find(open_.begin(), open_.end(), d.name) != open_.end() || open_.size() >= deepest_nesting) {
    if (broken_.insert(d.name).second) report_.add(equations_, d.at, "'" + d.name + "' is defined by itself, or by more than 200 others one after the other", "break the circle");
    return Expr(Quantity{0, d.dimension});
  }
  open_.push_back(d.name);
  const auto meaning = names();
  const auto e = Compiler(equations_, report_, meaning).real(*d.value, d.dimension, "'" + d.name + "'");
  open_.pop_back();
  return e ? channel_.let(d.name, *e) : Expr(Quantity{0, d.dimension});
}

std::optional<Expr> ChannelBuilder::find(const std::string& name) {
  if (const auto it = known_.find(name); it != known_.end()) return it->second;
  std::optional<Expr> made;
  const auto dot = name.find('.');
  if (const auto it = expressions_.find(name); it != expressions_.end()) {
    made = named(*it->second);
  } else if (parameters_.contains(name)) {
    if (const auto q = values_.of(name)) made = channel_.parameter(name, *q);
  } else if (name == "V") {
    made = channel_.voltage();
  } else if (name == "t" || name == "dt") {
    made = name == "t" ? channel_.time() : channel_.dt();
  } else if (dot != std::string::npos) {
    const auto what = name.substr(dot + 1);
    if (what == "concentration") made = channel_.ion(name.substr(0, dot)).concentration;
    if (what == "reversal") made = channel_.ion(name.substr(0, dot)).reversal;
  } else if (const auto value = around_.constant(name)) {
    made = channel_.parameter(name, *value);
  }
  if (made) known_.emplace(name, *made);
  return made;
}

Names ChannelBuilder::names() {
  Names n;
  n.find = [this](const std::string& name) { return find(name); };
  n.known = [this] {
    auto out = around_.constants;
    for (const auto& [name, d] : expressions_) out.push_back(name);
    for (const auto& [name, d] : states_) out.push_back(name);
    for (const auto& [name, yes] : parameters_) out.push_back(name);
    out.insert(out.end(), {"V", "Ca.concentration", "Ca.reversal"});
    return out;
  };
  n.bad = [this](const std::string& name) {
    return broken_.contains(name) || (parameters_.contains(name) ? !values_.of(name) : !expressions_.contains(name) && !states_.contains(name) && around_.bad(name));
  };
  n.no_random = "channels have no noise of their own";
  return n;
}

void ChannelBuilder::rates() {
  const auto meaning = names();
  for (const auto& d : declarations_) {
    const auto it = states_.find(d.name);
    if (it == states_.end() || it->second != &d) continue;
    const auto rate = Compiler(equations_, report_, meaning).real(*d.value, d.dimension / dimension::time, "d" + d.name + "/dt");
    if (!rate) continue;
    const auto x = known_.at(d.name);
    channel_.d(x) = *rate;
    if (text_.initial.contains(d.name)) continue;
    // dx/dt = 0 at -offset/slope.
    const auto& scope = channel_.data().scope;
    const auto affine = ir::affine_in(scope->graph, ExprAccess::in(scope, *rate), ExprAccess::node(x));
    if (!affine.ok || scope->graph.is_literal(affine.slope, 0.0)) continue;
    channel_.initial(x, -ExprAccess::make(scope, affine.offset, rate->dimension()) / ExprAccess::make(scope, affine.slope, power(dimension::time, -2)));
  }
}

void ChannelBuilder::initial_values() {
  for (const auto& [name, piece] : text_.initial) {
    const Source source(piece);
    const auto it = states_.find(name);
    if (it == states_.end()) {
      std::vector<std::string> known;
      for (const auto& [other, d] : states_) known.push_back(other);
      report_.add(source, {0, static_cast<std::uint32_t>(piece.text.size())}, "an initial value for '" + name + "', which is no state", detail::suggest(name, known));
      continue;
    }
    const auto syntax = parse_whole(source, report_);
    if (!syntax) continue;
    const auto meaning = names();
    if (const auto e = Compiler(source, report_, meaning).real(*syntax, it->second->dimension, "the initial value of " + name)) channel_.initial(known_.at(name), *e);
  }
}

void ChannelBuilder::current() {
  const Source source(text_.current);
  const auto syntax = parse_whole(source, report_);
  if (!syntax) return;
  const auto meaning = names();
  if (const auto e = Compiler(source, report_, meaning).real(*syntax, "the current")) channel_.current(*e, text_.ion);
}

Channel ChannelBuilder::run() {
  declare();
  // In the order of the text, whatever uses them.
  for (const auto& d : declarations_) (void)find(d.name);
  rates();
  initial_values();
  current();
  report_.finish();
  return std::move(channel_);
}

}  // namespace

Channel build_channel(const std::string& name, const ChannelText& text, const Surroundings& around) { return ChannelBuilder(name, text, around).run(); }

}  // namespace ranvier::text
