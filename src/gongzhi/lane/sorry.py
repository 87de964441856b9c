"""The page a browser gets while the web process is away: whole in itself, in the reader's language, true for what was sent."""

from base64 import b64encode
from hashlib import sha256
from html import escape

from django.utils import translation
from django.utils.translation import gettext as _

from gongzhi.lane.asgi import Headers

RETRY_SECONDS = 5
_STYLE = """
body{margin:0;background:#f7f5f0;color:#17202b;font:1rem/1.6 "PingFang SC","Noto Sans CJK SC","Microsoft YaHei UI",system-ui,sans-serif}
main{box-sizing:border-box;max-width:36rem;margin:12vh auto 0;padding:24px;background:#fffefc;border:1px solid #ddd8cd;border-top:4px solid #d79a1d;border-radius:4px}
h1{font-size:1.5rem;line-height:1.3;margin:0 0 12px}p{margin:0 0 12px}.what{padding:12px;background:#fdf1d3;border-left:4px solid #d79a1d}
a{display:inline-flex;align-items:center;min-height:44px;padding:0 16px;background:#0d4f9c;color:#fffefc;text-decoration:none;border-radius:4px}
a:focus-visible{outline:3px solid #17202b;outline-offset:2px}.small{font-size:.875rem;color:#465362;margin:16px 0 0}
@media (max-width:40rem){main{margin:0;min-height:100vh;border-width:4px 0 0}}"""
_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"
)


def page(*, language: str, method: str, target: str) -> tuple[bytes, Headers]:
    """Content and headers of the 503. target: the address asked for, as it stood in the request.

    Only what was read is asked again by itself; what was sent is the sender's to send again.
    """
    sent = method not in ("GET", "HEAD")
    with translation.override(language):
        content = _sent() if sent else _read(target)
        refresh = f'<meta http-equiv="refresh" content="{RETRY_SECONDS}">'
        title = _("系统正在启动或恢复")
        text = (
            f'<!doctype html><html lang="{"en" if language == "en" else "zh-Hans"}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"{'' if sent else refresh}"
            f"<title>{title}</title><style>{_STYLE}</style></head>"
            f'<body><main><h1>{title}</h1>{content}<p class="small">'
            f"{_('急事请直接拨打 12345；遇到危险请拨打 110、119 或 120。')}</p></main></body></html>"
        )
    headers = [
        (b"retry-after", str(RETRY_SECONDS).encode()),
        (b"cache-control", b"no-store"),
        (b"content-language", language.encode()),
        (b"vary", b"accept, accept-language"),
        (b"referrer-policy", b"no-referrer"),
        (b"content-security-policy", _POLICY.encode()),
    ]
    return text.encode(), headers


def _read(target: str) -> str:
    kept = _("已经收到的诉求和办理记录都已保存，不会丢失。")
    retry = _("不用做什么：本页每 %(seconds)s 秒自动重试一次。") % {"seconds": RETRY_SECONDS}
    link = escape(target, quote=True) if target.startswith("/") and not target.startswith("//") else "/"
    return f'<p class="what">{kept}</p><p>{retry}</p><a href="{link}">{_("现在就试")}</a>'


def _sent() -> str:
    unknown = _("您刚才发送的内容，我们还不能确认是否已收到。您写的文字还在上一页里。")
    again = _("请稍等片刻，用浏览器的“后退”回到上一页，再发送一次。原样再发送，不会重复登记。")
    return f'<p class="what">{unknown}</p><p>{again}</p>'
