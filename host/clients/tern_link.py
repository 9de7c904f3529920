#!/usr/bin/env python3
"""Runs a sequence on a board over its serial line, with nothing but Python: docs/link.md says what goes over the line.

    python3 tern_link.py PORT                                         who the board is, as JSON
    python3 tern_link.py PORT --input seven.bytes --out answer.bytes  the bytes that `tern features` writes, and what comes back
    python3 tern_link.py PORT --weights weights.bin                   loads the network that `tern weights` wrote

For systems with POSIX terminals. As a module: `Board(path).run(bytes)`.
"""

import argparse, json, os, select, struct, sys, termios, tty, zlib

LAST, ROOM, END, MOST = 1, 2, 0x80, 252
# Requests for output in a row that may bring nothing.
MOST_SILENT = 2000


def stuffed(plain):
    """COBS: blocks of up to 254 bytes, each after its length, without zeros."""
    coded, block = bytearray(), bytearray()
    for place, byte in enumerate(plain + b"\0"):
        if byte:
            block.append(byte)
        if not byte or (len(block) == 254 and place + 1 < len(plain)):
            coded += bytes([len(block) + 1]) + block
            block.clear()
    return bytes(coded)


def unstuffed(coded):
    """The bytes that `stuffed` was given; nothing if it was given none."""
    plain, place = bytearray(), 0
    while place < len(coded):
        block = coded[place + 1 : place + coded[place]]
        if len(block) + 1 != coded[place]:
            return None
        place += coded[place]
        plain += block + (b"\0" if len(block) < 254 and place < len(coded) else b"")
    return bytes(plain)


class Lost(Exception):
    """The board has not done what it was asked: the sequence begins anew."""


class Board:
    """A board at the end of a serial line of `baud` bits per second."""

    def __init__(self, path, baud=115200, seconds=0.2, attempts=8):
        self.line = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.line)
        mode = termios.tcgetattr(self.line)
        mode[4] = mode[5] = getattr(termios, f"B{baud}", None) or termios.B0
        if mode[4] == termios.B0:
            raise ValueError(f"--baud is {baud}, expected a rate that serial ports have, such as 115200")
        termios.tcsetattr(self.line, termios.TCSANOW, mode)
        self.path, self.seconds, self.attempts = path, seconds + 3000 / baud, attempts
        self.number, self.place = 0, 0

    def frame(self):
        """The next whole frame as kind, number and payload; nothing if none comes in time."""
        coded = bytearray()
        while select.select([self.line], [], [], self.seconds)[0]:
            byte = os.read(self.line, 1)
            if byte != b"\0":
                coded += byte
                continue
            plain = unstuffed(coded) or b""
            coded.clear()
            if len(plain) >= 6 and struct.pack("<I", zlib.crc32(plain[:-4])) == plain[-4:]:
                return plain[:1], plain[1], plain[2:-4]
        return None

    def request(self, kind, payload=b"", answer=None):
        """The payload of the answer of kind `answer`, of the same kind where none is named."""
        self.number = (self.number + 1) % 256
        for _ in range(self.attempts):
            plain = kind + bytes([self.number]) + payload
            os.write(self.line, b"\0" + stuffed(plain + struct.pack("<I", zlib.crc32(plain))) + b"\0")
            while (frame := self.frame()) and frame[1] != self.number:
                pass
            if frame and frame[0] == (answer or kind):
                return frame[2]
            if frame and frame[0] == b"E" and kind != b"I":
                raise Lost(f"code {frame[2][0]}")
            # The answer to a request of an earlier program.
            self.number = (self.number + bool(frame)) % 256
        raise OSError(f"{self.path}: nothing answers as a board does")

    def identity(self):
        """Who the board is: the fields of docs/link.md."""
        fields = struct.unpack("<BBHIIHBBHHBBH8s8s24s", self.request(b"I"))
        names = "dropped version most clock_hz baud inputs input_bits flags step_bytes outputs output_bits lanes"
        identity = dict(zip(names.split(), fields))
        hashes = {"output_bytes": fields[12], "model": fields[13].hex(), "design": fields[14].hex()}
        return {**identity, **hashes, "name": fields[15].rstrip(b"\0").decode()}

    def send(self, kind, data, answer):
        """Sends all of `data` after a reset; what came back and whether that is the end of the output."""
        self.request(b"R")
        sent, place, output, status, silent = 0, 0, b"", ROOM, 0
        while sent < len(data) or not status & (LAST if kind == b"X" else ROOM):
            if silent == MOST_SILENT:
                raise Lost("the core gives nothing and takes nothing")
            if sent < len(data) and status & ROOM:
                part = data[sent : sent + MOST]
                flags = place | (END if sent + len(part) == len(data) else 0)
                got = self.request(kind, bytes([flags]) + part, answer)
                sent, place, silent = sent + len(part), (place + 1) % 128, 0
            else:
                got = self.request(b"Y")
                silent = 0 if got[1:] else silent + 1
            status, output = got[0], output + (got[1:] if kind == b"X" else b"")
        return output

    def run(self, data):
        """The bytes of the output stream for a sequence of bytes of the input stream."""
        about = self.identity()
        if not data or len(data) % about["step_bytes"]:
            raise ValueError(f"{len(data)} bytes of input, expected time steps of {about['step_bytes']}")
        outputs = len(data) // about["step_bytes"] if about["flags"] & 1 else 1
        for _ in range(self.attempts):
            try:
                output = self.send(b"X", data, b"Y")
            except Lost:
                continue
            if len(output) == outputs * about["output_bytes"]:
                return output
        raise OSError(f"{self.path}: the board loses the sequence again and again")

    def load(self, weights):
        """Loads the network of the bytes that `tern weights` wrote."""
        self.send(b"W", weights, b"W")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("port")
    parser.add_argument("--baud", type=int, default=115200)
    parser.add_argument("--input")
    parser.add_argument("--out")
    parser.add_argument("--weights")
    options = parser.parse_args()
    board = Board(options.port, options.baud)
    if options.weights:
        with open(options.weights, "rb") as file:
            board.load(file.read())
    if not options.input:
        return print(json.dumps(board.identity()))
    with open(options.input, "rb") as file:
        output = board.run(file.read())
    with open(options.out or sys.stdout.fileno(), "wb") as file:
        file.write(output)


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError, Lost) as error:
        sys.exit(f"error: {error}")
