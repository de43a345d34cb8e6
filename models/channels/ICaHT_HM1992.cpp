// High-threshold calcium current: the kinetics of the T current of Huguenard & McCormick 1992 (J Neurophysiol 68:1373), 28 mV higher.
#include "ICaT_kinetics.hh"

namespace ranvier::models::channels {

Channel ICaHT_HM1992() { return calcium_HM1992("ICaHT", "high-threshold calcium current: the kinetics of the T current, 28 mV higher", 25 * units::mV); }

}  // namespace ranvier::models::channels
