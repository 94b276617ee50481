#!/usr/bin/env bash
# Prepares libtorch 2.4.0 for the feature `rust-bert` on Linux x86_64, for the CPU, out of the Python packages that hold it,
# and prints what to export:
#
#     eval "$(bash models/libtorch.sh)"
#
# An argument names the folder that it goes to; without one it is target/libtorch. A folder that is ready is used again.
# It takes 530 MB there, and 1.4 GB while it works.
set -euo pipefail

version=2.4.0
folder="${1:-$(cd "$(dirname "$0")/.." && pwd)/target/libtorch}"

say() { printf 'libtorch: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# Threads that wait give up their core: where others work too, libtorch would else spend most of its time waiting loudly.
print_exports() {
    printf 'export LIBTORCH=%q LIBTORCH_CXX11_ABI=0 OMP_WAIT_POLICY=passive LD_LIBRARY_PATH=%q"${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"\n' "$folder" "$folder/lib"
}

check_machine() {
    [ "$(uname -sm)" = "Linux x86_64" ] ||
        fail "this is $(uname -sm), and the packages are for Linux x86_64; unpack the libtorch $version of your system, and export LIBTORCH with its folder"
    local tool
    for tool in python3 cc c++; do
        command -v "$tool" >/dev/null || fail "needs $tool, which is not here; install Python 3 with pip, and a C and C++ compiler"
    done
    python3 -m pip --version >/dev/null 2>&1 || fail "needs pip, which this python3 does not have; install it (python3 -m ensurepip)"
    local free
    free=$(df --output=avail -k "$1" | tail -1)
    [ "$free" -ge 1500000 ] || fail "needs 1.5 GB in $1, which has $((free / 1000)) MB"
}

# pip checks the sums. One build of torch serves all: nothing of Python in it is used.
download() {
    say "fetching three packages, 812 MB"
    python3 -m pip download --no-deps --no-cache-dir --only-binary=:all: --python-version 3.11 --platform manylinux1_x86_64 \
        --require-hashes --dest "$1" --requirement /dev/stdin >&2 <<'SUMS' || fail "pip could not fetch the packages; its message is above"
torch==2.4.0 --hash=sha256:e743adadd8c8152bb8373543964551a7cb7cc20ba898dc8f9c0cdbe47c283de0
nvidia-cuda-cupti-cu12==12.1.105 --hash=sha256:e54fde3983165c624cb79254ae9818a456eb6e87a7fd4d56a2352c24ee542d7e
nvidia-cuda-runtime-cu12==12.1.105 --hash=sha256:6e258468ddf5796e25f1dc591a31029fa317d97a0a94ed93468fc86301d61e40
SUMS
}

# The headers, and the libraries that the CPU's side needs, out of all wheels in a folder.
unpack() {
    say "unpacking what the CPU needs"
    python3 - "$1" "$2" <<'PYTHON'
import pathlib, re, shutil, sys, zipfile
wheels, folder = map(pathlib.Path, sys.argv[1:])
wanted = re.compile(r"torch/(include/.+[^/])|torch/(lib/(?:libtorch_cpu\.so|libc10\.so|libgomp-.*))|nvidia/.*/(lib/lib(?:cupti|cudart)\.so\.12)"
                    r"|.*-info/((?:LICENSE|NOTICE|License).*)")
for wheel in sorted(wheels.glob("*.whl")):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if found := wanted.fullmatch(name):
                place = next(filter(None, found.groups()))
                target = folder / (place if "/" in place else f"licences/{wheel.name.split('-')[0]}-{place}")
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(name) as source, target.open("wb") as file:
                    shutil.copyfileobj(source, file, 1 << 20)
PYTHON
}

# The libtorch.so of the package wants CUDA's part as well; this one is made of links only.
link() {
    cc -shared -o "$1/lib/libtorch.so" -L"$1/lib" -Wl,-rpath,'$ORIGIN' -Wl,--no-as-needed -ltorch_cpu -lc10 ||
        fail "cc could not link libtorch.so; its message is above"
}

if [ "$(cat "$folder/build-version" 2>/dev/null)" != "$version" ]; then
    mkdir -p "$folder"
    folder=$(cd "$folder" && pwd)
    work=$(mktemp -d "$folder/.part.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    check_machine "$folder"
    download "$work/wheels"
    unpack "$work/wheels" "$work/libtorch"
    link "$work/libtorch"
    rm -rf "$folder/include" "$folder/lib" "$folder/licences"
    mv "$work/libtorch"/* "$folder"
    # Written last: it says that the rest is there, and torch-sys checks its own version against it.
    echo "$version" >"$folder/build-version"
    say "ready in $folder"
fi
folder=$(cd "$folder" && pwd)
print_exports
