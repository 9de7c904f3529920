"""Writes a data set to try things on: four gestures as an accelerometer on a wrist would see them, three axes at 25 Hz.

    python3 examples/gestures.py build/gestures

The folder gets a CSV file per gesture and `labels.csv`, as `tern train folder` and `tern import --calibrate` take them.
The gestures are computed, with noise of a fixed seed, so that the same files come out everywhere.
"""

import math
import random
import sys
from pathlib import Path

RATE = 25.0  # samples per second
GRAVITY = 9.81  # m/s^2
EACH = {"train": 40, "validation": 10, "test": 20}  # sequences of each gesture


def circle(t: float, pace: float) -> tuple[float, float, float]:
    angle = 2 * math.pi * pace * t
    return 5 * math.cos(angle), 5 * math.sin(angle), 0.0


def shake(t: float, pace: float) -> tuple[float, float, float]:
    return 9 * math.sin(2 * math.pi * 3 * pace * t), 0.0, 1.5 * math.sin(2 * math.pi * 6 * pace * t)


def swipe(t: float, pace: float) -> tuple[float, float, float]:
    return 8 * math.sin(2 * math.pi * pace * t) if pace * t < 1 else 0.0, 0.0, 0.0


def lift(t: float, pace: float) -> tuple[float, float, float]:
    return 0.0, 1.0 * math.sin(math.pi * pace * t), 6 * math.sin(2 * math.pi * pace * t) if pace * t < 1 else 0.0


GESTURES = {"circle": circle, "lift": lift, "shake": shake, "swipe": swipe}


def main(folder: Path) -> None:
    draw = random.Random(1)
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["file,label,split"]
    for label, gesture in GESTURES.items():
        for split, count in EACH.items():
            for k in range(count):
                pace, strength, tilt = draw.uniform(0.7, 1.3), draw.uniform(0.6, 1.4), draw.uniform(-0.4, 0.4)
                rows = ["x,y,z"]
                for step in range(draw.randint(30, 50)):
                    x, y, z = (strength * a + draw.gauss(0, 4) for a in gesture(step / RATE, pace))
                    x, z = x + GRAVITY * math.sin(tilt), z + GRAVITY * math.cos(tilt)
                    rows.append(f"{x:.3f},{y:.3f},{z:.3f}")
                name = f"{label}-{split}-{k}.csv"
                (folder / name).write_text("\n".join(rows) + "\n")
                lines.append(f"{name},{label},{split}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n")
    print(f"wrote {len(lines) - 1} sequences to {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
