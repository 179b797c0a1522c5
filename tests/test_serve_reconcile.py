"""The Reconciliation Service API 0.2, asked as OpenRefine asks it: a client that knows the manifest alone.

The schemas are written for these tests, from what the specification says of each message (W3C Entity Reconciliation
Community Group, Reconciliation Service API 0.2, 10 April 2023); the specification's own are not copied.
"""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conftest import Command
from serving import Got, Served, serving

FORM = {"Content-Type": "application/x-www-form-urlencoded"}

TEXT = {"type": "string", "minLength": 1}
TEMPLATE = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}
SERVICE = {
    "type": "object",
    "properties": {
        "service_url": {"type": "string", "pattern": "^https?://.*[^/]$"},
        "service_path": {"pattern": "^/"},
    },
    "required": ["service_url", "service_path"],
}


def record(needed: dict[str, Any], other: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the schema of an object with these members and no others."""
    members = needed | (other or {})
    return {"type": "object", "properties": members, "required": list(needed), "additionalProperties": False}


def many(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


TYPE = record({"id": TEXT, "name": TEXT})
BROAD = record({"id": TEXT, "name": TEXT}, {"broader": many(TYPE)})
FEATURE = record({"id": TEXT, "value": {"type": ["number", "boolean"]}})
CANDIDATE = record(
    {"id": TEXT, "name": TEXT, "type": many(TYPE), "score": {"type": "number", "minimum": 0, "maximum": 100}},
    {"description": {"type": "string"}, "features": many(FEATURE), "match": {"type": "boolean"}},
)
SUGGESTED = record({"id": TEXT, "name": TEXT}, {"description": {"type": "string"}, "notable": many(TYPE)})
CELL = {
    "oneOf": [
        record({"id": TEXT, "name": TEXT}, {"description": {"type": "string"}}),
        record({"str": {"type": "string"}}),
        record({"int": {"type": "integer"}}),
        record({"float": {"type": "number"}}),
    ]
}
SCHEMAS: dict[str, dict[str, Any]] = {
    "manifest": record(
        {
            "versions": {"type": "array", "contains": {"const": "0.2"}},
            "name": TEXT,
            "identifierSpace": {"type": "string", "pattern": "^https?://"},
            "schemaSpace": {"type": "string", "pattern": "^https?://"},
        },
        {
            "documentation": {"type": "string", "pattern": "^https?://"},
            "serviceVersion": TEXT,
            "defaultTypes": {**many(BROAD), "uniqueItems": True},
            "view": record({"url": TEMPLATE}),
            "preview": record({"url": TEMPLATE, "width": {"type": "integer"}, "height": {"type": "integer"}}),
            "suggest": record({"entity": SERVICE, "type": SERVICE, "property": SERVICE}),
            "extend": record({"propose_properties": SERVICE}, {"property_settings": {"type": "array", "maxItems": 0}}),
            "batchSize": {"type": "integer", "minimum": 1},
        },
    ),
    "results": {"type": "object", "additionalProperties": record({"result": many(CANDIDATE)})},
    "suggested": record({"result": many(SUGGESTED)}),
    "proposed": record(
        {"type": {"type": "string"}, "properties": many(record({"id": TEXT, "name": TEXT}, {"description": TEXT}))},
        {"limit": {"type": "integer"}},
    ),
    "extended": record(
        {
            "meta": many(record({"id": TEXT, "name": TEXT}, {"type": TYPE})),
            "rows": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": many(CELL)}},
        }
    ),
}


def checked(schema: str, got: Got) -> Any:
    """Return a response in JSON that is what its schema says."""
    assert (got.status, got.media) == (200, "application/json"), got.text
    answer = json.loads(got.text)
    Draft202012Validator(SCHEMAS[schema]).validate(answer)
    return answer


class Client:
    """Asks a service that it knows by its manifest, as OpenRefine does."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self.manifest = checked("manifest", served.send("/reconcile"))
        # The store's own base is what its URLs begin with; the server of the tests listens elsewhere.
        self._root = self.manifest["identifierSpace"].removesuffix("id/")

    def send(self, *words: Any) -> Got:
        return self._served.send(*words)

    def path(self, url: str) -> str:
        assert url.startswith(self._root)
        return "/" + url.removeprefix(self._root)

    def post(self, **fields: object) -> Got:
        body = urllib.parse.urlencode({name: json.dumps(value) for name, value in fields.items()})
        return self._served.send("/reconcile", "POST", FORM, body)

    def reconcile(self, **query: object) -> list[dict[str, Any]]:
        found = checked("results", self.post(queries={"q0": query}))["q0"]["result"]
        scores = [each["score"] for each in found]
        assert scores == sorted(scores, reverse=True)
        return list(found)

    def suggest(self, of: str, prefix: str, **more: str) -> list[dict[str, Any]]:
        at = self.manifest["suggest"][of]
        path = self.path(at["service_url"] + at["service_path"])
        got = self._served.send(path + "?" + urllib.parse.urlencode({"prefix": prefix, **more}))
        return list(checked("suggested", got)["result"])

    def propose(self, **asked: str) -> dict[str, Any]:
        at = self.manifest["extend"]["propose_properties"]
        path = self.path(at["service_url"] + at["service_path"])
        proposed: dict[str, Any] = checked("proposed", self._served.send(path + "?" + urllib.parse.urlencode(asked)))
        return proposed

    def extend(self, ids: list[str], properties: list[str]) -> dict[str, Any]:
        extended: dict[str, Any] = checked(
            "extended", self.post(extend={"ids": ids, "properties": [{"id": name} for name in properties]})
        )
        return extended

    def view(self, template: str, identifier: str) -> Got:
        return self._served.send(self.path(template.replace("{{id}}", urllib.parse.quote(identifier, safe=""))))


@pytest.fixture(scope="module")
def client(sample_server: Served) -> Client:
    return Client(sample_server)


@pytest.fixture(scope="module")
def namesakes(tmp_path_factory: pytest.TempPathFactory, wenmai: Command) -> Iterator[Client]:
    """Serve a store in which two people bear one name, one of them in a post that is known."""
    folder = tmp_path_factory.mktemp("namesakes")
    (folder / "in").mkdir()
    texts = {
        "a": "远山航运有限公司董事长林若川昨天出席了仪式。",
        "b": "青石桥医院院长林若川昨天介绍了情况。青石桥医院位于云岭市。",
        "c": "海棠能源有限公司总经理周野昨天出席了仪式。",
    }
    for name, text in texts.items():
        (folder / "in" / f"{name}.txt").write_text(f"---\ntitle: 短讯\ndate: 2021-03-05\n---\n\n{text}\n", "utf-8")
    done = wenmai("build", folder / "in", "--store", folder / "s", "--tagger", "none")
    assert done.returncode == 0, done.stderr
    with serving(folder / "s", folder / "log", "--cors") as served:
        yield Client(served)


def test_a_table_is_reconciled_as_openrefine_does_it(client: Client) -> None:
    """Manifest, types of a sample, the column, a suggestion for what is left, a preview, a column more."""
    assert client.manifest["schemaSpace"] == "https://w3id.org/wenmai/ns#"
    column = ["申能集团", "腾讯公司", "没有这样的名称"]
    sample = checked("results", client.post(queries={f"q{n}": {"query": text} for n, text in enumerate(column)}))
    kinds = [each["result"][0]["type"][0]["id"] for each in sample.values() if each["result"]]
    assert kinds[:2] == ["Company", "Company"]
    queries = {
        f"q{n}": {"query": text, "type": "Company", "type_strict": "should", "limit": 5}
        for n, text in enumerate(column)
    }
    answers = checked("results", client.post(queries=queries))
    assert list(answers) == list(queries)
    first = answers["q0"]["result"][0]
    assert (first["name"], first["score"], first["match"]) == ("申能（集团）有限公司", 100, True)
    assert not any(each["match"] for each in answers["q2"]["result"])
    assert client.suggest("entity", "snjt")[0]["id"] == first["id"]
    shown = client.view(client.manifest["preview"]["url"], first["id"])
    assert (shown.status, shown.media) == (200, "text/html")
    assert first["name"] in shown.text
    proposed = client.propose(type="Company")
    assert {"partnerOf", "altLabel"} <= {each["id"] for each in proposed["properties"]}
    extended = client.extend([first["id"]], ["partnerOf", "altLabel"])
    assert extended["meta"][0] == {
        "id": "partnerOf",
        "name": "合作伙伴",
        "type": {"id": "Organization", "name": "组织机构"},
    }
    row = extended["rows"][first["id"]]
    assert "深圳市腾讯计算机系统有限公司" in {cell["name"] for cell in row["partnerOf"]}
    assert {"str": "申能集团"} in row["altLabel"]
    assert client.view(client.manifest["view"]["url"], first["id"]).status == 303


def test_get_answers_as_post_does(client: Client, sample_server: Served) -> None:
    queries = {"a": {"query": "申能"}, "b": {"query": "马化腾", "type": ["Person"]}}
    by_get = sample_server.send("/reconcile?" + urllib.parse.urlencode({"queries": json.dumps(queries)}))
    assert checked("results", by_get) == checked("results", client.post(queries=queries))
    extend = {"ids": ["nothing-0123456789ab"], "properties": [{"id": "address"}]}
    by_get = sample_server.send("/reconcile?" + urllib.parse.urlencode({"extend": json.dumps(extend)}))
    assert checked("extended", by_get)["rows"] == {"nothing-0123456789ab": {"address": []}}


def test_a_name_that_two_bear_is_never_a_match(namesakes: Client) -> None:
    two = namesakes.reconcile(query="林若川", type="Person")
    assert [each["score"] for each in two[:2]] == [100, 100]
    assert [each["name"] for each in two[:2]] == ["林若川", "林若川"]
    assert not any(each["match"] for each in two)
    known = namesakes.reconcile(query="林若川", properties=[{"pid": "postIn", "v": "青石桥医院"}])
    assert known[0]["score"] == 100 > known[1]["score"]
    assert "青石桥医院" in known[0]["description"]
    assert not any(each["match"] for each in known)
    (one, *_) = namesakes.reconcile(query=two[0]["id"])
    assert (one["id"], one["match"]) == (two[0]["id"], True)


def test_what_is_given_counts(namesakes: Client) -> None:
    def best(**query: object) -> tuple[str, float, bool]:
        one = namesakes.reconcile(**query)[0]
        return one["name"], one["score"], one["match"]

    assert best(query="周野") == ("周野", 100, True)
    assert best(query="周野", properties=[{"pid": "postIn", "v": "海棠能源有限公司"}]) == ("周野", 100, True)
    assert best(query="周野", properties=[{"pid": "postIn", "v": "青石桥医院"}]) == ("周野", 70, False)
    assert best(query="周野", properties=[{"pid": "postTitle", "v": ["总经理", "院长"]}]) == ("周野", 85, True)
    assert best(query="周野", type="Company", type_strict="should") == ("周野", 70, False)
    assert not namesakes.reconcile(query="周野", type="Company", type_strict="any")
    assert best(query="周野", type=["Company", "Person"], type_strict="any") == ("周野", 100, True)
    assert not namesakes.reconcile(query="周野", type=["Company", "Person"], type_strict="all")
    assert best(query="周野", type="https://w3id.org/wenmai/ns#Person", type_strict="all") == ("周野", 100, True)
    likely = namesakes.reconcile(query="海棠能源公司")[0]
    assert (likely["name"], likely["match"]) == ("海棠能源有限公司", False)
    assert 30 < likely["score"] < 100
    by_fact = namesakes.reconcile(
        properties=[{"pid": "postIn", "v": "海棠能源有限公司"}], type="Person", type_strict="any"
    )
    assert [(each["name"], each["match"]) for each in by_fact] == [("周野", False)]


def test_script_width_and_brackets_make_no_difference(client: Client) -> None:
    for text in ("申能(集團)有限公司", "《申能（集团）有限公司》", "申能 集团"):
        assert client.reconcile(query=text)[0]["match"], text


def test_suggestions(client: Client) -> None:
    assert "Company" in [each["id"] for each in client.suggest("type", "企")]
    assert client.suggest("type", "comp")[0]["id"] == "Company"
    assert [each["id"] for each in client.suggest("property", "locat")] == ["locatedIn"]
    assert client.suggest("property", "位于")[0]["id"] == "locatedIn"
    first = client.suggest("entity", "上海")
    identifier = first[0]["id"]
    assert [each["id"] for each in client.suggest("entity", identifier)] == [identifier]
    assert client.suggest("entity", "上海", cursor="1")[0] == first[1]
    assert client.suggest("entity", "上海", cursor="5000") == []
    assert client.suggest("entity", "") == client.suggest("entity", "“”") == []


def test_proposals(client: Client) -> None:
    person = client.propose(type="Person", limit="5")
    assert (person["type"], person["limit"], len(person["properties"])) == ("Person", 5, 5)
    assert {"postIn", "postTitle"} <= {each["id"] for each in client.propose(type="Person")["properties"]}
    assert "address" not in {each["id"] for each in client.propose(type="Person")["properties"]}
    assert len(client.propose()["properties"]) > 20


def test_a_preview_may_be_framed_by_openrefine_and_does_nothing(client: Client) -> None:
    (one, *_) = client.reconcile(query="申能集团")
    got = client.view(client.manifest["preview"]["url"], one["id"])
    policy = got.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self' http://127.0.0.1:3333 http://localhost:3333" in policy
    assert "x-frame-options" not in got.headers
    assert "<script" not in got.text
    assert 'target="_blank" rel="noopener"' in got.text
    assert client.view(client.manifest["preview"]["url"], "org-000000000000").status == 404
    assert client.view(client.manifest["preview"]["url"], "../../etc/passwd").status == 404


@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({"queries": "{"}, 400, "not JSON"),
        ({"queries": "[" * 100_000}, 400, "not JSON"),
        ({"queries": "[]"}, 400, "object"),
        ({"queries": '{"q0": {}}'}, 400, "neither"),
        ({"queries": '{"q0": {"query": "a", "x": 1}}'}, 400, "does not know"),
        ({"queries": '{"q0": {"query": "a", "limit": 0}}'}, 400, "limit"),
        ({"queries": '{"q0": {"query": "a", "limit": true}}'}, 400, "limit"),
        ({"queries": '{"q0": {"query": ["a"]}}'}, 400, "text"),
        ({"queries": '{"q0": {"query": "a", "type_strict": "x"}}'}, 400, "type_strict"),
        ({"queries": '{"q0": {"query": "a", "properties": [{"pid": "x"}]}}'}, 400, "pid and v"),
        ({"queries": '{"q0": {"query": "a", "properties": [{"pid": "x", "v": null}]}}'}, 400, "a value"),
        ({"queries": json.dumps({"q0": {"query": "申" * 501}})}, 400, "500"),
        ({"queries": json.dumps({f"q{n}": {"query": "a"} for n in range(201)})}, 413, "200"),
        ({"extend": '{"ids": []}'}, 400, "properties"),
        ({"extend": '{"ids": [1], "properties": []}'}, 400, "ids"),
        ({"extend": '{"ids": [], "properties": [{"id": "locatedin"}]}'}, 400, "did you mean locatedIn"),
        ({"extend": json.dumps({"ids": ["x"] * 1001, "properties": []})}, 413, "1000"),
        ({"extend": json.dumps({"ids": ["x"] * 1000, "properties": [{"id": "address"}] * 30})}, 413, "20,000"),
        ({"queries": "{}", "extend": "{}"}, 400, "not both"),
        ({"queries": "{}", "callback": "f"}, 400, "JSONP"),
        ({}, 400, "queries or extend"),
    ],
)
def test_what_makes_no_sense_is_refused(fields: dict[str, str], status: int, says: str, sample_server: Served) -> None:
    got = sample_server.send("/reconcile", "POST", FORM, urllib.parse.urlencode(fields))
    assert (got.status, got.media) == (status, "application/problem+json")
    assert says in json.loads(got.text)["detail"]


