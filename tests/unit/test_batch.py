"""JSON in, results or every fault out: shapes as the command line promises them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chm import settings
from chm.batch import results
from chm.errors import Faults
from chm.framework import LEVELS, load_all, newest
from chm.scoring import score

TODAY = date(2026, 11, 23)
FRAMEWORK = newest(load_all(settings.data()), "merton-2020")
DOMAINS = list(FRAMEWORK.domain)
ALL_NONE = dict.fromkeys(DOMAINS, "none")
ONE = b'{"levels": {"coercion": "moderate"}}'
UNKNOWN_DOMAIN = f"use one of {', '.join(DOMAINS)}"
UNKNOWN_LEVEL = "is no level; use one of none, emerging, moderate, significant, or leave the domain out"
AGE = "give whole years from 0 to 25, or leave it out"
ASSESSED_ON = 'give a day from 1900 on such as "2026-11-23", or leave it out'
REFERRALS = 'give a list of days from 1900 on such as ["2026-01-02"]'


def answers(*objects: Any) -> list[dict[str, Any]]:
    text = "\n".join(json.dumps(one) for one in objects).encode()
    return [json.loads(line) for line in results(FRAMEWORK, text, TODAY)]


def faults(text: bytes | str) -> list[str]:
    with pytest.raises(Faults) as raised:
        results(FRAMEWORK, text.encode() if isinstance(text, str) else text, TODAY)
    return raised.value.faults


def with_field(name: str, value: str) -> str:
    return f'{{"levels": {{}}, "{name}": {value}}}'


class TestShape:
    def test_complete(self) -> None:
        asked = {"levels": {**ALL_NONE, "coercion": "significant", "family": "significant"}, "age": 12,
                 "indicators": ["coercion.significant.02"], "referrals": ["2026-01-02"],
                 "assessed_on": "2026-11-20"}  # fmt: skip
        [found] = answers(asked)
        name, family = FRAMEWORK.domain["coercion"].name, FRAMEWORK.domain["family"].name
        hidden = "; the combined total of 20 (Emerging) hides it"
        assert found == {
            "harm": {"score": 12, "band": "emerging"},
            "context": {"score": 8, "band": "emerging"},
            "combined": {"score": 20, "band": "emerging"},
            "complete": True,
            "range": {
                "harm": {"least": 12, "most": 12, "bands": ["emerging"]},
                "context": {"least": 8, "most": 8, "bands": ["emerging"]},
                "combined": {"least": 20, "most": 20, "bands": ["emerging"]},
            },
            "flags": [
                {
                    "code": "significant_domain",
                    "text": f"{name} is Significant{hidden}",
                    "source": "Guidance p. 6, line 181",
                },
                {
                    "code": "significant_domain",
                    "text": f"{family} is Significant{hidden}",
                    "source": "Guidance p. 32, line 1261",
                },
                {
                    "code": "inferred_score",
                    "text": f"{family} at Significant scores 8 by our reading: the printed number cannot be read",
                    "source": "Guidance p. 32, line 1261",
                },
            ],
            "response": "early help",
            "pillars": ["identify", "prevent", "support"],
            "lead_pillars": ["support"],
            "review_by": None,
        }
        assert list(found) == [
            "harm", "context", "combined", "complete", "range", "flags", "response", "pillars", "lead_pillars",
            "review_by",
        ]  # fmt: skip

    def test_open(self) -> None:
        [found] = answers({"levels": {"missing": "emerging"}, "age": 11, "assessed_on": "2026-11-20"})
        nothing = {"score": None, "band": None}
        assert found == {
            "harm": nothing,
            "context": nothing,
            "combined": nothing,
            "complete": False,
            "range": {
                "harm": {"least": 3, "most": 51, "bands": list(LEVELS)},
                "context": {"least": 0, "most": 54, "bands": list(LEVELS)},
                "combined": {"least": 3, "most": 105, "bands": list(LEVELS)},
            },
            "flags": [
                {
                    "code": "young_and_missing",
                    "text": f"Aged 12 or under with {FRAMEWORK.domain['missing'].name.lower()} above none",
                    "source": "Guidance line 327",
                }
            ],
            "response": None,
            "pillars": [],
            "lead_pillars": [],
            "review_by": None,
        }

    @pytest.mark.parametrize(
        ("level", "response", "review_by"),
        [
            ("none", "advice and guidance", None),
            ("emerging", "assessment", "2027-02-28"),
            ("significant", "strategy and plan", "2027-01-11"),
        ],
    )
    def test_response_and_review(self, level: str, response: str, review_by: str | None) -> None:
        asked = {"levels": dict.fromkeys(DOMAINS, level), "assessed_on": "2026-11-30"}
        text = json.dumps(asked).encode()
        [line] = results(FRAMEWORK, text, date(2026, 12, 1))
        found = json.loads(line)
        assert (found["response"], found["review_by"]) == (response, review_by)

    def test_assessed_today_where_it_does_not_say(self) -> None:
        asked = {"levels": dict.fromkeys(DOMAINS, "significant")}
        said = answers(asked, {**asked, "assessed_on": None}, {**asked, "assessed_on": "2026-11-23"})
        assert [one["review_by"] for one in said] == ["2027-01-04"] * 3
        referred = {"levels": {}, "referrals": ["2026-05-23", "2026-11-23"]}
        assert answers(referred)[0]["flags"][0]["code"] == "repeat_referrals"
        assert not answers({**referred, "assessed_on": "2026-11-22"})[0]["flags"]

    def test_indicators_never_fill_a_level(self) -> None:
        every = list(FRAMEWORK.indicators)
        assert answers({"levels": {}, "indicators": every}) == answers({"levels": {}})

    @given(st.lists(st.dictionaries(st.sampled_from(DOMAINS), st.sampled_from(LEVELS)), min_size=1, max_size=5))
    def test_the_same_as_scoring(self, many: list[dict[str, str]]) -> None:
        found = answers(*({"levels": levels} for levels in many))
        assert len(found) == len(many)
        for one, levels in zip(found, many, strict=True):
            direct = score(FRAMEWORK, levels, assessed_on=TODAY)
            assert one["combined"] == {"score": direct.combined.score, "band": direct.combined.band}
            assert [f["code"] for f in one["flags"]] == [f.code for f in direct.flags]
            assert one["review_by"] == (direct.review_by.isoformat() if direct.review_by else None)
            assert tuple(one["pillars"]) == direct.pillars

    def test_a_result_is_one_line(self) -> None:
        for line in results(FRAMEWORK, b"\n".join([ONE] * 3), TODAY):
            assert line.endswith(b"\n")
            assert line.count(b"\n") == 1


class TestLines:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            (ONE, 1),
            (ONE + b"\n", 1),
            (ONE + b"\n" + ONE, 2),
            (b"\xef\xbb\xbf" + ONE, 1),
            (b"\xef\xbb\xbf" + ONE + b"\r\n" + ONE + b"\r\n", 2),
            (b"\n\n  \n" + ONE + b"\n\t\n" + ONE + b"\n\n", 2),
            (b"  " + ONE + b"  \r\n\r\n  " + ONE, 2),
            (json.dumps(json.loads(ONE), indent=2).encode(), 1),
            (b"\xef\xbb\xbf\n" + json.dumps(json.loads(ONE), indent=4).encode() + b"\n\n", 1),
            (b'{\r\n"levels":\r\n{"coercion": "moderate"}\r\n}', 1),
            (b'{"levels":\n {"coercion":\n "moderate"}}', 1),
            (b'{"levels":\n{}\n}', 1),
        ],
    )
    def test_one_object_or_one_a_line(self, text: bytes, number: int) -> None:
        assert len(results(FRAMEWORK, text, TODAY)) == number

    @pytest.mark.parametrize("text", [b"", b"\n", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
    def test_nothing_to_score(self, text: bytes) -> None:
        assert faults(text) == [
            'line 1: nothing to score; give a JSON object such as {"levels": {"coercion": "moderate"}}'
        ]

    def test_every_fault_of_every_line_with_its_number(self) -> None:
        text = "\n".join([
            '{"levels": {"coercion": "moderate"}}',
            "",
            '{"levels": {"coertion": "none", "health": "severe"}, "agee": 3, "age": -1}',
            '{"levels": {"coercion" "none"}}',
            '{"levels": {}, "assessed_on": "2026-11-24", "referrals": ["2027-01-01", "2026-01-01"]}',
            "nonsense",
            '{"levels": {}, "indicators": ["coercion.none.01", "no.such.id"]}',
            '{"levels": {}}',
        ])  # fmt: skip
        assert faults(text) == [
            f"line 3: levels: unknown domain 'coertion'; {UNKNOWN_DOMAIN}",
            f'line 3: levels.health: "severe" {UNKNOWN_LEVEL}',
            f"line 3: age: found -1; {AGE}",
            "line 3: unknown field 'agee'; use one of levels, indicators, age, referrals, assessed_on",
            "line 4: not valid JSON: expected `:` at column 24; correct it",
            "line 5: assessed_on: 2026-11-24 is in the future; today is 2026-11-23",
            "line 5: referrals: 2027-01-01 is in the future; today is 2026-11-23",
            "line 6: not valid JSON: expected ident at column 2; correct it",
            "line 7: indicators: unknown id 'no.such.id'; use the framework's",
        ]

    def test_a_fault_of_a_pretty_printed_object_has_its_own_line(self) -> None:
        asked = {"levels": {"coercion": "none", "self": "severe"}, "age": 12.5, "assessed_on": "2026-11-24"}
        assert faults("\n\n" + json.dumps(asked, indent=2)) == [
            f'line 6: levels.self: "severe" {UNKNOWN_LEVEL}',
            f"line 8: age: found 12.5; {AGE}",
        ]
        asked = {"levels": {}, "assessed_on": "2026-11-24", "referrals": ["2026-12-01"]}
        assert faults(json.dumps(asked, indent=2)) == [
            "line 3: assessed_on: 2026-11-24 is in the future; today is 2026-11-23",
            "line 4: referrals: 2026-12-01 is in the future; today is 2026-11-23",
        ]
        assert faults('\n{\n  "levels": {\n    "coercion": moderate\n  }\n}') == [
            "line 4: not valid JSON: expected value at column 17; correct it"
        ]

    def test_a_broken_first_line_hides_no_other(self) -> None:
        text = b"nonsense\n" + ONE + b'\n{"levels": {"self": "bad"}}\nmore nonsense'
        assert [f.partition(":")[0] for f in faults(text)] == ["line 1", "line 3", "line 4"]

    def test_one_fault_among_many_right_lines(self) -> None:
        found = faults(b"\n".join([ONE] * 500 + [b'{"levels": 3}'] + [ONE] * 500))
        assert found == ["line 501: levels: found 3; input should be an object"]


BAD = {
    "unknown domain": ('{"levels": {"coertion": "none"}}', f"levels: unknown domain 'coertion'; {UNKNOWN_DOMAIN}"),
    "unknown level": ('{"levels": {"self": "high"}}', f'levels.self: "high" {UNKNOWN_LEVEL}'),
    "level in capitals": ('{"levels": {"self": "None"}}', f'levels.self: "None" {UNKNOWN_LEVEL}'),
    "level is null": ('{"levels": {"self": null}}', f"levels.self: null {UNKNOWN_LEVEL}"),
    "level is a score": ('{"levels": {"self": 6}}', f"levels.self: 6 {UNKNOWN_LEVEL}"),
    "level is a list": ('{"levels": {"self": ["none"]}}', f'levels.self: ["none"] {UNKNOWN_LEVEL}'),
    "no levels": ("{}", "levels is missing; add it"),
    "levels null": ('{"levels": null}', "levels: found null; input should be an object"),
    "levels a list": ('{"levels": []}', "levels: found []; input should be an object"),
    "array": ("[]", "[] is not an object; give a JSON object"),
    "array of objects": ('[{"levels": {}}]', '[{"levels": {}}] is not an object; give a JSON object'),
    "number": ("3", "3 is not an object; give a JSON object"),
    "text": ('"x"', '"x" is not an object; give a JSON object'),
    "null": ("null", "null is not an object; give a JSON object"),
    "unknown field": (
        with_field("name", '"A"'), "unknown field 'name'; use one of levels, indicators, age, referrals, assessed_on"
    ),
    "age true": (with_field("age", "true"), f"age: found true; {AGE}"),
    "age 12.0": (with_field("age", "12.0"), f"age: found 12.0; {AGE}"),
    "age -1": (with_field("age", "-1"), f"age: found -1; {AGE}"),
    "age 26": (with_field("age", "26"), f"age: found 26; {AGE}"),
    "age as text": (with_field("age", '"12"'), f'age: found "12"; {AGE}'),
    "age NaN": (with_field("age", "NaN"), f"age: found NaN; {AGE}"),
    "age Infinity": (with_field("age", "Infinity"), f"age: found Infinity; {AGE}"),
    "age 1e400": (with_field("age", "1e400"), f"age: found Infinity; {AGE}"),
    "age huge": (with_field("age", "9" * 4000), f"age: found {'9' * 60}; {AGE}"),
    "age past what a number may be": (
        with_field("age", "9" * 5000), "not valid JSON: number out of range at column 4324; correct it"
    ),
    "day in words": (with_field("assessed_on", '"today"'), f'assessed_on: found "today"; {ASSESSED_ON}'),
    "day a number": (with_field("assessed_on", "20261123"), f"assessed_on: found 20261123; {ASSESSED_ON}"),
    "day a time": (with_field("assessed_on", '"1763856000"'), f'assessed_on: found "1763856000"; {ASSESSED_ON}'),
    "day with a time": (
        with_field("assessed_on", '"2026-11-23T00:00:00"'), f'assessed_on: found "2026-11-23T00:00:00"; {ASSESSED_ON}'
    ),
    "day in short": (with_field("assessed_on", '"20261123"'), f'assessed_on: found "20261123"; {ASSESSED_ON}'),
    "day the British way": (
        with_field("assessed_on", '"23/11/2026"'), f'assessed_on: found "23/11/2026"; {ASSESSED_ON}'
    ),
    "day there is not": (with_field("assessed_on", '"2026-02-30"'), f'assessed_on: found "2026-02-30"; {ASSESSED_ON}'),
    "day long ago": (with_field("assessed_on", '"0001-01-01"'), f'assessed_on: found "0001-01-01"; {ASSESSED_ON}'),
    "day empty": (with_field("assessed_on", '""'), f'assessed_on: found ""; {ASSESSED_ON}'),
    "day tomorrow": (
        with_field("assessed_on", '"2026-11-24"'), "assessed_on: 2026-11-24 is in the future; today is 2026-11-23"
    ),
    "last day there is": (
        with_field("assessed_on", '"9999-12-31"'), "assessed_on: 9999-12-31 is in the future; today is 2026-11-23"
    ),
    "referrals null": (with_field("referrals", "null"), f"referrals: found null; {REFERRALS}"),
    "referrals one day": (with_field("referrals", '"2026-01-02"'), f'referrals: found "2026-01-02"; {REFERRALS}'),
    "referral no day": (with_field("referrals", '["2026-01-02", "x"]'), f'referrals.1: found "x"; {REFERRALS}'),
    "referral null": (with_field("referrals", "[null]"), f"referrals.0: found null; {REFERRALS}"),
    "referral to come": (
        with_field("referrals", '["2026-11-24"]'), "referrals: 2026-11-24 is in the future; today is 2026-11-23"
    ),
    "indicators null": (with_field("indicators", "null"), "indicators: found null; input should be a valid array"),
    "indicator a number": (with_field("indicators", "[3]"), "indicators.0: found 3; input should be a valid string"),
    "indicator unknown": (
        with_field("indicators", '["coercion"]'), "indicators: unknown id 'coercion'; use the framework's"
    ),
    "step for an indicator": (
        with_field("indicators", '["coercion.step.prevent.01"]'),
        "indicators: unknown id 'coercion.step.prevent.01'; use the framework's",
    ),
    "domain twice": ('{"levels": {"self": "none", "self": "none"}}', "'self' is there twice; keep one"),
    "domain twice, once escaped": (
        '{"levels": {"self": "none", "s\\u0065lf": "moderate"}}', "'self' is there twice; keep one"
    ),
    "field twice": ('{"levels": {"self": "none"}, "levels": {}}', "'levels' is there twice; keep one"),
    "field three times": (
        '{"age": 3, "levels": {}, "age": 4, "age": 5}', "'age' is there twice; keep one"
    ),
    "two objects on a line": (
        '{"levels": {}}{"levels": {}}', "not valid JSON: trailing characters at column 15; correct it"
    ),
    "cut short": ('{"levels": {"self": "no', "not valid JSON: EOF while parsing a string at column 23; correct it"),
    "single quotes": ("{'levels': {}}", "not valid JSON: key must be a string at column 2; correct it"),
    "trailing comma": ('{"levels": {},}', "not valid JSON: trailing comma at column 15; correct it"),
    "nested too deep": (
        '{"levels": ' + "[" * 100_000 + "]" * 100_000 + "}",
        "not valid JSON: recursion limit exceeded at column 212; correct it",
    ),
    "nested too deep in objects": (
        '{"levels": ' + '{"a":' * 100_000 + "1" + "}" * 100_001,
        "not valid JSON: recursion limit exceeded at column 1012; correct it",
    ),
    "half a character": ('{"levels": {"self": "\\ud800"}}', "not valid JSON: "),
    "control character": ('{"levels": {"self\x01": "none"}}', "not valid JSON: control character "),
    "zero byte in a name": (
        '{"levels": {"self\\u0000": "none"}}', f"levels: unknown domain 'self\\x00'; {UNKNOWN_DOMAIN}"
    ),
    "a very long name": (
        '{"levels": {"' + "x" * 40_000 + '": "none"}}', f"levels: unknown domain '{'x' * 60}'; {UNKNOWN_DOMAIN}"
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_bad_input(kind: str) -> None:
    text, message = BAD[kind]
    found = faults(ONE + b"\n" + text.encode())
    assert len(found) == 1, found
    assert found[0].startswith(f"line 2: {message}")
    assert len(found[0]) < 400
    assert "\n" not in found[0]


@pytest.mark.parametrize(
    "text",
    [b'{"levels": {"self": "mod\xff"}}', b"\xff\xfe{", '{"levels": {}}'.encode("utf-16"), b"\x00", b"\x80" * 100],
)
def test_bytes_that_are_not_utf_8(text: bytes) -> None:
    found = faults(text)
    assert len(found) == 1
    assert found[0].startswith("line 1: not valid JSON: ")


def test_a_repeated_key_beside_another_fault() -> None:
    assert faults('{"levels": {"self": "x", "self": "none"}, "age": 12}') == [
        f'line 1: levels.self: "x" {UNKNOWN_LEVEL}',
        "line 1: 'self' is there twice; keep one",
    ]


def test_colons_in_text_are_no_keys() -> None:
    assert faults('{"levels": {}, "indicators": ["a:b:c"]}') == [
        "line 1: indicators: unknown id 'a:b:c'; use the framework's"
    ]


@given(st.binary(max_size=200))
def test_any_bytes_give_results_or_faults(text: bytes) -> None:
    try:
        assert results(FRAMEWORK, text, TODAY)
    except Faults as found:
        assert all(f.startswith("line ") for f in found.faults)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(DOMAINS),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["levels", "age", "referrals", "assessed_on", *DOMAINS, "x"]), inner)
        ),
        max_leaves=12,
    )
)
def test_any_json_gives_results_or_faults(content: Any) -> None:
    for indent in (None, 1):
        try:
            assert results(FRAMEWORK, json.dumps(content, indent=indent).encode(), TODAY)
        except Faults as found:
            assert all(f.startswith("line ") and "\n" not in f for f in found.faults)
