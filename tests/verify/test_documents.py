"""HTML, PDF and text become lines that say what a reader sees, tables row by row."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter

from accel_db.verify.documents import MOST_CELLS, Line, NoText, read_document
from tests.verify.conftest import TABLE, make_pdf


def lines(content: bytes | str, kind: str = "text/html", charset: str | None = None, address: str = "") -> list[str]:
    """The lines of a document of one page."""
    (one,) = read_document(content.encode() if isinstance(content, str) else content, kind, charset, address).pages
    return [line.text.replace("\u2063", "¦") for line in one.lines]


def test_a_page_with_a_table() -> None:
    """Title, headings, rows, cells with the headings of their column and row, and text, in order; no style, script or footnote sign."""
    assert lines(TABLE) == [
        "B100",
        "B100 — the chip",
        "Feature | B100 SXM | B100 PCIe",
        "BF16 Tensor Core | 1,979 teraFLOPS | 1,513 teraFLOPS",
        "B100 SXM | BF16 Tensor Core | 1,979 teraFLOPS",
        "B100 PCIe | BF16 Tensor Core | 1,513 teraFLOPS",
        "GPU Memory | 80¦GB | 94GB",
        "B100 SXM | GPU Memory | 80¦GB",
        "B100 PCIe | GPU Memory | 94GB",
        "Max thermal design power (TDP): up to 700 W.",
    ]


def test_spans_and_sections() -> None:
    """Cells that span columns or rows count in each; a row of one text heads those below it."""
    table = """<table><tr><th>x</th><th colspan=2>B100</th></tr><tr><td colspan=3>Memory</td></tr>
    <tr><td rowspan=2>Size</td><td>80 GB</td><td colspan=zero>94 GB</td></tr><tr><td>81 GB</td><td></td></tr></table>"""
    assert lines(table) == [
        "x | B100 | B100",
        "Memory | Memory | Memory",
        *(["Memory | B100 | Memory | Memory"] * 2),
        "Size | 80 GB | 94 GB",
        *("Memory | B100 | Size | 80 GB", "Memory | B100 | Size | 94 GB"),
        "Size | 81 GB |",
        "Memory | B100 | Size | 81 GB",
    ]


def test_tables_in_tables_and_blocks() -> None:
    """An outer table is layout, the inner one a table; blocks and breaks end lines; inline pieces keep a seam between them."""
    page = "<table><tr><td>Menu<div>TDP</div>700 W<br>max</td><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table><span>FP</span><b>16</b> or 8<!-- x -->0"
    (one,) = read_document(page.encode(), "text/html").pages
    assert [Line(line.text.replace("\u2063", "¦"), line.in_table) for line in one.lines] == [
        *(Line("Menu"), Line("TDP"), Line("700 W"), Line("max"), Line("a | b", in_table=True), Line("FP¦16 or 80"))
    ]


def test_what_is_not_shown_but_said() -> None:
    """Descriptions, texts of pictures and JSON in scripts are read after the page; other scripts and templates are not."""
    page = '<meta name=description content="80 GB"><meta name=x content=no><p>page</p><img alt="chart: 5 TB/s"><img><script type="application/ld+json">{"tdp": 700}</script><script>no</script><template>no</template>'
    assert lines(page) == ["page", '{"tdp": 700}', "80 GB", "chart: 5 TB/s"]


def test_superscripts() -> None:
    """A raised digit is a sign, or a power after a ten; a raised word stands apart."""
    assert lines("<p>1979<sup>2</sup> and 10<sup>15</sup> and 1<sup>st</sup></p>") == ["1979 and 10^15 and 1 st"]


@pytest.mark.parametrize(
    ("encoding", "charset", "head"),
    [
        ("utf-8", None, ""),
        ("utf-8", "utf-8", ""),
        ("gb18030", "gb2312", ""),
        ("gb18030", None, "<meta charset=gb2312>"),
        ("shift_jis", "shift_jis", ""),
        ("utf-16", None, ""),
        ("utf-8", "no-such-charset", ""),
        ("utf-8", "ascii", ""),
    ],
)
def test_charsets(encoding: str, charset: str | None, head: str) -> None:
    """The charset is the header's, the page's own, or found out; one that is wrong is not believed."""
    assert lines(f"<html>{head}<p>容量 80GB</p>".encode(encoding), charset=charset) == ["容量 80GB"]
    if not head:
        assert lines("容量 80GB".encode(encoding), "text/plain", charset) == ["容量 80GB"]


def test_text_markdown_and_csv() -> None:
    """Text is lines; Markdown tables and CSV are tables, their rules left out."""
    assert lines("TDP  700 W\n\n| chip | GB |\n|:--|--:|\n| B100 | 80 |\nend", "text/plain") == [
        "TDP 700 W",
        "chip | GB",
        "B100 | 80",
        "GB | B100 | 80",
        "end",
    ]
    expected = ["chip | GB", 'B,"100 | 80', 'GB | B,"100 | 80']
    assert lines('chip,GB\n"B,""100",80\n', "text/csv") == expected
    assert lines('chip,GB\n"B,""100",80\n', "text/plain", address="https://x.example/a.csv?raw=1") == expected
    assert lines("a" * 200_000 + ",b", "text/csv") == ["a" * 200_000 + ",b"]
    assert lines('{"GB": 80}', "application/json") == ['{"GB": 80}']
    assert lines("80 GB", "application/x-unknown") == ["80 GB"]
    assert lines("<p>80 GB", "") == ["80 GB"]


def test_a_long_table_keeps_its_rows() -> None:
    """Beyond a number of cells only whole rows are written, none of them lost."""
    rows = MOST_CELLS // 2 + 1
    assert len(lines("a,b\n" * rows, "text/csv")) == rows


def test_pdf() -> None:
    """A PDF is known by its first bytes, whatever the server says; its pages go by number and by printed label."""
    document = read_document(make_pdf("B100\nMemory 80 GB", "TDP \\267 700 W", labels=True), "text/html")
    assert [[line.text for line in page.lines] for page in document.pages] == [
        ["B100", "Memory 80 GB"],
        ["TDP · 700 W"],
    ]
    assert [page.names for page in document.pages] == [{"1", "10"}, {"2", "11"}]
    assert [page.names for page in read_document(make_pdf("a", "b")).pages] == [{"1"}, {"2"}]


def test_a_pdf_with_broken_labels() -> None:
    """Page labels that make no sense leave the numbers."""
    broken = make_pdf("80 GB", labels=True).replace(b"/Nums [0 <<", b"/Nums [( ) <<")
    assert [page.names for page in read_document(broken).pages] == [{"1"}]


def test_a_locked_pdf() -> None:
    """A PDF locked with an empty password is read, with another one it is refused in words."""
    for password in ("", "secret"):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_pdf("80 GB"))))
        writer.encrypt(password, "owner", algorithm="RC4-128")
        out = io.BytesIO()
        writer.write(out)
        if password:
            with pytest.raises(NoText, match="the PDF cannot be read: "):
                read_document(out.getvalue())
        else:
            assert read_document(out.getvalue()).pages[0].lines == (Line("80 GB"),)


@pytest.mark.parametrize(
    ("content", "kind", "message"),
    [
        (b"%PDF-1.4 nothing more", "application/pdf", "the PDF cannot be read: "),
        (make_pdf(""), "application/pdf", "there is no text in it"),
        (b"<html><script>80</script>", "text/html", "there is no text in it"),
        (b"", "text/html", "there is no text in it"),
        (b"\x89PNG\0\0", "image/png", "neither HTML nor PDF nor text: image/png"),
        (b"\0\0", "", "neither HTML nor PDF nor text: no content type"),
    ],
)
def test_what_cannot_be_read(content: bytes, kind: str, message: str) -> None:
    """Broken files, scans, empty pages and pictures are refused with the reason."""
    with pytest.raises(NoText) as caught:
        read_document(content, kind)
    assert caught.value.message.startswith(message)


def test_nested_beyond_reason() -> None:
    """Markup nested twenty thousand deep is read like any other."""
    assert lines("<div>" * 20_000 + "80 GB") == ["80 GB"]


def test_the_digest_is_of_the_words() -> None:
    """Markup, scripts and blanks may change; a word that changes is a change."""
    one, same, other = (
        read_document(text.encode(), "text/html").digest
        for text in ("<p id=1>80  GB</p>", "<p id=2>80 GB</p><script>9</script>", "<p>81 GB</p>")
    )
    assert one == same
    assert one != other
