"""The one form in which contact values are hashed, compared and stored. Pure."""

import re
import unicodedata

from gongzhi.kernel.refusals import Invalid

NAME_LENGTH_MAX = 60
ADDRESS_LENGTH_MAX = 200
_SEPARATORS = re.compile(r"[\s().\-—–·]+")
_EMAIL = re.compile(r"^[^@\s]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def line(value: str) -> str:
    """NFC, control characters dropped, runs of white space are one space."""
    text = unicodedata.normalize("NFC", value)
    text = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    return " ".join(text.split())


def phone(value: str) -> str:
    """ "+86 138-0013-8000" and "１３８００１３８０００" are "13800138000". Raises Invalid for what is no number."""
    text = _SEPARATORS.sub("", unicodedata.normalize("NFKC", value))
    text = re.sub(r"^(?:\+|00)86(?=[01]\d{9,})|^86(?=1\d{10}$)", "", text)
    if re.fullmatch(r"\d{5,12}|\+\d{7,15}", text) and not re.fullmatch(r"1\d{11,}|1[012]\d{9}", text):
        return text
    raise Invalid("parties.phone", "电话号码不正确。请填写 11 位手机号，或带区号的固定电话。", field="phone")


def email(value: str) -> str:
    """Lower case. Raises Invalid."""
    text = unicodedata.normalize("NFKC", value).strip().lower()
    if len(text) <= 254 and _EMAIL.match(text):
        return text
    raise Invalid("parties.email", "电子邮箱地址不正确，应形如 name@example.cn。", field="email")


def name(value: str) -> str:
    """One line without control characters. Raises Invalid when longer than 60 characters."""
    text = line(value)
    if len(text) > NAME_LENGTH_MAX:
        raise Invalid("parties.name", "姓名不能超过 %(max)s 个字。", field="name", max=NAME_LENGTH_MAX)
    return text


def address(value: str) -> str:
    """One line. Raises Invalid when empty or longer than 200 characters."""
    text = line(value)
    if not 0 < len(text) <= ADDRESS_LENGTH_MAX:
        raise Invalid(
            "parties.address",
            "地址不能为空，且不能超过 %(max)s 个字。",
            field="address",
            max=ADDRESS_LENGTH_MAX,
        )
    return text


def wechat(value: str) -> str:
    text = line(value)
    if not re.fullmatch(r"[A-Za-z0-9_-]{4,40}", text):
        raise Invalid("parties.wechat", "微信号不正确。", field="wechat")
    return text


def identity(value: str) -> str:
    """18 characters with a right check digit (GB 11643). Raises Invalid."""
    text = unicodedata.normalize("NFKC", value).strip().upper()
    if re.fullmatch(r"[1-9]\d{16}[\dX]", text):
        total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=False))
        if "10X98765432"[total % 11] == text[-1]:
            return text
    raise Invalid("parties.identity", "身份证号不正确，请核对每一位。", field="identity")


_KINDS = {"phone": phone, "email": email, "address": address, "wechat": wechat, "identity": identity}


def value(kind: str, text: str) -> str:
    """Raises Invalid for a value that is not of its kind, or for an unknown kind."""
    if kind not in _KINDS:
        raise Invalid("parties.contact_kind", "没有这种联系方式：%(kind)s。", field="kind", kind=kind[:20])
    return _KINDS[kind](text)
