// Slowly inactivating potassium current (K2b) of Huguenard & McCormick 1992 (J Neurophysiol 68:1373).
#include "IKK2_kinetics.hh"

namespace ranvier::models::channels {

Channel IKK2B_HM1992() { return potassium_K2_HM1992("K2b", SlowBelow::constant); }

}  // namespace ranvier::models::channels
