"""Wrong methods, told like everything else that is wrong."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseNotAllowed

from gongzhi.kernel.refusals import Refusal
from gongzhi.web import problems


class WrongMethod(Refusal):
    """The address exists, the method does not (405)."""

    status = 405


def in_words(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A wrong method is a problem like every other one; ninja answers it with bare text."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **path: Any) -> HttpResponseBase:
        response = view(request, *args, **path)
        if response.status_code != HttpResponseNotAllowed.status_code:
            return response
        told = problems.answer(
            request, WrongMethod("http.method_not_allowed", "这个地址不接受这种请求方法。")
        )
        told["Allow"] = response["Allow"]
        return told

    return answer
