"""Cases: a network's file, an input and what its own tool computes from it, in a folder with a list of them."""

import json
import os
import re
import sys

import numpy as np

np.set_printoptions(floatmode="unique")


class Folder:
    """A folder of cases and the list of them, `cases.json`."""

    def __init__(self, path):
        self.path, self.cases = path, []
        os.makedirs(path, exist_ok=True)

    def file(self, name):
        """Path of a file in the folder."""
        return os.path.join(self.path, name)

    def add(self, name, file, x, y, taken=True, node=None, words=()):
        """Adds a case: input x [time, X] and outputs y [time, N], or [N] of the last step alone.

        taken: whether it is to be taken; one that is not is to be refused with all of the words.
        """
        case = {"name": name, "file": file, "taken": taken, "words": list(words)}
        if node is not None:
            case["node"] = node
        for key, value in (("x", x), ("y", y)):
            if value is not None:
                # Shortest decimals that are the same 32-bit floats.
                text = np.array2string(np.asarray(value, np.float32), separator=",", threshold=sys.maxsize)
                case[key] = json.loads(re.sub(r"\.(?=[,\]\s])", ".0", text))
        self.cases.append(case)

    def close(self):
        """Writes the list, behind what is in it already."""
        path, cases = self.file("cases.json"), []
        if os.path.exists(path):
            with open(path) as file:
                names = {case["name"] for case in self.cases}
                cases = [case for case in json.load(file) if case["name"] not in names]
        lines = ",\n".join(json.dumps(case) for case in cases + self.cases)
        with open(path, "w") as file:
            file.write(f"[\n{lines}\n]\n")