def test_other_requests_are_refused(sample_server: Served) -> None:
    assert sample_server.send("/reconcile", "POST", {"Content-Type": "application/json"}, "{}").status == 415
    assert sample_server.send("/reconcile?callback=f").status == 400
    assert sample_server.send("/reconcile/suggest/flyout?prefix=a").status == 404
    assert sample_server.send("/reconcile/suggest/entity?prefix=a&cursor=x").status == 400
    assert sample_server.send("/reconcile/properties?type=Compny").status == 400
    assert "did you mean Company" in sample_server.send("/reconcile/properties?type=Compny").text


def test_pages_of_other_sites_ask_where_they_may(namesakes: Client, sample_server: Served) -> None:
    body = urllib.parse.urlencode({"queries": json.dumps({"q0": {"query": "周野"}})})
    from_page = {**FORM, "Origin": "https://table.example.org", "Sec-Fetch-Site": "cross-site"}
    allowed = namesakes.send("/reconcile", "POST", from_page, body)
    assert checked("results", allowed)["q0"]["result"][0]["match"]
    assert allowed.headers["access-control-allow-origin"] == "*"
    for path in ("/reconcile", "/reconcile/suggest/entity?prefix=a", "/reconcile/properties", "/search?q=a"):
        assert namesakes.send(path, "GET", from_page).headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-origin" not in sample_server.send(path, headers=from_page).headers
    assert sample_server.send("/reconcile", "POST", from_page, body).status == 403


def test_a_full_batch_is_answered(client: Client) -> None:
    queries = {f"q{n}": {"query": f"申能{n}", "limit": 3} for n in range(client.manifest["batchSize"])}
    answers = checked("results", client.post(queries=queries))
    assert list(answers) == list(queries)
    assert all(len(each["result"]) <= 3 for each in answers.values())
