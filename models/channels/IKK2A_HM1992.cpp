// Slowly inactivating potassium current (K2a) of Huguenard & McCormick 1992 (J Neurophysiol 68:1373).
#include "IKK2_kinetics.hh"

namespace ranvier::models::channels {

Channel IKK2A_HM1992() { return potassium_K2_HM1992("K2a", SlowBelow::as_above); }

}  // namespace ranvier::models::channels
