// Rapidly inactivating potassium current (A), component 1, of Huguenard & McCormick 1992 (J Neurophysiol 68:1373).
#include "IKA_kinetics.hh"

namespace ranvier::models::channels {

Channel IKA1_HM1992() { return potassium_A_HM1992("1", 30, 60, 8.5); }

}  // namespace ranvier::models::channels
