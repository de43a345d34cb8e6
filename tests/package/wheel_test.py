"""Builds the wheel, installs it into an empty virtual environment and runs COBA-HH with what it carries: no compiler, LLVM or HDF5 of the system.

    wheel_test.py SOURCE WORK

Exit status 77 (skipped) where the packages that build a wheel, or LLVM's static archives, are not there.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

SOURCE, WORK = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
# What a Linux system with glibc has in any case (the manylinux policies list them).
EVERYWHERE = {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "libpthread.so.0", "libdl.so.2", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
OLDEST_GLIBC = (2, 34)
# 9.8 MB of it are LLVM and 3.9 MB the extension. Much more means that a part of LLVM was linked which no kernel needs.
MOST_MEGABYTES = 17


def skip(why):
    print("skipped:", why)
    sys.exit(77)


def output(*command, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def build():
    # The build folder of an earlier run is used again, which is a matter of time only.
    shutil.rmtree(WORK / "wheel", ignore_errors=True)
    output(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", WORK / "wheel",
           f"--config-settings=build-dir={WORK / 'build'}", "--config-settings=cmake.define.RANVIER_SHIP_LLVM=ON", SOURCE)
    (wheel,) = (WORK / "wheel").glob("*.whl")
    return wheel


def check_contents(wheel):
    assert wheel.stat().st_size < MOST_MEGABYTES * 1e6, f"the wheel has {wheel.stat().st_size / 1e6:.1f} MB"
    folder = WORK / "contents"
    shutil.rmtree(folder, ignore_errors=True)
    with zipfile.ZipFile(wheel) as file:
        file.extractall(folder)
    compiled = sorted(folder.glob("ranvier/*.so"))
    assert [f.name.partition(".")[0] for f in compiled] == ["_core", "libranvier_llvm"], compiled
    others = [f for f in folder.rglob("*") if f.is_file() and f.suffix not in (".py", ".pyi", ".so", ".typed") and "dist-info" not in str(f)]
    assert not others, f"in the wheel, but no part of the package: {others}"
    sources = {f.relative_to(SOURCE / "python") for f in (SOURCE / "python/ranvier").rglob("*.py")}
    assert sources == {f.relative_to(folder) for f in folder.glob("ranvier/**/*.py")}, "not the package's sources"
    (licences,) = folder.glob("*.dist-info/licenses")
    notices = (licences / "THIRD_PARTY_NOTICES.txt").read_text()
    assert (licences / "LICENSE").read_text() == (SOURCE / "LICENSE").read_text()
    for part in ("nanobind", "robin-map", "Random123", "toml++", "HDF5", "zlib", "libaec", "LLVM Exceptions to the Apache 2.0 License", "Henry Spencer", "xxHash", "Unicode, Inc."):
        assert part in notices, f"no notice of {part}"
    assert "not found" not in notices, notices
    for library in compiled:
        check_library(library)


def check_library(library):
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", output("readelf", "-dW", library)))
    assert needed <= EVERYWHERE, f"{library.name} needs {needed - EVERYWHERE}"
    symbols = output("readelf", "--dyn-syms", "-W", library)
    glibc = max(tuple(map(int, v.split("."))) for v in re.findall(r"@GLIBC_([0-9.]+)", symbols))
    assert glibc <= OLDEST_GLIBC, f"{library.name} wants glibc {glibc}"
    defined = {line.split()[-1].partition("@")[0] for line in output("nm", "-D", "--defined-only", library).splitlines()}
    ours = re.compile("PyInit__core$" if library.name.startswith("_core") else "LLVM[A-Za-z0-9]+$")
    assert defined and all(ours.match(name) for name in defined), f"{library.name} shows {sorted(defined)[:20]}"


def install(wheel):
    """An environment with the wheel and NumPy, which is that of the Python that runs this: nothing is downloaded."""
    import numpy
    folder = WORK / "environment"
    shutil.rmtree(folder, ignore_errors=True)
    output(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    packages = pathlib.Path(output(python, "-c", "import sysconfig; print(sysconfig.get_path('platlib'))").strip())
    for part in pathlib.Path(numpy.__file__).parents[1].glob("numpy*"):
        (packages / part.name).symlink_to(part)
    output(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel)
    return python, packages


def check_run(python, packages):
    nothing = WORK / "no_programs"
    nothing.mkdir(exist_ok=True)
    shutil.rmtree(WORK / "cache", ignore_errors=True)
    environment = {"PATH": str(nothing), "HOME": str(WORK), "RANVIER_CACHE_DIR": str(WORK / "cache")}
    answer = json.loads(output(python, "-I", pathlib.Path(__file__).parent / "wheel/coba_hh.py", env=environment, cwd=WORK))
    print(json.dumps(answer["seconds"]), answer["rates"])
    assert answer["file"].startswith(str(packages)), answer["file"]
    llvm = [library for library in answer["libraries"] if "llvm" in library.lower()]
    assert llvm == [str(packages / "ranvier/libranvier_llvm.so")], f"LLVM in the process: {llvm}"
    others = [library for library in answer["libraries"] if re.search("hdf5|curl|cairo|freetype", pathlib.Path(library).name)]
    assert not others, others
    assert answer["checksums"][0] == answer["checksums"][1], answer["checksums"]  # it went on from a checkpoint
    for rate in answer["rates"]:  # the first 100 ms: BrainPy's 16 runs lie within 27.8 to 39.2 Hz
        assert 22 < rate < 45, answer["rates"]


try:
    import nanobind  # noqa: F401
    import numpy  # noqa: F401
    import scikit_build_core  # noqa: F401
except ImportError as error:
    skip(f"the Python package {error.name} is not there")
if not any(shutil.which(name) for name in ("llvm-config-19", "/usr/lib/llvm-19/bin/llvm-config")):
    skip("LLVM 19's static archives are not there (Debian, Ubuntu: apt-get install llvm-19-dev)")
WORK.mkdir(parents=True, exist_ok=True)
wheel_file = build()
print(wheel_file.name, wheel_file.stat().st_size, "bytes")
check_contents(wheel_file)
check_run(*install(wheel_file))
