// The program `ranvier`: results on the standard output, progress and messages on the standard error.
#include <csignal>
#include <cstdio>
#include <new>

#include "cli/commands.hpp"
#include "ranvier/network_file.hpp"

namespace ranvier::cli {
namespace {

int perform(const Request& request, const ProcessClock& clock) {
  switch (request.command) {
    case Command::list:
      return list(request.list_name, request.list_json);
    case Command::show:
      return show(request.show);
    case Command::run:
      return run(request.run, clock);
    case Command::sweep:
      return sweep(request.sweep);
    case Command::verify:
      return verify(request.verify);
    case Command::recover:
      return recover(request.recover);
    case Command::new_file:
      return new_file(request.new_file);
    case Command::check:
      return check(request.check);
    case Command::none:
      break;
  }
  return exit_user;
}

/// The file of networks that a request names.
std::string file_of(const Request& r) {
  for (const auto* name : {&r.show.network.name, &r.run.network.name, &r.sweep.network.name, &r.verify.network.name, &r.check}) {
    if (is_file(*name)) return *name;
  }
  return {};
}

/// Mistakes of a network that show after its file was read are told with their place in the file.
int perform_located(int argc, char** argv, const ProcessClock& clock) {
  const Request request = parse(argc, argv);
  if (request.help) {
    print(*request.help);
    return exit_good;
  }
  const auto path = file_of(request);
  try {
    return perform(request, clock);
  } catch (const ParseError&) {
    throw;
  } catch (const Error& e) {
    if (path.empty() || e.where().empty()) throw;
    if (const auto better = located(read_network_file(path).places, e)) throw ParseError(*better);
    throw;
  }
}

int guarded(int argc, char** argv, const ProcessClock& clock) {
  try {
    return perform_located(argc, argv, clock);
  } catch (const UserError& e) {
    print_error(e.what());
    return exit_user;
  } catch (const UnsupportedError& e) {
    print_error(e.what());
    return exit_user;
  } catch (const std::bad_alloc&) {
    print_error("there is not enough memory; use fewer neurons or connections, or record less");
    return exit_user;
  } catch (const std::exception& e) {
    print_error(e.what());
    return exit_fault;
  }
}

}  // namespace
}  // namespace ranvier::cli

int main(int argc, char** argv) {
  const ranvier::cli::ProcessClock clock;
  // A limit on the size of files is then an error of write(), which says how far the file goes.
  std::signal(SIGXFSZ, SIG_IGN);
  return ranvier::cli::guarded(argc, argv, clock);
}
