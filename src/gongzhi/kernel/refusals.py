"""Refusals: everything the platform says no to, with a code, a reason and the next step.

A refusal is raised where it is decided and turned into a page or RFC 9457 problem by `web`, in the reader's
language: `text` is the Chinese source message with `%(name)s` placeholders, `params` fills it after translation.
"""

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """Base of all refusals.

    code:   stable, dotted, never translated ("matters.wrong_state")
    text:   zh-Hans message id with %(placeholders)s: what is wrong and what to do next
    params: values for the placeholders (never personal data)
    field:  form field the message belongs to, if one
    """

    status = 400

    def __init__(self, code: str, text: str, *, field: str = "", **params: Any) -> None:
        self.code, self.text, self.field = code, text, field
        self.params: Mapping[str, Any] = params
        super().__init__(f"{code}: {text % params if params else text}")


class Invalid(Refusal):
    """The input itself is wrong (422)."""

    status = 422


class InvalidForm(Invalid):
    """Several fields are wrong at once; `errors` maps a field to its refusal."""

    def __init__(self, errors: Mapping[str, Refusal]) -> None:
        self.errors = dict(errors)
        super().__init__("form.invalid", "有 %(count)s 处需要改正。", count=len(self.errors))


class NotSignedIn(Refusal):
    status = 401


class NotAllowed(Refusal):
    """The reader may know that the thing exists but may not do this (403)."""

    status = 403


class NotFound(Refusal):
    """It does not exist, or the reader may not know that it does (404)."""

    status = 404


class Conflict(Refusal):
    """The state has moved on or another won (409). Params should name the present state."""

    status = 409


class PreconditionFailed(Refusal):
    """If-Match did not match (412)."""

    status = 412


class TooBig(Refusal):
    """More than we read in one request (413)."""

    status = 413


class TooMany(Refusal):
    """Rate limit or cap (429)."""

    status = 429


class Unavailable(Refusal):
    """Try again later (503, with Retry-After)."""

    status = 503

    def __init__(self, code: str, text: str, *, retry_after_seconds: int = 5, **params: Any) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(code, text, **params)
