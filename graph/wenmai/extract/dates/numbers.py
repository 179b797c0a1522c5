"""Figures as Chinese news prints them, and the one-for-one folding of a text that dates are looked for in."""

from __future__ import annotations

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "两": 2,
    "元": 1,
    "正": 1,
    "冬": 11,
    "腊": 12,
}
_UNITS = {"十": 10, "廿": 20, "百": 100, "千": 1000}

# One character for one character, so that offsets in the folded text are offsets in the text.
_WIDE = "．：－／\u3000\u00a0○０１２３４５６７８９"
_NARROW = ".:-/  〇0123456789"
_TRADITIONAL = "號個後間內週禮點時歷閏陰曆舊國慶節勞動際婦兒護環親殘費權讀憲記醫軍黨陽聖誕規劃當這農"
_SIMPLIFIED = "号个后间内周礼点时历闰阴历旧国庆节劳动际妇儿护环亲残费权读宪记医军党阳圣诞规划当这农"
_TRADITIONAL += "來長連期約預計擬將報開閉從電於終紀屆層線樓過幾數兩舉冊學會傳"
_SIMPLIFIED += "来长连期约预计拟将报开闭从电于终纪届层线楼过几数两举册学会传"
_FOLD = str.maketrans(_WIDE + _TRADITIONAL, _NARROW + _SIMPLIFIED)


def fold(text: str) -> str:
    """Return `text`, of the same length, with figures halved and the traditional characters of dates simplified."""
    return text.translate(_FOLD)


def number(words: str) -> int:
    """Return the number that `words` (folded) write: `12`, `十二`, `廿三`, `二〇一七`, `一百二十`.

    Raises ValueError if they write none.
    """
    if words.isascii():
        return int(words)
    if any(c in _UNITS for c in words):
        total = digit = 0
        for c in words:
            if c in _UNITS:
                total += max(digit, 1) * _UNITS[c]
                digit = 0
            elif c in _DIGITS:
                digit = _DIGITS[c]
            else:
                raise ValueError(f"not a number: {words}")
        return total + digit
    value = 0
    for c in words:
        if c not in _DIGITS:
            raise ValueError(f"not a number: {words}")
        value = value * 10 + _DIGITS[c]
    return value
