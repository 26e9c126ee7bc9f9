"""Reads a corpus file as FORMAT.md describes it, the slow way.

    python3 read.py v1-16-count.pwb "tea 7"   prints 50
"""
import hashlib
import sys


def crc(data):
    c = 0xFFFFFFFF
    for byte in data:
        c ^= byte
        for _ in range(8):
            c = c >> 1 ^ (0x82F63B78 if c & 1 else 0)
    return c ^ 0xFFFFFFFF


def number(data, at, size):
    return int.from_bytes(data[at : at + size], "little")


def bit(data, i):
    return data[i // 8] >> i % 8 & 1


def count(data, digest):
    assert data[:4] == b"PWB1" and number(data, 4, 2) == 1
    assert number(data, 4092, 4) == crc(data[:4092])
    counts, b, k, least = number(data, 8, 4) & 1, data[17], data[20], number(data, 32, 4)
    sections = {}
    for i in range(number(data, 36, 4)):
        at = 64 + 32 * i
        begin = number(data, at + 8, 8)
        sections[data[at : at + 4]] = data[begin : begin + number(data, at + 16, 8)]
    directory = sections[b"DIR "]
    value = int.from_bytes(digest, "big") >> len(digest) * 8 - b - 12 - k
    block, slot, remainder = value >> 12 + k, value >> k & 4095, value & (1 << k) - 1
    entry, after = number(directory, 8 * block, 8), number(directory, 8 * block + 8, 8)
    n = entry & 0xFFFF
    part = sections[b"MEM "][entry >> 16 : after >> 16]
    assert number(part, len(part) - 4, 4) == crc((block << 16 | n).to_bytes(8, "little") + part[:-4])
    unary, at = part[128:], -1
    for _ in range(slot + 1):
        at += 1
        while bit(unary, at):
            at += 1
    found = None
    remainders = 128 + 8 * ((n + 4096) // 64 + 1)
    while bit(unary, at + 1):
        key = at - slot
        if number(part, remainders + key * k // 8, k // 8) == remainder:
            found = key
        at += 1
    if found is None:
        return 0
    if not counts:
        return 1
    samples = (n - 1) // 512
    lengths = remainders + (n * k // 8 + 7) // 8 * 8 + (4 * samples + 7) // 8 * 8
    at = behind = 0
    for key in range(found + 1):
        behind, at, size = at, at + 1, 0
        while not bit(part[lengths:], at):
            at, size = at + 1, size + 1
    end = 8 * (len(part) - 8)
    begin = end - (behind - found) - size
    mantissa = sum(bit(part, begin + i) << i for i in range(size))
    return (1 << size | mantissa) - 1 + least


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as f:
        content = f.read()
    print(count(content, hashlib.sha1(sys.argv[2].encode()).digest()))
