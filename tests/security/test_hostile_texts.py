"""What people write is shown as they wrote it, and neither a browser nor a spreadsheet ever runs it."""

import csv
import io
import zipfile
from urllib.parse import quote

from django.test import Client

from gongzhi.matters.models import Matter
from tests.security.house import House
from tests.security.test_roles_verbs_states import VERBS

SCRIPTS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(2)>", "\"><svg onload=alert(3)>", "'-alert(4)-'",
    "</textarea><script>alert(5)</script>", "<iframe srcdoc='<script>alert(6)</script>'>", "javascript:alert(7)",
    "<style>@import'//evil.example'</style>", "{{constructor.constructor('alert(8)')()}}", "<base href=//evil.example>",
    "<a href=javascript:alert(9)>x</a>", "<details open ontoggle=alert(10)>", "]]><script>alert(11)</script>",
    "<form action=//evil.example><input name=x>", "<meta http-equiv=refresh content='0;url=//evil.example'>",
)  # fmt: skip
FORMULAS = (
    "=1+1",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    " =1+1",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(1)",
)
DANGEROUS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
ALL = " ".join(SCRIPTS)


def written(house: House) -> Matter:
    """A life in which every free text is hostile."""
    matter = house.report(f"路灯 {ALL}", address=ALL[:300], name=SCRIPTS[1], phone="13811119999")
    steps = (("accept", "dispatcher"), ("dispatch", "dispatcher"), ("sign", "handler"), ("contact", "handler"),
             ("note", "dispatcher"), ("message", "handler"), ("answer", "handler"))  # fmt: skip
    for verb, name in steps:
        form = house.form(VERBS[verb].form, house.actor(name))
        hostile = {one.code: ALL for one in VERBS[verb].form if one.kind == "long_text"}
        house.step(name, matter, verb, **form | hostile)
    return matter


def test_no_page_carries_what_people_wrote_as_markup(house: House) -> None:
    matter = written(house)
    for name, addresses in {
        "dispatcher": (
            "/desk/?queue=all",
            f"/desk/cases/{matter.number}/",
            f"/desk/?queue=all&q={quote(SCRIPTS[0])}",
        ),
        "handler": ("/desk/", f"/desk/cases/{matter.number}/"),
        "anonymous": ("/report/", "/open311/v2/requests.xml"),
    }.items():
        for address in addresses:
            content = house.client(name).get(address).content.decode()
            for markup in (
                "<script>alert",
                "<img src=x",
                "<svg onload",
                "<iframe srcdoc",
                "<details open on",
                "<base ",
            ):
                assert markup not in content, (name, address, markup)


def test_a_refused_form_gives_back_text_and_no_markup(house: House) -> None:
    fields = ("text", "address", "lon", "lat", "category", "phone", "name", "_once")
    for text in SCRIPTS:
        page = (
            Client(headers={"accept": "text/html"})
            .post("/report/", dict.fromkeys(fields, text))
            .content.decode()
        )
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "onload=alert(3)>" not in page.replace("&gt;", "")


def test_no_cell_of_a_download_is_a_formula(house: House) -> None:
    for formula in FORMULAS:
        house.report(formula + " 路灯", address=formula)
    client = house.client("dispatcher")
    text = client.get("/desk/export.csv?queue=all").getvalue().decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert sum("1+1" in cell for cell in cells) >= 6
    assert [cell for cell in cells if cell.lstrip(" \n").startswith(DANGEROUS)] == []
    sheet = client.get("/desk/export.xlsx?queue=all").getvalue()
    with zipfile.ZipFile(io.BytesIO(sheet)) as archive:
        assert not [name for name in archive.namelist() if b"<f>" in archive.read(name)]
