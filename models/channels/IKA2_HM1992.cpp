// Rapidly inactivating potassium current (A), component 2, of Huguenard & McCormick 1992 (J Neurophysiol 68:1373).
#include "IKA_kinetics.hh"

namespace ranvier::models::channels {

Channel IKA2_HM1992() { return potassium_A_HM1992("2", 20, 36, 20.0); }

}  // namespace ranvier::models::channels
