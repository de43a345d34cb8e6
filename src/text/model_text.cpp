// model_from_text(): declarations become the states, parameters, inputs and named expressions of a Model.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "base/quote.hpp"
#include "ir/passes.hpp"
#include "model/model_data.hpp"
#include "text/compile.hpp"
#include "text/equations.hpp"
#include "text/functions.hpp"
#include "text/parameter_values.hpp"
#include "text/surroundings.hpp"

namespace ranvier {

using detail::ExprAccess;

namespace text {
namespace {

class ModelBuilder {
 public:
  ModelBuilder(const std::string& name, const ModelText& text, const Surroundings& around)
      : text_(text), around_(around), model_(name), equations_(text.equations), reset_(text.reset), values_(text.parameters, around, report_) {}
  Model run();

 private:
  enum class What : std::uint8_t { state, parameter, input, expression };
  struct Entry {
    What what{};
    const Declaration* declared = nullptr;
    std::optional<Expr> expr;        ///< nothing: not yet, or it has a mistake
    enum class Visit : std::uint8_t { not_yet, open, done } visit = Visit::not_yet;
  };

  void declare_names();
  void declare_symbols();
  void define_expressions();
  void define(const std::string& name);
  void define_rates();
  void define_events();
  void define_threshold(const Source& source);
  void define_each_step();
  void assign(const std::vector<Statement>& statements, const Source& source, const char* what, const std::function<void(const Expr&, const Expr&)>& make);
  std::optional<Condition> due(const TextPiece& every);
  void define_over_dt(const Declaration& d, const Expr& value);
  void check_shared(const Declaration& d, const Expr& value);
  void declare_refractory();
  void define_refractory();
  void define_initial_values();
  /// `noise`: xi and xi_NAME are white noise where nothing else is called so.
  Names names(const std::string& no_random, bool noise = false);
  std::vector<std::string> known() const;
  std::vector<std::string> parameter_names() const;
  bool is_target(const std::string& name) const;
  bool is_input(const Declaration& d) const { return d.input || (around_.inputs.contains(d.name) && !text_.parameters.contains(d.name) && !is_target(d.name)); }

  std::optional<Expr> outer(const std::string& name);

