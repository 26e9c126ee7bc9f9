#!/usr/bin/env python3
"""Makes v1.json, the fixed values of format 1, from FORMAT.md alone.

Python's standard library only; the ciphers are written out below from RFC 8439
and draft-irtf-cfrg-xchacha-03. Slow and not constant-time: for test values only.

    python3 v1.py > v1.json
"""
import base64
import hashlib
import hmac
import json
import struct


def rotl(v, n):
    return ((v << n) | (v >> (32 - n))) & 0xFFFFFFFF


def quarter(s, a, b, c, d):
    for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        s[x] = (s[x] + s[y]) & 0xFFFFFFFF
        s[z] = rotl(s[z] ^ s[x], n)


def rounds(state):
    s = list(state)
    for _ in range(10):
        for i in range(4):
            quarter(s, i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(s, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return s


def initial(key, last16):
    return list(struct.unpack("<16I", b"expand 32-byte k" + key + last16))


def chacha_block(key, counter, nonce12):
    start = initial(key, struct.pack("<I", counter) + nonce12)
    mixed = rounds(start)
    return struct.pack("<16I", *((a + b) & 0xFFFFFFFF for a, b in zip(start, mixed)))


def hchacha(key, nonce16):
    s = rounds(initial(key, nonce16))
    return struct.pack("<8I", *(s[0:4] + s[12:16]))


def chacha(key, nonce12, text):
    out = bytearray()
    for i in range(0, len(text), 64):
        stream = chacha_block(key, 1 + i // 64, nonce12)
        out += bytes(a ^ b for a, b in zip(text[i:i + 64], stream))
    return bytes(out)


def poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for i in range(0, len(message), 16):
        total = (total + int.from_bytes(message[i:i + 16] + b"\1", "little")) * r % (2 ** 130 - 5)
    return ((total + int.from_bytes(key[16:], "little")) % 2 ** 128).to_bytes(16, "little")


def pad16(b):
    return b + bytes(-len(b) % 16)


def xchacha_seal(key, nonce24, plaintext, aad):
    key, nonce12 = hchacha(key, nonce24[:16]), bytes(4) + nonce24[16:]
    box = chacha(key, nonce12, plaintext)
    sizes = struct.pack("<QQ", len(aad), len(box))
    return box + poly1305(chacha_block(key, 0, nonce12)[:32], pad16(aad) + pad16(box) + sizes)


def hkdf(secret, salt, info, length):
    prk = hmac.digest(salt or bytes(32), secret, "sha256")
    out, block = b"", b""
    while len(out) < length:
        block = hmac.digest(prk, block + info + bytes([len(out) // 32 + 1]), "sha256")
        out += block
    return out[:length]


def check_parts():
    # RFC 5869, A.1
    assert hkdf(b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)), 42).hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
    # draft-irtf-cfrg-xchacha-03, A.3.1
    box = xchacha_seal(
        bytes(range(0x80, 0xA0)), bytes(range(0x40, 0x58)),
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip "
        b"for the future, sunscreen would be it.",
        bytes.fromhex("50515253c0c1c2c3c4c5c6c7"))
    assert box[:16].hex() == "bd6d179d3e83d43b9576579493c0e939", box[:16].hex()
    assert box[-16:].hex() == "c0875924c1c7987947deafd8780acf49", box[-16:].hex()


def b64(b):
    return base64.urlsafe_b64encode(b).rstrip(b"=").decode()


def as_tuple(*fields):
    fields = [f.encode() for f in ("tillkey keyring", "1") + fields]
    return b"".join(struct.pack(">I", len(f)) + f for f in fields)


def seal(secret, key_id, realm, purpose, account, binding, plaintext, nonce):
    key = hkdf(secret, b"", as_tuple(realm, "seal"), 32)
    aad = as_tuple(realm, key_id, purpose, account, binding)
    return "tk1." + key_id + "." + b64(nonce + xchacha_seal(key, nonce, plaintext, aad))


def mac(secret, realm, purpose, data):
    return hmac.digest(hkdf(secret, b"", as_tuple(realm, "mac", purpose), 32), data, "sha256").hex()


def main():
    check_parts()
    keys = {"kaaaaaaaa": bytes(range(32)), "kz7y6x5w4": hashlib.sha256(b"second test key").digest()}
    seals = [
        ("kaaaaaaaa", "shop", "password hash", "customer-1", "", b"$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA"),
        ("kaaaaaaaa", "shop", "password hash", "customer-1", "enrolment-7", b"bound to an enrolment"),
        ("kaaaaaaaa", "shop", "canary", "", "", b""),
        ("kz7y6x5w4", "shop", "totp seed", "42", "", bytes(range(256))),
        ("kz7y6x5w4", "r", "p", "\u00e4\u0000\u20ac", "\n.|:", "\u00fcber".encode()),
        ("kz7y6x5w4", "R" * 255, "P" * 255, "A" * 255, "B" * 1024, b"x" * 1000),
    ]
    macs = [
        ("kaaaaaaaa", "shop", "throttle name", b"ada@example.com"),
        ("kaaaaaaaa", "shop", "device cookie", b"ada@example.com"),
        ("kaaaaaaaa", "staging", "throttle name", b"ada@example.com"),
        ("kz7y6x5w4", "shop", "throttle name", b""),
    ]
    doc = {
        "keys": ["tillkey-key-v1:%s:%s" % (i, b64(s)) for i, s in keys.items()],
        "seals": [],
        "macs": [],
    }
    for n, (i, realm, purpose, account, binding, plaintext) in enumerate(seals):
        nonce = hashlib.sha256(b"nonce %d" % n).digest()[:24]
        doc["seals"].append({
            "key": i, "realm": realm, "purpose": purpose, "account": account, "binding": binding,
            "plaintext": plaintext.hex(),
            "sealed": seal(keys[i], i, realm, purpose, account, binding, plaintext, nonce),
        })
    for i, realm, purpose, data in macs:
        doc["macs"].append({"key": i, "realm": realm, "purpose": purpose, "data": data.hex(),
                            "mac": mac(keys[i], realm, purpose, data)})
    print(json.dumps(doc, indent=2))


main()
