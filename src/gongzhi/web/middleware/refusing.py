"""Turns refusals and a database that is away into answers people and programs understand."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from gongzhi.web import problems


class Refusing:
    """Innermost: exceptions of views and of the door's judgement. What breaks further out meets `handler500`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        refusal = problems.refusal_of(error)
        return problems.answer(request, refusal) if refusal else None
