// Low-threshold (T) calcium current of thalamic relay cells, Huguenard & McCormick 1992 (J Neurophysiol 68:1373).
#include "ICaT_kinetics.hh"

namespace ranvier::models::channels {

Channel ICaT_HM1992() { return calcium_HM1992("ICaT", "low-threshold (T) calcium current of thalamic relay cells", -3 * units::mV); }

}  // namespace ranvier::models::channels
