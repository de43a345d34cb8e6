#include "cli/interrupt.hpp"

#include <csignal>

namespace ranvier::cli {
namespace {

// What a signal handler may touch must be static.
volatile std::sig_atomic_t asked = 0;

void set_handler(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

extern "C" void ranvier_ask_to_stop(int) {
  asked = 1;
  set_handler(SIGINT, SIG_DFL);
  set_handler(SIGTERM, SIG_DFL);
}

}  // namespace

Interrupt::Interrupt() {
  asked = 0;
  set_handler(SIGINT, ranvier_ask_to_stop);
  set_handler(SIGTERM, ranvier_ask_to_stop);
}

Interrupt::~Interrupt() {
  set_handler(SIGINT, SIG_DFL);
  set_handler(SIGTERM, SIG_DFL);
}

bool Interrupt::requested() const { return asked != 0; }

}  // namespace ranvier::cli
