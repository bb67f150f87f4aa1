"""Measures what the plugin adds to an empty pytest run: the minimum of 20 runs with and without it, in milliseconds.

Run: python benchmarks/startup.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

RUNS = 20
OTHERS = ["-p", "no:allure_pytest", "-p", "no:xdist", "-p", "no:xdist.looponfail", "-p", "no:hypothesispytest"]


def seconds(folder: str, *options: str) -> float:
    """The wall time of one empty pytest run."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *OTHERS, *options]
    subprocess.run(command, cwd=folder, capture_output=True, check=False, env={**os.environ, "PYTHONHASHSEED": "0"})
    return time.perf_counter() - started


def main() -> None:
    """Measure interleaved runs, print both minima and their difference."""
    with tempfile.TemporaryDirectory() as folder:
        with_plugin, without = [], []
        for _ in range(RUNS):
            with_plugin.append(seconds(folder))
            without.append(seconds(folder, "-p", "no:reportconformance"))
    a, b = min(with_plugin) * 1000, min(without) * 1000
    print(f"with the plugin {a:.1f} ms, without {b:.1f} ms, difference {a - b:.1f} ms (minimum of {RUNS} runs each)")


if __name__ == "__main__":
    main()