  const ModelText& text_;
  const Surroundings& around_;
  Model model_;
  Report report_;
  Source equations_, reset_;
  std::vector<Declaration> declarations_;
  std::vector<Statement> statements_, each_step_;
  std::vector<std::vector<Statement>> regularly_;
  std::set<std::string> broken_;
  std::unordered_map<std::string, Entry> entries_;  ///< there may be tens of thousands
  std::map<std::string, Expr> noises_;
  std::optional<Syntax> refractory_;  ///< a period, or a condition
  std::optional<Expr> held_;          ///< 1 from a spike on for as long as that condition holds
  std::vector<std::string> over_dt_;  ///< expressions that are kept over a step
  ParameterValues values_;
};

std::vector<std::string> ModelBuilder::known() const {
  std::vector<std::string> out;
  for (const auto& [name, entry] : entries_) out.push_back(name);
  std::sort(out.begin(), out.end());
  for (const auto& name : around_.constants) {
    if (!entries_.contains(name)) out.push_back(name);
  }
  return out;
}

/// A constant of the file, which becomes a parameter where it is first used.
std::optional<Expr> ModelBuilder::outer(const std::string& name) {
  auto value = around_.constant(name);
  if (!value && around_.index && name == "i") value = Quantity{};
  if (!value) return {};
  auto& entry = entries_[name];
  entry.what = What::parameter;
  values_.set(name, *value);
  entry.expr = model_.parameter(name, *value);
  return entry.expr;
}

}  // namespace

Expr array_call(Model& model, const std::string& name, const TimeArray& values, const std::vector<Expr>& x) {
  const bool columns = values.width > 1;
  const bool right = x.size() == (columns ? 2 : 1) && x[0].text() == "t" && (!columns || x[1].text() == "i");
  const std::string call = columns ? name + "(t, i)" : name + "(t)";
  if (!right) throw UserError("the array '" + name + "' is used as " + call, "its values are those of the present time");
  for (const auto& known : model.data().time_arrays) {
    if (known.name == name) return ExprAccess::make(model.data().scope, known.symbol, values.unit.dimension);
  }
  return model.time_array(name, values);
}

namespace {

Names ModelBuilder::names(const std::string& no_random, bool noise) {
  Names n;
  n.find = [this, noise](const std::string& name) -> std::optional<Expr> {
    if (const auto it = entries_.find(name); it != entries_.end()) return it->second.expr;
    if (noise && (name == "xi" || name.starts_with("xi_"))) {
      if (!noises_.contains(name)) noises_.emplace(name, model_.noise(name));
      return noises_.at(name);
    }
    if (name == "t") return model_.time();
    if (name == "dt") return model_.dt();
    return outer(name);
  };
  n.known = [this] { return known(); };
  n.bad = [this](const std::string& name) {
    const auto it = entries_.find(name);
    return broken_.contains(name) || (it != entries_.end() ? !it->second.expr : around_.bad(name));
  };
  n.call = [this](const std::string& name, const std::vector<Expr>& x) -> std::optional<Expr> {
    const auto* values = around_.array(name);
    return values ? std::optional<Expr>(array_call(model_, name, *values, x)) : std::nullopt;
  };
  n.functions = around_.arrays;
  n.no_random = no_random;
  return n;
}

std::vector<std::string> ModelBuilder::parameter_names() const {
  std::vector<std::string> out;
  for (const auto& [name, entry] : entries_) {
    if (entry.what == What::parameter) out.push_back(name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// A name without a rate that a reset or `initial` sets is a state all the same.
bool ModelBuilder::is_target(const std::string& name) const {
  const auto sets = [&](const std::vector<Statement>& list) { return std::any_of(list.begin(), list.end(), [&](const auto& s) { return s.name == name; }); };
  return text_.initial.contains(name) || (around_.jumped.contains(name) && !text_.parameters.contains(name)) || sets(statements_) || sets(each_step_) ||
         std::any_of(regularly_.begin(), regularly_.end(), sets);
}

void ModelBuilder::declare_names() {
  std::vector<std::string> broken;
  declarations_ = parse_declarations(equations_, report_, broken);
  broken_.insert(broken.begin(), broken.end());
  statements_ = parse_statements(reset_, report_);
  each_step_ = parse_statements(Source(text_.each_step), report_);
  for (const auto& r : text_.regularly) regularly_.push_back(parse_statements(Source(r.statements), report_));
  for (const auto& d : declarations_) {
    const char* taken = nullptr;
    if (entries_.contains(d.name)) taken = "is declared twice";
    if (d.name == "t" || d.name == "dt" || d.name == "i" || d.name == "N" || d.name == "spiked") taken = "is reserved";
    if (d.name.size() > 1 && unit_or_constant(d.name) && d.name != "inf") taken = "is the name of a unit or constant";
    if (find_function(d.name)) taken = "is the name of a function";
    if (taken) {
      report_.add(equations_, d.at, "'" + d.name + "' " + taken, "choose another name");
      continue;
    }
    auto what = What::expression;
    if (d.kind == Declaration::Kind::rate) what = What::state;
    if (d.kind == Declaration::Kind::parameter) what = is_input(d) ? What::input : is_target(d.name) ? What::state : What::parameter;
    entries_[d.name] = {what, &d, {}};
  }
  for (const auto& [name, piece] : text_.parameters) {
    const auto it = entries_.find(name);
    if (it == entries_.end()) {
      if (!broken_.contains(name)) entries_[name] = {What::parameter, nullptr, {}};
    } else if (it->second.what != What::parameter) {
      report_.add(Source(piece), {0, static_cast<std::uint32_t>(piece.text.size())},
                  "'" + name + "' is no parameter: the equations compute it or events change it", "give states an initial value instead");
    }
  }
  for (const auto& [name, entry] : entries_) {
    if (entry.what == What::parameter) values_.declare(name, entry.declared ? std::optional(entry.declared->dimension) : std::nullopt);
    if (entry.what != What::parameter) values_.hide(name);
  }
}

void ModelBuilder::declare_symbols() {
  const auto guarded = [&](const Declaration* d, const TextPiece* piece, const auto& make) {
    try {
      make();
    } catch (const UserError& e) {  // reserved names
      if (d) report_.add(equations_, d->at, e.problem(), e.remedy());
      if (!d) report_.add(Source(*piece), {0, 1}, e.problem(), e.remedy());
    }
  };
  // In the order of the text; constants that the equations do not declare follow.
  for (const auto& d : declarations_) {
    auto& entry = entries_[d.name];
    if (entry.declared != &d) continue;
    guarded(&d, nullptr, [&] {
      const Unit unit{d.dimension, 0};
      if (entry.what == What::state) entry.expr = model_.state(d.name, unit);
      if (entry.what == What::input) entry.expr = model_.input(d.name, unit, d.held ? InputKind::held : InputKind::inside);
      if (entry.what == What::parameter) {
        if (const auto value = values_.of(d.name)) entry.expr = model_.parameter(d.name, *value);
      }
    });
  }
  for (const auto& [name, piece] : text_.parameters) {
    const auto it = entries_.find(name);
    if (it == entries_.end() || it->second.declared) continue;
    guarded(nullptr, &piece, [&] {
      if (const auto value = values_.of(name)) it->second.expr = model_.parameter(name, *value);
    });
  }
}

/// Named expressions in the order in which they need each other; iterative, since chains may be long.
void ModelBuilder::define_expressions() {
  for (const auto& d : declarations_) {
    if (entries_[d.name].what == What::expression && entries_[d.name].declared == &d) define(d.name);
  }
}

void ModelBuilder::define(const std::string& first) {
  using Visit = Entry::Visit;
  std::vector<std::string> stack{first};
  while (!stack.empty()) {
    const auto name = stack.back();
    auto& entry = entries_[name];
    if (entry.visit == Visit::done) {
      stack.pop_back();
      continue;
    }
    const bool again = entry.visit == Visit::open;
    entry.visit = Visit::open;
    bool waits = false, circular = false;
    for (const auto& n : entry.declared->value->nodes) {
      if (n.form != Form::name) continue;
      const auto it = entries_.find(n.name);
      if (it == entries_.end() || it->second.what != What::expression || it->second.visit == Visit::done) continue;
      if (it->second.visit == Visit::not_yet) {
        if (!again) stack.push_back(n.name);
        waits |= !again;
        continue;
      }
      std::string cycle;
      for (const auto& s : stack) {
        if (entries_[s].visit == Visit::open && (!cycle.empty() || s == n.name)) cycle += s + " -> ";
      }
      report_.add(equations_, n.span, "'" + name + "' is defined by itself: " + cycle + n.name, "break the circle");
      circular = true;
      break;
    }
    if (waits && !circular) continue;
    if (!circular) {
      const auto meaning = names("", true);
      Compiler compiler(equations_, report_, meaning);
      const auto& d = *entry.declared;
      if (const auto e = compiler.real(*d.value, d.dimension, "'" + d.name + "'")) {
        check_shared(d, *e);
        if (d.over_dt) define_over_dt(d, *e);
        if (!d.over_dt) entry.expr = model_.let(d.name, *e);
      }
    }
    entry.visit = Visit::done;
  }
}

void ModelBuilder::define_rates() {
  const auto meaning = names("", true);
  Compiler compiler(equations_, report_, meaning);
  for (const auto& d : declarations_) {
    if (d.kind != Declaration::Kind::rate || entries_[d.name].declared != &d) continue;
    auto rate = compiler.real(*d.value, d.dimension / dimension::time, "d" + d.name + "/dt");
    if (rate && held_ && d.unless_refractory) rate = *rate * (1 - *held_);
    if (rate && entries_[d.name].expr) model_.d(*entries_[d.name].expr) = *rate;
  }
}

void ModelBuilder::define_events() {
  if (!text_.threshold.text.empty()) {
    const Source source(text_.threshold);
    define_threshold(source);
  } else if (!statements_.empty()) {
    report_.add(reset_, statements_.front().at, "there is a reset and no threshold", "give a threshold, such as V > -50*mV");
  }
  assign(statements_, reset_, "the reset", [&](const Expr& state, const Expr& value) { model_.reset(state, value); });
  if (held_) model_.reset(*held_, 1);
}

/// Statements that set states, each made by `make`.
void ModelBuilder::assign(const std::vector<Statement>& statements, const Source& source, const char* what,
                          const std::function<void(const Expr&, const Expr&)>& make) {
  const auto meaning = names("");
  Compiler compiler(source, report_, meaning);
  for (const auto& s : statements) {
    const auto it = entries_.find(s.name);
    if (it == entries_.end()) {
      if (!broken_.contains(s.name)) report_.add(source, s.at, std::string(what) + " sets '" + s.name + "', which does not exist", detail::suggest(s.name, known()));
      continue;
    }
    if (it->second.what != What::state) {
      const char* kind = it->second.what == What::input ? "an input" : it->second.what == What::expression ? "an expression" : "a parameter";
      report_.add(source, s.at, std::string(what) + " sets '" + s.name + "', which is " + kind, std::string(what) == "the reset" ? "a reset sets states" : "statements set states");
      continue;
    }
    if (!it->second.expr) continue;
    const auto& state = *it->second.expr;
    const bool factor = s.operation == '*' || s.operation == '/';
    const auto value = compiler.real(s.value, factor ? Dimension{} : state.dimension(), std::string(what) + " of " + s.name);
    if (!value) continue;
    try {
      make(state, s.operation == '=' ? *value : s.operation == '+' ? state + *value : s.operation == '-' ? state - *value
                : s.operation == '*' ? state * *value : state / *value);
    } catch (const UserError& e) {
      report_.add(source, s.at, e.problem(), e.remedy());
    }
  }
}

/// Steps that begin at a multiple of the period; a thousandth of a step keeps times on the grid from falling to either side by rounding.
std::optional<Condition> ModelBuilder::due(const TextPiece& every) {
  const Source source(every);
  const auto syntax = parse_whole(source, report_);
  if (!syntax) return {};
  const auto meaning = names("the period is one constant");
  const auto T = Compiler(source, report_, meaning).real(*syntax, dimension::time, "every");
  if (!T) return {};
  return floor((model_.time() + 0.001 * model_.dt()) / *T) > floor((model_.time() - 0.999 * model_.dt()) / *T);
}

/// One statement after the other: each sees what those before it have set, and a model's each_step() sets all at once.
void ModelBuilder::define_each_step() {
  ir::Substitution now;
  std::vector<Expr> order;
  const auto set = [&](const Expr& state, const Expr& value) {
    const auto& scope = model_.data().scope;
    const auto node = ir::substitute(scope->graph, ExprAccess::in(scope, value), now);
    const auto symbol = ExprAccess::node(state);
    if (!now.contains(symbol)) order.push_back(state);
    now[symbol] = node;
  };
  if (held_) {
    const Source source(text_.refractory);
    const auto meaning = names("");
    const auto holds = Compiler(source, report_, meaning).condition(*refractory_, "the refractory condition");
    if (holds) set(*held_, where(*holds, *held_, 0));
  }
  assign(each_step_, Source(text_.each_step), "each_step", set);
  for (std::size_t k = 0; k < regularly_.size(); ++k) {
    const auto& r = text_.regularly[k];
    const auto when = due(r.every);
    if (!when) continue;
    assign(regularly_[k], Source(r.statements), "a regular statement", [&](const Expr& state, const Expr& value) { set(state, where(*when, value, state)); });
  }
  for (const auto& state : order) model_.each_step(state, ExprAccess::make(model_.data().scope, now.at(ExprAccess::node(state)), state.dimension()));
}

/// (constant over dt): a state that is set in every step before the equations advance.
void ModelBuilder::define_over_dt(const Declaration& d, const Expr& value) {
  auto state = model_.state(d.name, Unit{d.dimension, 0});
  const auto& m = model_.data();
  const ir::NodeId root[] = {ExprAccess::in(m.scope, value)};
  for (const auto id : ir::topological(m.scope->graph, root)) {
    for (const auto& other : over_dt_) {
      if (m.scope->graph[id].op != ir::Op::symbol || m.scope->graph.symbol_of(id).name != other) continue;
      report_.add(equations_, d.at, "'" + d.name + "' uses '" + other + "', and both are constant over dt", "write one of them without the flag");
    }
  }
  over_dt_.push_back(d.name);
  model_.each_step(state, value);
  entries_[d.name].expr = state;
}

void ModelBuilder::check_shared(const Declaration& d, const Expr& value) {
  if (!d.shared || ExprAccess::is_literal(value) || ExprAccess::scope(value)->graph[ExprAccess::node(value)].uniform) return;
  report_.add(equations_, d.at, "'" + d.name + "' is shared, and its expression differs between neurons", "remove the flag, or use parameters and t alone");
}

/// A condition, or crosses_up(x, level).
void ModelBuilder::define_threshold(const Source& source) {
  auto syntax = parse_whole(source, report_);
  if (!syntax) return;
  const bool crossing = syntax->root().form == Form::call && syntax->root().name == "crosses_up" && syntax->root().b == 2;
  // x reaches the level where x >= level comes true.
  if (crossing) {
    auto& root = syntax->nodes.back();
    const auto first = root.a;
    root = {Form::greater_equal, root.span, syntax->arguments[first], syntax->arguments[first + 1], 0, {}};
  }
  const auto meaning = names("");
  Compiler compiler(source, report_, meaning);
  const auto now = compiler.condition(*syntax, "the threshold");
  if (!now) return;
  const auto free = [&](const Condition& c) { return held_ ? c && *held_ < 1 : c; };
  if (!crossing) {
    model_.threshold(free(*now));
    return;
  }
  syntax->nodes.back().form = Form::less;
  if (const auto before = compiler.condition(*syntax, "the threshold")) model_.threshold({free(*before), *now});
}

/// A condition, such as V > -40*mV, is kept in a state of its own: set by the reset, and cleared at the start of the
/// first step in which the condition does not hold.
void ModelBuilder::declare_refractory() {
  if (text_.refractory.text.empty()) return;
  refractory_ = parse_whole(Source(text_.refractory), report_);
  if (!refractory_ || refractory_->root().form < Form::less) return;
  std::string name = "refractory_now";
  while (entries_.contains(name)) name += "_";
  held_ = model_.state(name);
}

void ModelBuilder::define_refractory() {
  std::vector<Expr> frozen;
  const Declaration* flagged = nullptr;
  for (const auto& d : declarations_) {
    if (!d.unless_refractory || entries_[d.name].declared != &d) continue;
    flagged = &d;
    if (entries_[d.name].expr) frozen.push_back(*entries_[d.name].expr);
  }
  if (text_.refractory.text.empty()) {
    if (flagged) report_.add(equations_, flagged->at, "'" + flagged->name + "' stands still while refractory, and there is no refractory period",
                             "give one, such as refractory = 5*ms, or remove the flag");
    return;
  }
  const Source source(text_.refractory);
  const Span all{0, static_cast<std::uint32_t>(text_.refractory.text.size())};
  if (text_.threshold.text.empty())
    report_.add(source, all, "there is a refractory period and no threshold", "give a threshold, such as V > -50*mV");
  if (!refractory_ || held_) return;
  Names n;
  n.find = [this](const std::string& name) -> std::optional<Expr> {
    const auto it = entries_.find(name);
    if (it == entries_.end()) return outer(name);
    return it->second.what == What::parameter ? it->second.expr : std::nullopt;
  };
  n.bad = [this](const std::string& name) { return entries_.contains(name) ? values_.broken(name) : around_.bad(name); };
  n.known = [this] { return parameter_names(); };
  n.out_of_place = [this](const std::string& name) { return entries_.contains(name) ? "is no parameter, and a refractory period is made of parameters" : ""; };
  n.no_random = "the period is one constant";
  Compiler compiler(source, report_, n);
  const auto e = compiler.real(*refractory_, dimension::time, "the refractory period");
  if (!e) return;
  try {
    if (const auto value = constant_value(*e)) {
      model_.refractory(*value, frozen);
    } else {
      model_.refractory(*e, frozen);
    }
  } catch (const UserError& error) {
    report_.add(source, all, error.problem(), error.remedy());
  }
}

void ModelBuilder::define_initial_values() {
  for (const auto& [name, piece] : text_.initial) {
    const Source source(piece);
    const auto it = entries_.find(name);
    const Span all{0, static_cast<std::uint32_t>(piece.text.size())};
    if (it == entries_.end()) {
      if (!broken_.contains(name)) report_.add(source, all, "an initial value for '" + name + "', which does not exist", detail::suggest(name, known()));
      continue;
    }
    if (it->second.what != What::state) {
      report_.add(source, all, "an initial value for '" + name + "', which is not a state", "initial values are for states");
      continue;
    }
    const auto syntax = parse_whole(source, report_);
    if (!syntax || !it->second.expr) continue;
    Names n = names("");
    n.find = [this, inner = n.find](const std::string& other) -> std::optional<Expr> {
      const auto found = entries_.find(other);
      if (found != entries_.end() && found->second.what != What::parameter) return {};
      if (other == "t" || other == "dt") return {};
      return inner(other);
    };
    n.known = [this] { return parameter_names(); };
    n.out_of_place = [this](const std::string& other) { return entries_.contains(other) ? "is no parameter, and initial values are made of parameters" : ""; };
    Compiler compiler(source, report_, n);
    if (const auto e = compiler.real(*syntax, it->second.expr->dimension(), "the initial value of " + name)) model_.initial(*it->second.expr, *e);
  }
}

Model ModelBuilder::run() {
  declare_names();
  declare_symbols();
  declare_refractory();
  define_expressions();
  define_rates();
  define_events();
  define_each_step();
  define_refractory();
  define_initial_values();
  if (!text_.method.empty()) model_.method(text_.method);
  report_.finish();
  return std::move(model_);
}

}  // namespace
}  // namespace text

Model text::build_model(const std::string& name, const ModelText& text, const Surroundings& around) { return ModelBuilder(name, text, around).run(); }
Model model_from_text(const std::string& name, const ModelText& text) { return text::build_model(name, text, {}); }

Quantity quantity_from_text(const TextPiece& piece) {
  text::Report report;
  const text::Source source(piece);
  std::optional<Quantity> value;
  if (const auto syntax = text::parse_whole(source, report)) {
    text::Names n;
    n.find = [](const std::string&) { return std::optional<Expr>(); };
    n.known = [] { return std::vector<std::string>{}; };
    n.no_random = "it is one constant";
    if (const auto e = text::Compiler(source, report, n).real(*syntax, "a constant")) value = text::constant_value(*e);
  }
  report.finish();
  if (!value) throw InternalError("a constant has no value");
  return *value;
}

std::string canonical_expression(const TextPiece& piece) {
  text::Report report;
  const auto syntax = text::parse_whole(text::Source(piece), report);
  report.finish();
  return text::print(*syntax);
}

}  // namespace ranvier
