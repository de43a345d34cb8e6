"""examples/stdp_window against the window of its rule: pairs of spikes, exponential on both sides, zero apart counts as pre before post."""
import math
import os
import subprocess
import sys

program = os.path.join(os.environ["RANVIER_BIN"], "examples", "stdp_window")
if not os.path.exists(program):
    print("skipped: the examples are not built")
    sys.exit(77)
out = subprocess.run([program], capture_output=True, text=True, check=True).stdout
rows = [tuple(float(x) for x in line.split()) for line in out.splitlines()[1:]]
assert [r[0] for r in rows] == [2.0 * (20 - k) for k in range(41)], rows
wrong = []
for apart, change in rows:
    wanted = 0.1 * math.exp(-apart / 17) if apart >= 0 else -0.05 * math.exp(apart / 34)
    if abs(change - wanted) > 1e-6:
        wrong.append((apart, change, wanted))
if wrong:
    sys.exit(f"t_post - t_pre, change, wanted: {wrong}")
print("41 pairs")
