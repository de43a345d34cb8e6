/* What the program asks a library that may be LLVM first. */
void LLVMGetVersion(unsigned* major, unsigned* minor, unsigned* patch) {
  *major = 14;
  *minor = 0;
  *patch = 6;
}
