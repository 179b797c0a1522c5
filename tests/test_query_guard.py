from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wenmai.errors import LimitError, UsageError, WenmaiError
from wenmai.query.guard import check, tokens

REACHING_OUT = [
    "SELECT * { SERVICE <http://h/> { ?s ?p ?o } }",
    "select * { service <http://h/> { ?s ?p ?o } }",
    "SELECT * {SERVICE<http://h/>{?s ?p ?o}}",
    "SELECT * { SERVICE SILENT <http://h/> { ?s ?p ?o } }",
    "SELECT * { SERVICE ?where { ?s ?p ?o } }",
    "SELECT * { SERVICE # a comment\n <http://h/> { ?s ?p ?o } }",
    "SELECT * { FILTER EXISTS { SERVICE <http://h/> { ?s ?p ?o } } }",
    "SELECT * { \\u0053ERVICE <http://h/> { ?s ?p ?o } }",
    "SELECT * { \\U00000053ERVICE <http://h/> { ?s ?p ?o } }",
    'SELECT * { ?s ?p "a\\u005C" . SERVICE <http://h/> { ?s ?p ?o } } # "',
    "SELECT * { ?s ?p 1 .SERVICE <http://h/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p '''a''' SERVICE <http://h/> { ?s ?p ?o } }",
    "PREFIX s: <http://h/> SELECT * { SERVICE s:x { ?s ?p ?o } }",
    "LOAD <http://h/data.ttl>",
    "SELECT * { { SELECT * { SERVICE <http://h/> {} } } }",
    "SELECT * { ?s ?p 1SERVICE <http://h/> {} }",
    "SELECT * { ?s ?p 'open\nSERVICE <http://h/> {} '}",
]
HARMLESS = [
    'SELECT * { ?s ?p "SERVICE <http://h/>" }',
    "SELECT * { ?s ?p '''SERVICE\n' LOAD'' x''' }",
    "SELECT * { ?s <http://h/SERVICE> ?o }",
    "PREFIX SERVICE: <http://h/> SELECT * { ?s SERVICE:LOAD ?SERVICE }",
    "SELECT * { ?s ?p ?o } # SERVICE",
    "SELECT * { ?s ?p '服务 SERVICE 说明'@zh }",
    "SELECT * { ?s :SERVICE ?o ; a :x.LOAD }",
    "SELECT * { ?s ?p _:SERVICE . FILTER(?o < 3 && ?o > 1) }",
    'SELECT ?x { ?x ?p "say \\"SERVICE\\" twice" }',
    "SELECT ($x AS ?y) { ?x ?p 'a'@en-GB, 1.5e3, .5, -2 }",
]


@pytest.mark.parametrize("text", REACHING_OUT)
def test_what_reaches_out_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not allowed"):
        check(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_the_word_inside_text_or_names_is_harmless(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    "text", ["INSERT DATA { <a> <b> <c> }", "prefix e: <http://e/> delete where { ?s ?p ?o }", "CLEAR ALL"]
)
def test_updates_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="only read"):
        check(text)


@pytest.mark.parametrize("text", ["", "  \n", "SELECT \0", "ASK { ?s ?p '\ud800' }"])
def test_what_is_no_text_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        check(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * " + "{" * 10_000 + "}" * 10_000,
        "SELECT * { ?s ?p " + "(" * 1000 + ")" * 1000 + "}",
        "SELECT * { FILTER(" + "!" * 1000 + "true) }",
        "SELECT * { ?s " + "/".join(["<a>"] * 1000) + " ?o }",
        "SELECT * { {} " + "UNION {} " * 1000 + "}",
        "SELECT * { " + "OPTIONAL {} " * 1000 + "}",
        "SELECT * { " + "{ SELECT * " * 100 + "}" * 101,
        "SELECT (" + "+".join(["1"] * 1000) + " AS ?x) {}",
        "SELECT * { VALUES ?x { " + "1 " * 25_000 + "} }",
        "SELECT * {} #" + "x" * 70_000,
        "SELECT * { ?s " + "<a>?/" * 1000 + "<b> ?o }",
    ],
    ids=range(11),
)
def test_bombs_are_refused(text: str) -> None:
    with pytest.raises(LimitError, match=r"too (complex|long)"):
        check(text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_cut_into_tokens_in_order(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert token.begin >= end
        assert text[token.begin : token.end] == token.text
        end = token.end


PIECES = ["SERVICE", " ", "<http://h/>", "{", "}", '"', "'", "\\", "#", "\n", "?x", "\\u0022", "a:", "@en", ".", "'''"]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_no_arrangement_that_the_engine_reads_as_service_passes(pieces: list[str]) -> None:
    import pyoxigraph as ox

    text = "PREFIX a: <http://a/> SELECT * { ?s ?p " + "".join(pieces) + " }"
    try:
        check(text)
    except WenmaiError:
        return
    try:
        # An engine without a handler for SERVICE would say so; this one would call out, and nothing listens there.
        list(ox.Store().query(text.replace("http://h/", "http://127.0.0.1:9/")))  # type: ignore[arg-type]
    except SyntaxError:
        pass
    except (OSError, RuntimeError) as error:
        raise AssertionError(text) from error
