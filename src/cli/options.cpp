#include "cli/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/values.hpp"
#include "cli/version.hpp"
#include "model/model_data.hpp"
#include "ranvier/network_file.hpp"

namespace ranvier::cli {
namespace {

/// What was written after each option, as text; empty: not given.
struct Words {
  std::string name, scale, duration, dt, seed, precision, method, threads, lanes, backend, every, neurons, after, checkpoint_every;
  std::vector<std::string> set, record;
  bool no_cache = false;
};

void add_network_options(CLI::App& app, Words& w, const char* duration_default) {
  app.add_option("name", w.name, "A network of the library (see ranvier list), or a file, FILE.toml")->type_name("NAME");
  const char* network = "Network";
  app.add_option("--scale", w.scale, "Size as a multiple of the network's own")->type_name("NUMBER")->group(network);
  app.add_option(
         "--set", w.set,
         "A setting of the network (we=6nS) or a parameter of its models, everywhere (gl=10nS), in one population "
         "(E.gl=10nS), or of a projection (E_to_I.weight=6nS); may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false)
      ->group(network);
  const char* time = "Simulation";
  app.add_option(
         "--duration", w.duration,
         std::string("How long to simulate, a multiple of dt, such as 100ms or 2s (default ") + duration_default + ")")
      ->type_name("TIME")
      ->group(time);
  app.add_option("--dt", w.dt, "Time step, such as 0.1ms or 50us (default 0.1ms)")->type_name("TIME")->group(time);
  app.add_option("--seed", w.seed, "Seed of wiring and initial state (default 1)")->type_name("NUMBER")->group(time);
  app.add_option("--precision", w.precision, "f32 or f64 (default: the network's own)")
      ->type_name("f32|f64")
      ->group(time);
  app.add_option("--method", w.method,
                 "Integration method, such as exp_euler, exp_staggered or rk4 (default: the network's own)")
      ->type_name("METHOD")
      ->group(time);
  const char* machine = "Machine";
  app.add_option("--threads", w.threads,
                 "Threads (default: as many as the process may use); results do not depend on it")
      ->type_name("NUMBER")
      ->group(machine);
  app.add_option("--lanes", w.lanes,
                 "SIMD lanes: 1, 2, 4, 8, 16 or 32 (default: chosen for this processor); results do not depend on it")
      ->type_name("NUMBER")
      ->group(machine);
  app.add_flag("--no-cache", w.no_cache, "Neither read nor write compiled kernels on disk")->group(machine);
}

void add_checkpoint_options(CLI::App& run, Words& w, RunRequest& r) {
  const char* checkpoints = "Checkpoints";
  run.add_option("--checkpoint", r.checkpoint,
                 "Write the state here, from which --resume goes on: every --checkpoint-every, at the end, and after Ctrl-C or "
                 "SIGTERM; the file is replaced only once the new one is whole")
      ->type_name("FILE")
      ->group(checkpoints);
  run.add_option("--checkpoint-every", w.checkpoint_every,
                 "Write it this often, in wall-clock time, such as 30s (default 600s): the most that a kill can cost")
      ->type_name("TIME")
      ->group(checkpoints);
  run.add_option("--resume", r.resume,
                 "Go on from this checkpoint up to --duration, counted from the very start. Files of --spikes, --states and "
                 "--output that are there are gone on with: what they hold after the checkpoint's time is cut off, and at the "
                 "end they are those of a run that was never cut. Figures and the summaries of recordings begin at the checkpoint")
      ->type_name("FILE")
      ->group(checkpoints);
}

CLI::App* add_run(CLI::App& app, Words& w, RunRequest& r) {
  auto* run = app.add_subcommand("run", "Simulate a network and write what was recorded");
  add_network_options(*run, w, "the network's own");
  run->add_option("--backend", w.backend,
                  "llvm: compiled kernels; interpreter: the slow reference, with the same bits (default llvm)")
      ->type_name("llvm|interpreter")
      ->group("Machine");
  const char* output = "Output";
  run->add_option("--spikes", r.spikes,
                  "Write all spikes: .h5 (SONATA) or .csv; written while the run goes on, and readable after a kill")
      ->type_name("FILE")
      ->group(output);
  run->add_option("--raster", r.raster, "Draw the spikes: .png, .svg or .pdf")->type_name("FILE")->group(output);
  run->add_option("--record", w.record, "Record a variable for --states and --traces, such as E.V; may be repeated")
      ->type_name("POPULATION.VARIABLE")
      ->allow_extra_args(false)
      ->group(output);
  run->add_option("--record-every", w.every, "Record every n-th step only (default 1)")->type_name("N")->group(output);
  run->add_option("--record-neurons", w.neurons, "Record these neurons only: 0:10 (0 to 9) or 0,5,7 (default: all)")
      ->type_name("IDS")
      ->group(output);
  run->add_option(
         "--states", r.states,
         "Write the recorded variables: .h5 (SONATA report) or .csv; with several variables, {variable} in the "
         "name becomes the variable's")
      ->type_name("FILE")
      ->group(output);
  run->add_option("--traces", r.traces, "Draw the recorded variables (without --record: the recordings of the network file) of the first eight neurons: .png, .svg or .pdf")
      ->type_name("FILE")
      ->group(output);
  run->add_option("--output", r.output, "Write the recordings of a network file here, NAME.csv each; the folder is made if it is not there")
      ->type_name("FOLDER")
      ->group(output);
  run->add_option("--connections", r.connections, "Write the connections that were made: .h5 (SONATA edges)")
      ->type_name("FILE")
      ->group(output);
  run->add_option("--json", r.json, "Write a summary as JSON; - writes it to the standard output in place of the text")
      ->type_name("FILE")
      ->group(output);
  run->add_flag("-q,--quiet", r.quiet, "No progress, notices or summary; errors only")->group(output);
  add_checkpoint_options(*run, w, r);
  run->footer(
      "Ctrl-C ends a run cleanly with everything recorded so far in the files; a second Ctrl-C kills it.\n"
      "RANVIER_DUMP=step,ir,llvm,asm prints the stages of compilation to the standard error.\n\n"
      "Examples:\n"
      "  ranvier run coba_hh --spikes coba_hh.h5 --raster coba_hh.png\n"
      "  ranvier run coba_hh --duration 1s --precision f64 --method exp_staggered --set we=5nS\n"
      "  ranvier run coba_hh --record E.V --record-neurons 0:5 --states v.h5 --traces v.png\n"
      "  ranvier run net.toml --duration 600s --spikes s.h5 --checkpoint c.h5\n"
      "  ranvier run net.toml --duration 600s --spikes s.h5 --checkpoint c.h5 --resume c.h5");
  return run;
}

CLI::App* add_sweep(CLI::App& app, Words& w, SweepRequest& r) {
  auto* sweep = app.add_subcommand("sweep", "Simulate a network for many values and seeds, and write a table");
  add_network_options(*sweep, w, "the network's own");
  sweep->add_option("--seeds", r.seeds, "Seeds: 1:8 (1 to 8) or 1,5,9; every point is simulated with each")->type_name("SEEDS")->group("Simulation");
  sweep->add_option("--csv", r.csv, "Write the table here; - writes it to the standard output (default)")->type_name("FILE")->group("Output");
  sweep->add_flag("-q,--quiet", r.quiet, "No progress or notices; errors only")->group("Output");
  sweep->get_option("--set")
      ->description("As for run, with several values: NAME=FIRST:LAST:STEP (both ends included), or a list NAME=VALUE,VALUE; may be repeated, and all "
                    "combinations are simulated")
      ->type_name("NAME=VALUES");
  sweep->get_option("--threads")
      ->description("Simulations at a time, one thread each (default: as many as the process may use); results do not depend on it");
  sweep->footer(
      "A row for each point, with rate and CV of inter-spike intervals of each population, in an order that does not\n"
      "depend on threads. Points that fail are rows with an error. Ctrl-C writes the rows that are done.\n\n"
      "Example:\n"
      "  ranvier sweep coba_hh --set we=4nS:8nS:0.5nS --seeds 1:8 --csv sweep.csv");
  return sweep;
}

CLI::App* add_verify(CLI::App& app, Words& w, VerifyRequest& r) {
  auto* verify =
      app.add_subcommand("verify", "Compare the compiled kernels of a network with the interpreter, step by step");
  add_network_options(*verify, w, "10ms");
  verify->add_option("--after", w.after, "Simulate this long before comparing (default 0ms)")
      ->type_name("TIME")
      ->group("Simulation");
  verify
      ->add_option("--json", r.json,
                   "Write the result as JSON; - writes it to the standard output in place of the text")
      ->type_name("FILE")
      ->group("Output");
  verify->footer("The exit status is 0 if every value agrees bit for bit, and 1 if one does not.");
  return verify;
}

CLI::App* add_show(CLI::App& app, Words& w, ShowRequest& r) {
  auto* show = app.add_subcommand("show", "Show a network (table, graph, memory), or one part of the library (equations, parameters, source)");
  add_network_options(*show, w, "the network's own");
  show->remove_option(show->get_option("--duration"));
  show->remove_option(show->get_option("--no-cache"));
  show->get_option("name")->description("A network of the library or FILE.toml; or any part of the library, KIND/NAME where several kinds have it");
  const char* output = "Output";
  show->add_option("--graph", r.graph, "Draw the network: .png, .svg or .pdf")->type_name("FILE")->group(output);
  show->add_option("--stage", r.stage, "Print stages of compilation instead, and run nothing: step, ir, llvm, asm; several with commas")
      ->type_name("STAGE")
      ->group(output);
  show->add_flag("--json", r.json, "As JSON")->group(output);
  show->add_flag("--as-toml", r.as_toml, "As a network file: a network, or one around a part of the library, with its equations; it reads back to the same program")->group(output);
  show->footer(
      "Examples:\n  ranvier show net.toml --graph net.svg\n  ranvier show coba_hh --scale 10\n  ranvier show coba_hh --stage asm\n"
      "  ranvier show adexif\n  ranvier show neurons/hh\n  ranvier show exp_staggered");
  return show;
}

NetworkRequest network_request(const Words& w, const char* command) {
  NetworkRequest r;
  if (w.name.empty())
    throw UserError(std::string("ranvier ") + command, "no network is named",
                    "give its name; ranvier list shows what there is");
  r.name = w.name;
  if (r.name.ends_with(".toml")) {  // what the file says is what options override
    const auto run = read_network_file(r.name).run;
    r.dt = run.dt;
    r.seed = run.seed;
    r.precision = run.precision;
    r.method = run.method;
    r.threads = run.threads;
  }
  if (!w.scale.empty()) r.settings.emplace_back("scale", quantity("--scale", w.scale, dimension::none));
  for (const auto& text : w.set) r.settings.push_back(assignment("--set", text));
  if (!w.duration.empty()) r.duration = quantity("--duration", w.duration, dimension::time);
  if (!w.dt.empty()) r.dt = quantity("--dt", w.dt, dimension::time);
  if (!w.seed.empty()) r.seed = whole("--seed", w.seed, 0, ~std::uint64_t{0});
  if (!w.precision.empty())
    r.precision = choice("--precision", w.precision, {"f32", "f64"}) == 0 ? Precision::f32 : Precision::f64;
  if (!w.method.empty()) r.method = w.method;
  if (!w.threads.empty()) r.threads = static_cast<int>(whole("--threads", w.threads, 1, 1024));
  if (!w.lanes.empty()) r.lanes = 1 << choice("--lanes", w.lanes, {"1", "2", "4", "8", "16", "32"});
  r.disk_cache = !w.no_cache;
  return r;
}

void finish_run(const Words& w, RunRequest& r) {
  r.network = network_request(w, "run");
  if (!w.backend.empty())
    r.backend = choice("--backend", w.backend, {"llvm", "interpreter"}) == 0 ? Backend::llvm : Backend::interpreter;
  for (const auto& text : w.record) {
    r.record.push_back(variable("--record", text));
    if (std::count(r.record.begin(), r.record.end(), r.record.back()) > 1)
      throw UserError("--record", "'" + text + "' is given twice", "give it once");
  }
  if (!w.checkpoint_every.empty()) {
    if (r.checkpoint.empty()) throw UserError("--checkpoint-every", "no checkpoint is written", "name its file with --checkpoint FILE");
    r.checkpoint_seconds = quantity("--checkpoint-every", w.checkpoint_every, dimension::time).value / 1000;
    if (!(r.checkpoint_seconds > 0)) throw UserError("--checkpoint-every", "it is " + w.checkpoint_every, "give a time above 0, such as 600s");
  }
  if (!w.every.empty()) r.record_every = static_cast<std::uint32_t>(whole("--record-every", w.every, 1, 1'000'000'000));
  if (!w.neurons.empty()) r.record_neurons = neurons("--record-neurons", w.neurons);
  const bool wants_states = !r.states.empty() || !r.traces.empty();
  const bool file_traces = r.states.empty() && r.network.name.ends_with(".toml");  // of its [[recordings]]
  if (wants_states && r.record.empty() && !file_traces) {
    throw UserError(r.states.empty() ? "--traces" : "--states", "no variable is recorded",
                    "say which, such as --record E.V");
  }
  if (!wants_states && !r.record.empty())
    throw UserError("--record", "the recording goes nowhere", "add --states FILE or --traces FILE");
  if (r.record.empty() && !(w.every.empty() && w.neurons.empty())) {
    throw UserError(w.every.empty() ? "--record-neurons" : "--record-every", "no variable is recorded",
                    "say which, such as --record E.V");
  }
}

void finish_show(const Words& w, ShowRequest& r) {
  if (w.name.empty()) {
    throw UserError("ranvier show", "no name is given", "give that of a network, a file, or a part of the library; ranvier list neurons shows the neurons");
  }
  r.network = network_request(w, "show");
  const std::pair<const char*, bool> options[] = {
      {"--graph", !r.graph.empty()}, {"--scale", !w.scale.empty()}, {"--set", !w.set.empty()}, {"--threads", !w.threads.empty()}};
  for (const auto& [name, given] : options) {
    if (given) r.given.emplace_back(name);
  }
}

void finish_sweep(Words& w, SweepRequest& r) {
  r.set = std::move(w.set);
  w.set.clear();
  if (!r.seeds.empty() && !w.seed.empty()) throw UserError("--seeds", "--seed is given too", "give one of them");
  r.network = network_request(w, "sweep");
}

/// Names of the long options, for suggestions.
std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// Lines of at most `width` characters; the formatter of CLI11 indents them.
std::string wrapped(const std::string& text, std::size_t width) {
  std::string out;
  std::size_t column = 0;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t space = std::min(text.find(' ', from), text.size());
    const std::size_t length = space - from;
    if (column > 0) {
      const bool fits = column + 1 + length <= width;
      out += fits ? ' ' : '\n';
      column = fits ? column + 1 : 0;
    }
    out.append(text, from, length);
    column += length;
    from = space + 1;
  }
  return out;
}

std::string help_text(const CLI::App& app) {
  std::string text = app.help();
  for (std::size_t at; (at = text.find("\n\n\n")) != std::string::npos;) text.erase(at, 1);
  return text;
}

void refuse_extras(const CLI::App& app, const std::string& command) {
  const auto extras = app.remaining();
  if (extras.empty()) return;
  const auto option =
      std::find_if(extras.begin(), extras.end(), [](const auto& e) { return e.size() > 1 && e[0] == '-'; });
  if (option == extras.end())
    throw UserError(command, "'" + extras.front() + "' was not expected", "see " + command + " --help");
  const std::string name = option->substr(0, option->find('='));
  throw UserError(command, "there is no option '" + name + "'",
                  detail::suggest(name, option_names(app)) + " (see " + command + " --help)");
}

/// The commands and options, and the words that were written for them.
class CommandLine {
 public:
  explicit CommandLine(Request& request) : request_(request) {
    app_.add_flag("--version", version_, "Print versions and what this processor offers");
    app_.footer(
        "ranvier COMMAND --help explains a command. Exit status: 0 if all went well, 2 for what you can mend,\n"
        "1 for a fault of Ranvier, 130 after Ctrl-C.");
    app_.allow_extras();
    add_list();
    commands_.emplace_back(add_show(app_, show_, request.show), Command::show);
    commands_.emplace_back(add_run(app_, run_, request.run), Command::run);
    commands_.emplace_back(add_sweep(app_, sweep_, request.sweep), Command::sweep);
    commands_.emplace_back(add_verify(app_, verify_, request.verify), Command::verify);
    add_recover();
    auto* check = app_.add_subcommand("check", "Find every mistake of a network file");
    check->add_option("file", request_.check, "FILE.toml")->type_name("FILE");
    commands_.emplace_back(check, Command::check);
    auto* begin = app_.add_subcommand("new", "Write a commented network file to begin with");
    begin->add_option("file", request_.new_file, "FILE.toml (default: the standard output)")->type_name("FILE");
    commands_.emplace_back(begin, Command::new_file);
    for (const auto& [sub, command] : commands_) {
      sub->allow_extras();
      for (auto* option : sub->get_options([](const CLI::Option* o) { return o->get_items_expected_max() == 1; })) {
        // So that a script's options can be overridden by those that follow.
        option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
      }
      for (auto* option : sub->get_options()) option->description(wrapped(option->get_description(), 68));
    }
  }

  void read(int argc, char** argv) {
    const std::string first = argc > 1 ? argv[1] : "";
    std::vector<std::string> names;
    for (const auto& [sub, command] : commands_) names.push_back(sub->get_name());
    if (!first.empty() && first[0] != '-' && std::find(names.begin(), names.end(), first) == names.end()) {
      throw UserError("there is no command '" + first + "'", detail::suggest(first, names));
    }
    const std::string see = "see ranvier " + (first.empty() ? "" : first + " ") + "--help";
    try {
      app_.parse(argc, argv);
      if (version_) request_.help = version_text();
    } catch (const CLI::CallForHelp&) {
      request_.help = help_text(app_);
    } catch (const CLI::ArgumentMismatch& e) {
      const std::string text = e.what();
      throw UserError(text.substr(0, text.find(':')), "its value is missing", see);
    } catch (const CLI::ParseError& e) {
      throw UserError(e.what(), see);
    }
  }

  void finish() {
    for (const auto& [sub, command] : commands_) {
      if (!sub->parsed()) continue;
      request_.command = command;
      refuse_extras(*sub, "ranvier " + sub->get_name());
    }
    refuse_extras(app_, "ranvier");
    if (request_.command == Command::none) {
      throw UserError("no command is given", "give one: list, show, run, sweep, verify, check, new or recover (see ranvier --help)");
    }
    if (request_.command == Command::show) finish_show(show_, request_.show);
    if (request_.command == Command::run) finish_run(run_, request_.run);
    if (request_.command == Command::sweep) finish_sweep(sweep_, request_.sweep);
    if (request_.command == Command::verify) {
      request_.verify.network = network_request(verify_, "verify");
      if (!verify_.after.empty()) request_.verify.after = quantity("--after", verify_.after, dimension::time);
    }
    if (request_.command == Command::check && request_.check.empty()) throw UserError("ranvier check", "no file is named", "give its name");
    if (request_.command == Command::recover && request_.recover.empty()) {
      throw UserError("ranvier recover", "no file is named", "give the name of one that --spikes or --states wrote");
    }
  }

 private:
  void add_list() {
    auto* list = app_.add_subcommand("list", "Show the networks of the library in full, or the names of a kind of part");
    list->add_option("name", request_.list_name,
                     "One network, or a kind: networks, neurons, channels, synapses, outputs, sources, connections, methods")
        ->type_name("NAME");
    list->add_flag("--json", request_.list_json, "As JSON");
    commands_.emplace_back(list, Command::list);
  }
  void add_recover() {
    auto* recover = app_.add_subcommand("recover", "Make a file whole whose run was killed");
    recover->add_option("file", request_.recover, "Files that --spikes or --states wrote")->type_name("FILE...");
    recover->footer(
        "Only a kill within the last milliseconds of a flush leaves a file that readers refuse; this completes it\n"
        "from the journal beside it. It does no harm to a good file.");
    commands_.emplace_back(recover, Command::recover);
  }

  Request& request_;
  CLI::App app_{"Ranvier simulates networks of spiking neurons.", "ranvier"};
  bool version_ = false;
  Words show_, run_, sweep_, verify_;
  std::vector<std::pair<CLI::App*, Command>> commands_;
};

}  // namespace

Request parse(int argc, char** argv) {
  Request request;
  CommandLine line(request);
  line.read(argc, argv);
  if (!request.help) line.finish();
  return request;
}

}  // namespace ranvier::cli
