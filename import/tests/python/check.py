"""Holds `tern import --run` to the cases of a folder. Usage: check.py TERN FOLDER..."""

import json
import os
import subprocess
import sys
import tempfile

import numpy as np


def check(tern, folder, case):
    """What is wrong with a case: nothing, or a sentence."""
    line = [tern, "import", os.path.join(folder, case["file"])]
    if "node" in case:
        line += ["--node", case["node"]]
    with tempfile.NamedTemporaryFile(suffix=".npy") as file:
        np.save(file, np.array(case["x"], dtype=np.float32))
        file.flush()
        run = subprocess.run(line + ["--run", file.name], capture_output=True, text=True)
    error = run.stderr.strip()
    if not case["taken"]:
        if run.returncode != 2:
            return "taken, expected refused"
        missing = [word for word in case["words"] if word not in error]
        return f"refused without {missing}: {error}" if missing else None
    if run.returncode != 0:
        return f"refused: {error}"
    found = np.array([line.split() for line in run.stdout.splitlines()], dtype=np.float32)
    expected = np.array(case["y"], dtype=np.float32)
    if expected.ndim == 1:
        found = found[-1]
    if found.shape != expected.shape:
        return f"shape {found.shape}, expected {expected.shape}"
    difference = np.abs(found - expected).max() / np.abs(expected).max()
    return None if difference <= 1e-5 else f"differs by {difference}"


def main(tern, folders):
    taken = refused = wrong = 0
    for folder in folders:
        with open(os.path.join(folder, "cases.json")) as file:
            cases = json.load(file)
        for case in cases:
            problem = check(tern, folder, case)
            if problem:
                wrong += 1
                print(f"{folder}/{case['name']}: {problem}")
            elif case["taken"]:
                taken += 1
            else:
                refused += 1
    print(f"{taken} taken and equal, {refused} refused by name, {wrong} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
