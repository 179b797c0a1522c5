"""Bytes → text: which encoding, which characters may stand.

The ladder: a byte order mark, strict UTF-8, then GB18030, Big5 and UTF-16 by the share of common characters they
give. Big5 bytes are valid GB18030 nearly always, so validity alone decides nothing.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache

SAMPLE = 65536
"""How many bytes the ladder looks at; the rest is decoded with what these chose."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"SQLite format 3\0", "a database"),
)
_LEAST_SHARE = 0.72
_FOREIGN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069"
    + "".join(chr(plane * 0x10000 + 0xFFFE) + chr(plane * 0x10000 + 0xFFFF) for plane in range(1, 17))
    + "]"
)
_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_HIGH = re.compile(rb"[\x80-\xff]")
_HAN = re.compile("[\u3400-\u9fff]")


class UnreadableError(ValueError):
    """The bytes are no text that can be trusted; the message says why."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with its line breaks as \\n, the encoding it was in, and what a person should know of it."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes) -> Decoded:
    """Return the text of `data`. Raises UnreadableError for empty, binary or doubly encoded bytes."""
    if not data.strip():
        raise UnreadableError("it is empty")
    for magic, name in _MAGIC:
        if data.startswith(magic):
            raise UnreadableError(f"it is {name}, not text")
    offset, encoding = _encoding(data)
    text, warnings = _decode(data, offset, encoding)
    controls = len(_CONTROL.findall(text))
    if controls > 0.3 * len(text):
        raise UnreadableError("it is binary, not text")
    lost = text.count("\ufffd")
    if lost >= 8 and lost * 3 > sum(character > "\x7f" for character in text):
        raise UnreadableError(f"most of it is no {encoding}; save it as UTF-8")
    if is_mojibake(text):
        raise UnreadableError(
            "suspect encoding: UTF-8 text that was read as another encoding and saved; convert it back"
        )
    text, replaced = clean(text)
    if replaced:
        warnings.append(f"{replaced} control or otherwise forbidden characters were replaced by U+FFFD")
    if not any(character.isalnum() for character in text):
        raise UnreadableError("there is no word in it")
    return Decoded(text, encoding, tuple(warnings))


def clean(text: str) -> tuple[str, int]:
    """Return `text` with line breaks as \\n and what no graph may hold replaced one for one by U+FFFD, and how many."""
    return _FOREIGN.subn("\ufffd", _LINE_BREAK.sub("\n", text))


def is_mojibake(text: str) -> bool:
    """Tell whether `text` is UTF-8 that was decoded as GBK or Latin-1: encoded back, most of it is Chinese in UTF-8."""
    sample = text[:20000]
    if sample.count("锟斤拷") >= 2 and sample.count("锟斤拷") * 12 > len(sample):
        return True
    for encoding in ("gb18030", "cp1252", "latin-1"):
        foreign = [character for character in sample if character > "\x7f"]
        if len(foreign) < 6:
            return False
        raw = "".join(foreign).encode(encoding, "replace")
        back = raw.decode("utf-8", "replace")
        good = len(_HAN.findall(back))
        if good >= 4 and good > 2 * (back.count("\ufffd") + back.count("?")) and good * 4 > len(foreign):
            return True
    return False


def _encoding(data: bytes) -> tuple[int, str]:
    """Return the length of the byte order mark and the encoding."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return len(mark), name
    first = _HIGH.search(data)
    begin = first.start() // 4 * 4 if first else 0  # what comes before is the same in all but UTF-16 and UTF-32
    sample = data[begin : begin + SAMPLE]
    if sample.count(0) * 10 < len(sample) and _is_utf8(data):
        return 0, "utf-8"
    scored = [(_score(sample, name), -rank, name) for rank, name in enumerate(("utf-8", "gb18030", "big5hkscs"))]
    scored += [(_score(sample, name), -9, name) for name in ("utf-16-le", "utf-16-be")]
    share, _, name = max(scored)
    if share >= _LEAST_SHARE:
        return 0, name
    if _is_utf8(data):
        return 0, "utf-8"
    raise UnreadableError("it is binary, or text in an encoding other than UTF-8, UTF-16, GB18030 and Big5")


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")("surrogatepass").decode(data, False)
    except UnicodeDecodeError:
        return False
    return True


def _score(sample: bytes, encoding: str) -> float:
    """Return the share of common characters in `sample` read as `encoding`; bytes that fit in nothing count double."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(sample, False)
    if not text:
        return 0.0
    known = _common()
    common = sum(1 for character in text if character in known)
    return (common - text.count("\ufffd")) / len(text)


@cache
def _common() -> frozenset[str]:
    """The level 1 characters of GB 2312 and Big5 (the frequent ones, by both standards), punctuation and ASCII."""
    gb = bytearray()
    for row in (*range(0xA1, 0xA4), *range(0xB0, 0xD8)):
        for cell in range(0xA1, 0xFF):
            gb += bytes((row, cell))
    big = bytearray()
    for row in range(0xA4, 0xC7):
        for cell in (*range(0x40, 0x7F), *range(0xA1, 0xFF)):
            big += bytes((row, cell))
    characters = set(gb.decode("gb2312", "ignore")) | set(big.decode("big5", "ignore"))
    characters |= {chr(code) for code in range(0x20, 0x7F)} | set("\t\n\r—·“”‘’…　「」『』﹁﹂")
    return frozenset(characters)


def _decode(data: bytes, offset: int, encoding: str) -> tuple[str, list[str]]:
    """Decode all of `data` after `offset`; a character cut off at the end and broken bytes become U+FFFD."""
    warnings = []
    body = data[offset:]
    lenient = "surrogatepass" if encoding.startswith("utf") else "strict"
    try:
        decoder = codecs.getincrementaldecoder(encoding)(lenient)
        text = decoder.decode(body, False)
    except UnicodeDecodeError as error:
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        text = decoder.decode(body, False)
        at = offset + error.start
        warnings.append(f"bytes that are not {encoding} were replaced by U+FFFD, the first at byte {at}")
    rest = len(_pending(decoder))
    if rest:
        text += "\ufffd"
        warnings.append(f"the last character is cut off at byte {len(data) - rest}; it was replaced by U+FFFD")
    return text, warnings


def _pending(decoder: codecs.IncrementalDecoder) -> bytes:
    """Return the bytes at the end that are the beginning of a character."""
    before, _ = decoder.getstate()
    return before
