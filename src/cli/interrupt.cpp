#include "cli/interrupt.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string_view>

#include "cli/progress.hpp"

namespace ranvier::cli {
namespace {

// What a signal handler may touch must be static.
volatile std::sig_atomic_t asked = 0;
volatile std::sig_atomic_t over_a_bar = 0;  // standard error may end in a progress bar, which the words are to replace

constexpr std::string_view words =
    "\r\x1b[Kranvier: stopping and saving what there is; a second Ctrl-C ends it at once\n";
constexpr std::size_t bar_eraser = std::string_view("\r\x1b[K").size();

void set_handler(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  // The second signal counts even while the handler of the first waits for its words to be taken.
  action.sa_flags = SA_RESTART | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

extern "C" void ranvier_ask_to_stop(int) {
  set_handler(SIGINT, SIG_DFL);
  set_handler(SIGTERM, SIG_DFL);
  asked = 1;
  const int kept = errno;
  const auto said = words.substr(over_a_bar != 0 ? 0 : bar_eraser);
  (void)!::write(STDERR_FILENO, said.data(), said.size());
  errno = kept;
}

}  // namespace

Interrupt::Interrupt() {
  asked = 0;
  over_a_bar = Meter::style_of(STDERR_FILENO) == Meter::Style::bar ? 1 : 0;
  set_handler(SIGINT, ranvier_ask_to_stop);
  set_handler(SIGTERM, ranvier_ask_to_stop);
}

Interrupt::~Interrupt() {
  set_handler(SIGINT, SIG_DFL);
  set_handler(SIGTERM, SIG_DFL);
}

bool Interrupt::requested() const { return asked != 0; }

}  // namespace ranvier::cli
