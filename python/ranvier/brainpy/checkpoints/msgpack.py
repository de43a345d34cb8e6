"""The part of MessagePack that BrainPy's (Flax's) checkpoints are made of: nil, booleans, numbers, text, bytes, lists, maps with text as
keys, and arrays as an extension of type 1 that holds (shape, name of the dtype, bytes); 2 is a complex number, 3 a NumPy scalar.

    data = pack({"w": np.zeros(3)}); unpack(data)["w"]

Format: https://github.com/msgpack/msgpack/blob/master/spec.md
"""
import struct

import numpy as np

_ARRAY, _COMPLEX, _SCALAR = 1, 2, 3


def pack(value):
    """Bytes of a tree of dicts, lists, numbers, text, bytes and arrays."""
    out = bytearray()
    _write(out, value)
    return bytes(out)


def _write(out, value):
    if value is None:
        out.append(0xC0)
    elif isinstance(value, bool):
        out.append(0xC3 if value else 0xC2)
    elif isinstance(value, int):
        _write_int(out, value)
    elif isinstance(value, float):
        out += struct.pack(">Bd", 0xCB, value)
    elif isinstance(value, str):
        data = value.encode()
        _head(out, len(data), (0xA0, 32), (0xD9, 0xDA, 0xDB))
        out += data
    elif isinstance(value, (bytes, bytearray)):
        _head(out, len(value), None, (0xC4, 0xC5, 0xC6))
        out += value
    elif isinstance(value, dict):
        _head(out, len(value), (0x80, 16), (None, 0xDE, 0xDF))
        for key, part in value.items():
            if not isinstance(key, str):
                raise TypeError(f"the key {key!r} is no text")
            _write(out, key)
            _write(out, part)
    elif isinstance(value, (list, tuple)):
        _head(out, len(value), (0x90, 16), (None, 0xDC, 0xDD))
        for part in value:
            _write(out, part)
    elif isinstance(value, complex):
        _extension(out, _COMPLEX, pack([value.real, value.imag]))
    elif isinstance(value, (np.ndarray, np.generic)):
        array = np.ascontiguousarray(value)
        body = pack([list(np.shape(value)), array.dtype.name, array.tobytes()])
        _extension(out, _SCALAR if isinstance(value, np.generic) else _ARRAY, body)
    else:
        raise TypeError(f"a {type(value).__name__} cannot be kept in a checkpoint")


def _write_int(out, value):
    if 0 <= value < 128 or -32 <= value < 0:
        out += struct.pack(">b" if value < 0 else ">B", value)
    elif -2 ** 63 <= value < 2 ** 63:
        out += struct.pack(">Bq", 0xD3, value)
    elif value < 2 ** 64:
        out += struct.pack(">BQ", 0xCF, value)
    else:
        raise OverflowError(f"{value} has more than 64 bits")


def _head(out, length, short, codes):
    """The head of something of a length: in one byte where it is short, else a code and the length in 1, 2 or 4 bytes."""
    if short is not None and length < short[1]:
        out.append(short[0] | length)
    elif codes[0] is not None and length < 2 ** 8:
        out += struct.pack(">BB", codes[0], length)
    elif length < 2 ** 16:
        out += struct.pack(">BH", codes[1], length)
    elif length < 2 ** 32:
        out += struct.pack(">BI", codes[2], length)
    else:
        raise OverflowError(f"{length} bytes or parts are too many for one value")


def _extension(out, kind, data):
    fixed = {1: 0xD4, 2: 0xD5, 4: 0xD6, 8: 0xD7, 16: 0xD8}
    if len(data) in fixed:
        out.append(fixed[len(data)])
    else:
        _head(out, len(data), None, (0xC7, 0xC8, 0xC9))
    out += struct.pack(">b", kind) + data


def unpack(data):
    """The tree of its bytes; ValueError where they are no such file."""
    value, end = _Reader(data).whole()
    if end != len(data):
        raise ValueError(f"{len(data) - end} bytes follow the checkpoint")
    return value


_NUMBERS = {0xCA: ">f", 0xCB: ">d", 0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q", 0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q"}
_SIZED = {0xD9: ("text", 1), 0xDA: ("text", 2), 0xDB: ("text", 4), 0xC4: ("bytes", 1), 0xC5: ("bytes", 2), 0xC6: ("bytes", 4),
          0xDC: ("list", 2), 0xDD: ("list", 4), 0xDE: ("map", 2), 0xDF: ("map", 4), 0xC7: ("ext", 1), 0xC8: ("ext", 2), 0xC9: ("ext", 4)}
_FIXED_EXT = {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}


class _Reader:
    def __init__(self, data):
        self.data, self.at = memoryview(data), 0

    def whole(self):
        return self.value(), self.at

    def take(self, count):
        if self.at + count > len(self.data):
            raise ValueError("the checkpoint is cut off")
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, form):
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def value(self):
        code = self.number(">B")
        if code < 0x80 or code >= 0xE0:
            return code if code < 0x80 else code - 256
        for first, last, kind in ((0x80, 0x8F, "map"), (0x90, 0x9F, "list"), (0xA0, 0xBF, "text")):
            if first <= code <= last:
                return self.sized(kind, code - first)
        if code in (0xC0, 0xC2, 0xC3):
            return {0xC0: None, 0xC2: False, 0xC3: True}[code]
        if code in _NUMBERS:
            return self.number(_NUMBERS[code])
        if code in _SIZED:
            kind, width = _SIZED[code]
            return self.sized(kind, self.number({1: ">B", 2: ">H", 4: ">I"}[width]))
        if code in _FIXED_EXT:
            return self.sized("ext", _FIXED_EXT[code])
        raise ValueError(f"the byte {code:#x} begins no value of a checkpoint")

    def sized(self, kind, length):
        if kind == "text":
            return bytes(self.take(length)).decode()
        if kind == "bytes":
            return bytes(self.take(length))
        if kind == "list":
            return [self.value() for _ in range(length)]
        if kind == "map":
            return {self.value(): self.value() for _ in range(length)}
        number = self.number(">b")
        body = unpack(self.take(length))
        if number == _COMPLEX:
            return complex(*body)
        if number not in (_ARRAY, _SCALAR):
            raise ValueError(f"a checkpoint has no extension {number}")
        shape, dtype, data = body
        array = np.frombuffer(data, np.dtype(dtype)).reshape(shape)
        return array.copy() if number == _ARRAY else array.reshape(())[()]
