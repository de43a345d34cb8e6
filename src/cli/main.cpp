// The program `ranvier`: results on the standard output, progress and messages on the standard error.
#include <csignal>
#include <cstdio>
#include <new>

#include "cli/commands.hpp"

namespace ranvier::cli {
namespace {

int perform(int argc, char** argv, const ProcessClock& clock) {
  const Request request = parse(argc, argv);
  if (request.help) {
    print(*request.help);
    return exit_good;
  }
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

int guarded(int argc, char** argv, const ProcessClock& clock) {
  try {
    return perform(argc, argv, clock);
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
