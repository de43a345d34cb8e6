// Ctrl-C and SIGTERM: the first asks for a clean end and says so on standard error, the second kills as usual.
//
//   const Interrupt interrupt;                       // for as long as it lives
//   sim.run(t, [&](const Progress&) { return !interrupt.requested(); });
#pragma once

namespace ranvier::cli {

class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  [[nodiscard]] bool requested() const;
};

}  // namespace ranvier::cli
