"""Guidance, Import and Audit, each as those see it whom it serves."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from chm import settings
from chm.casework import audit_log, frameworks, guarded, people
from chm.casework.desk import Desk
from chm.framework import AXES, LEVELS, PILLARS, Framework
from pages.parts import guidance_bands, guidance_matrix, import_view, users_view
from pages.parts.navigation import AUDIT, GUIDANCE, IMPORT, USERS
from pages.parts.text import plain

CSV = "name,born,age,home_borough,looked_after\n"
NAME, AGENCY = "**Jo** Madeup", "<b>Housing</b> :red[x]"
WANTED = (
    "to sign in as jo at https://login.example, until now no sign-in; "
    f"name {NAME}, until now Jo Placeholder; agency {AGENCY}, until now Children's Social Care"
)
HOSTILE = "<img src=x onerror=alert(1)> ![x](http://192.0.2.1/x) {{ 7*7 }} =cmd() 🦉"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the product's data that a test may change."""
    folder = tmp_path / "data"
    for part in ("frameworks", "local"):
        shutil.copytree(settings.data() / part, folder / part)
    monkeypatch.setenv("CHM_DATA", str(folder))
    frameworks.read_again()
    yield folder
    frameworks.read_again()


def guidance(visit: Any, view: str = "Matrix", user: str = "U-jo") -> Any:
    here = visit(user).to(GUIDANCE)
    here.field("View").set_value(view)
    here.at.run()
    assert not here.at.exception
    return here


def audited(file: Path, operation: str) -> list[tuple[str, str]]:
    with sqlite3.connect(file) as connection:
        return connection.execute(
            "SELECT record, why FROM audit WHERE operation = ? ORDER BY id", (operation,)
        ).fetchall()


class TestMatrix:
    def test_every_domain_shows_every_statement_with_its_line(self, visit: Any, framework: Framework) -> None:
        here = guidance(visit)
        for domain in framework.domains:
            here.field(_axis(framework, domain.axis)).set_value(domain.id)
            here.at.run()
            assert not here.at.exception
            said = here.said
            assert f"{domain.name} {_axis(framework, domain.axis)} · adds up to" in said
            statements = [*domain.introduction, *domain.consider, *domain.assess, *domain.extras, *domain.see_also]
            statements += [s for level in LEVELS for s in domain.levels[level]]
            statements += [s for pillar in PILLARS for s in domain.steps[pillar]] + list(domain.explanations)
            for s in statements:
                assert f"{_flat(s.text)} " in said
                assert guidance_matrix.source(framework, s) in said
                assert not s.note or _flat(s.note) in said

    def test_all_indicators_and_steps_are_counted(self, visit: Any, framework: Framework) -> None:
        here = guidance(visit)
        counts = {"Four levels": 0, "To consider": 0, "Next steps": 0}
        for domain in framework.domains:
            here.field(_axis(framework, domain.axis)).set_value(domain.id)
            here.at.run()
            for tab in here.at.tabs:
                name, _, number = tab.label.partition(" · ")
                counts[name] += int(number)
        assert (counts["Four levels"], counts["Next steps"]) == (333, 186)

    def test_choosing_in_one_axis_clears_the_other(self, visit: Any, framework: Framework) -> None:
        here = guidance(visit)
        assert here.field("Experiences of harm").value == "coercion"
        assert here.field("Contexts").value is None
        here.field("Contexts").set_value("peers")
        here.at.run()
        assert (here.field("Experiences of harm").value, here.field("Contexts").value) == (None, "peers")

    def test_a_score_that_is_our_reading_says_so_and_why(self, visit: Any, framework: Framework) -> None:
        here = guidance(visit)
        assert "our reading" not in here.said
        here.field("Contexts").set_value("family")
        here.at.run()
        assert f"Significant our reading 8 {framework.scores['family'].why}" in here.said

    def test_a_search_says_where_each_place_stands(self, visit: Any) -> None:
        here = guidance(visit)
        here.field("Find an indicator or a step").set_value("PHONE")
        here.at.run()
        assert "9 places with “PHONE” 4 among the indicators, 5 among the next steps" in here.said
        assert "Disrupt Parent takes away phone or Oyster card after curfew line 381" in here.said
        assert here.field("Experiences of harm").value is None
        here.at.button(key="guidance-open-missing").click().run()
        assert here.field("Find an indicator or a step").value == ""
        assert here.field("Experiences of harm").value == "missing"
        assert "Running away or missing Experiences of harm · adds up to 10 of 58" in here.said

    @pytest.mark.parametrize("text", [HOSTILE, "((", "\\\\", "[a-z]+", "x" * 40_000])
    def test_what_is_typed_is_text_and_nothing_more(self, visit: Any, text: str) -> None:
        here = guidance(visit)
        here.field("Find an indicator or a step").set_value(text)
        here.at.run()
        assert not here.at.exception
        assert "Nothing says “" in here.said or "among the indicators" in here.said
        assert all("<img" not in h.proto.body for h in here.at.get("html") if "chm-guide-head" in h.proto.body)

    def test_one_letter_searches_nothing(self, visit: Any) -> None:
        here = guidance(visit)
        here.field("Find an indicator or a step").set_value("a")
        here.at.run()
        assert "Coercion or control Experiences of harm" in here.said

    def test_hits_are_plain_substrings_in_any_case(self, framework: Framework) -> None:
        for hit in guidance_matrix.search(framework, "a.b"):
            assert "a.b" in "".join(hit["parts"]).lower()
        for text in ("camhs", "school", "(", "e"):
            texts = [i.text for _, _, i in framework.indicators.values()]
            texts += [s.text for _, _, s in framework.steps.values()]
            found = ["".join(h["parts"]) for h in guidance_matrix.search(framework, text)]
            assert sorted(found) == sorted(t for t in texts if text in t.lower())


class TestBands:
    def test_the_table_says_from_to_response_pillars_and_review(self, visit: Any) -> None:
        said = guidance(visit, "Bands").said
        assert "No concern 0 to 9 0 to 4 0 to 5 Advice and guidance Identify, Prevent No set review" in said
        assert "Moderate 33 to 64 17 to 32 17 to 32 Assessment Identify, Prevent, Support , Protect, Disrupt" in said
        assert "Significant 65 and over 33 and over 33 and over Strategy and plan" in said

    def test_the_lead_pillars_are_marked(self, visit: Any, framework: Framework) -> None:
        here = guidance(visit, "Bands")
        table = next(h.proto.body for h in here.at.get("html") if "chm-guide-bands" in h.proto.body)
        leads = re.findall(r"<strong>(\w+)</strong>", table)
        names = {p["id"]: p["name"] for p in framework.pillars}
        assert leads == [names[p] for v in LEVELS for p in names if p in framework.responses[v].lead_pillars]

    def test_definitions_and_checklists_are_all_there(self, visit: Any, framework: Framework) -> None:
        said = guidance(visit, "Bands").said
        for level in framework.levels:
            for line in level.definition or ():
                assert _flat(line) in said
            response = framework.responses[level.id]
            for s in (*response.text, *response.checklist):
                assert _flat(s.text) in said

    def test_the_quirks_are_reckoned_from_the_numbers(self, framework: Framework) -> None:
        said = {c["head"]: c["text"] for c in guidance_bands.cares(framework)}
        assert "Physical and emotional health 4" in said["One Significant domain can hide"]
        assert "Coercion" not in said["One Significant domain can hide"]
        assert "28%" in said["The combined band can hide an axis"]
        assert said["Emerging everywhere adds up to more"] == (
            "With every domain at Emerging, combined 33 is Moderate and context 17 is Moderate, "
            "above each single level."
        )
        assert "combined 66 is Significant and context 34 is Significant" in said["Moderate everywhere adds up to more"]
        assert said["The top band is open"] == "The most that can be reached: combined 112, harm 58, context 54."
        assert "Family and accommodation at Significant: 8 is our reading" in said

    def test_the_hidden_share_equals_a_count_of_all_answers(self, framework: Framework) -> None:
        sums = {}
        for axis in AXES:
            scores = [[framework.scores[d.id].of(v) for v in LEVELS] for d in framework.axis_domains(axis)]
            sums[axis] = [sum(choice) for choice in product(*scores)]
        rank = {a: [LEVELS.index(v) for v in band] for a, band in framework.band_of.items()}
        contexts = {c: sums["context"].count(c) for c in set(sums["context"])}
        hidden = sum(
            count
            for harm in sums["harm"]
            for context, count in contexts.items()
            if rank["combined"][harm + context] < max(rank["harm"][harm], rank["context"][context])
        )
        assert guidance_bands.below_an_axis(framework) == hidden / (4**7 * 4**6)


class TestBeside:
    def test_every_pathway_shows_what_to_do_and_what_is_from_outside(self, visit: Any, framework: Framework) -> None:
        here = guidance(visit, "Pathways")
        for pathway in framework.pathways:
            here.field("Pathways beside the score").set_value(pathway.id)
            here.at.run()
            assert not here.at.exception
            said = here.said
            thresholds = [s for part in pathway.thresholds.values() for s in part]
            for s in (*pathway.do, *pathway.criteria, *thresholds):
                assert _flat(s.text) in said
                assert s.lines is not None or f"outside the guidance {_flat(s.source or '')}" in said
            assert all(_flat(note) in said for note in pathway.notes)
            assert (f"{pathway.title} outside the guidance" in said) == pathway.outside

    def test_crisis_numbers_stand_beside_the_crisis_pathway(self, visit: Any) -> None:
        here = guidance(visit, "Pathways")
        here.field("Pathways beside the score").set_value("crisis")
        here.at.run()
        assert "Samaritans 116 123 Childline 0800 1111 Shout (text) text SHOUT to 85258" in here.said

    def test_partners_stand_by_context(self, visit: Any) -> None:
        said = guidance(visit, "Partners").said
        assert "Places and spaces Safer Merton Catch22 Risk and Resilience Service Education Inclusion" in said
        assert "Family and accommodation The guidance names none" in said
        assert "asked for at Moderate and Significant" in said

    def test_the_glossary_is_searched(self, visit: Any, framework: Framework) -> None:
        here = guidance(visit, "Glossary")
        assert all(t.term in here.said and _flat(t.plain) in here.said for t in framework.glossary)
        here.field("Find a word").set_value("marac")
        here.at.run()
        assert "Multi-Agency Risk Assessment Conference" in here.said
        assert "Antisocial" not in here.said
        here.field("Find a word").set_value(HOSTILE)
        here.at.run()
        assert "No word holds “<img src=x" in here.said
        assert not here.at.exception

    def test_links_carry_no_trace_of_who_follows_them(self, visit: Any, framework: Framework) -> None:
        here = guidance(visit, "Pathways")
        here.field("Pathways beside the score").set_value("dash")
        here.at.run()
        links = re.findall(r"<a [^>]*>", "".join(h.proto.body for h in here.at.get("html")))
        assert links
        assert all('rel="noopener noreferrer"' in link for link in links)


class TestVersions:
    def test_everybody_sees_the_versions_and_nobody_else_the_change(self, visit: Any, framework: Framework) -> None:
        here = guidance(visit, "Versions")
        assert "merton-2020 1 in use Family and accommodation at Significant: 8" in here.said
        assert framework.fingerprint[:12] in here.said
        assert not here.at.number_input
        for user in ("U-pat", "U-kit", "U-drew", "U-max", "U-chris"):
            assert not guidance(visit, "Versions", user).at.number_input

    def test_an_administrator_makes_a_new_version(self, visit: Any, data: Path, demo: Path) -> None:
        here = guidance(visit, "Versions", "U-lee")
        here.field("Number").set_value(10)
        here.field("How sure is it?").set_value(False)
        here.field("Why").set_value("The publisher told us: 10")
        here.press("Make version 2")
        assert not here.at.exception
        made = "Version 2 is in use from now on. The most it can reach: combined 114, harm 58, context 56."
        assert here.at.success[0].value == plain(made)
        assert "merton-2020 2 in use none Family and accommodation at Significant: 8 to 10" in here.said
        assert "The publisher told us: 10" in here.said
        assert frameworks.current().maximum("context") == 56
        assert audited(demo, "versions.change_score") == [("", "merton-2020 version 2: family.significant: 8 to 10")]
        here.field("View").set_value("Matrix")
        here.at.run()
        here.field("Contexts").set_value("family")
        here.at.run()
        assert "adds up to 10 of 56" in here.said
        assert "our reading" not in here.said

    def test_faults_are_said_and_nothing_is_made(self, visit: Any, data: Path) -> None:
        here = guidance(visit, "Versions", "U-lee")
        here.field("Number").set_value(5)
        here.press("Make version 2")
        assert "reason" in here.errors[0].lower()
        here.field("Why").set_value("Because")
        here.press("Make version 2")
        assert "No version was made" in here.errors[0]
        assert "does not rise above moderate" in here.errors[0]
        assert [p.name for p in (data / "frameworks").iterdir()] == ["merton-2020"]

    def test_a_reason_is_shown_as_text(self, visit: Any, data: Path) -> None:
        here = guidance(visit, "Versions", "U-lee")
        here.field("Number").set_value(10)
        here.field("Why").set_value(HOSTILE)
        here.press("Make version 2")
        assert not here.at.exception
        assert HOSTILE in here.said
        assert all("<img" not in h.proto.body for h in here.at.get("html") if "chm-versions" in h.proto.body)


class TestImport:
    def upload(self, visit: Any, content: str | bytes) -> Any:
        here = visit("U-chris").to(IMPORT)
        content = content.encode() if isinstance(content, str) else content
        here.at.file_uploader[0].set_value(("rows.csv", content, "text/csv"))
        here.at.run()
        assert not here.at.exception
        return here

    def labels(self, here: Any) -> list[str]:
        return [b.label for b in here.at.button if b.label.startswith("Import")]

    def test_the_template_can_be_taken_in_as_it_is(self, visit: Any) -> None:
        here = visit("U-chris").to(IMPORT)
        assert [c.value.strip() for c in here.at.code] == [import_view.TEMPLATE.strip()]
        assert self.labels(self.upload(visit, import_view.TEMPLATE)) == ["Import all 2 young people"]

    def test_rows_are_seen_first_and_written_when_asked(self, visit: Any, lead: Desk, demo: Path) -> None:
        content = CSV + f'Peregrine Madeup,2012-05-17,,Merton,no\n"{HOSTILE}",,14,Sutton,\n'
        here = self.upload(visit, content)
        assert "2 rows, no fault" in here.said
        assert f"Peregrine Madeup 17 May 2012 Merton no {HOSTILE} 14 Sutton not known" in here.said
        assert people.find(lead, "Peregrine") == []
        here.press("Import all 2 young people")
        assert not here.at.exception
        assert here.at.success[0].value == "2 imported. They stand under Young people."
        assert self.labels(here) == []
        assert len(people.find(lead, "Peregrine")) == 1
        assert audited(demo, "people.import_rows") == [("", "2 added")]
        here.at.run()
        assert not here.at.success
        assert len(people.find(lead, "Peregrine")) == 1

    def test_each_fault_says_row_column_what_and_fix(self, visit: Any, lead: Desk) -> None:
        here = self.upload(visit, CSV + "Peregrine Madeup,2012-05-17,,Merton,no\n,03/04/2012,,Sutton,maybe\n")
        assert "3 things to put right 1 row is right; nothing is imported until all are" in here.said
        assert "3 name Is empty Fill it in" in here.said
        assert "3 born Slashes do not say which is the day Write it as 2012-05-17" in here.said
        assert "3 looked after Cannot be understood Must be yes or no, or empty where not known" in here.said
        assert self.labels(here) == []
        assert people.find(lead, "Peregrine") == []

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "The file is empty"),
            (b"PK\x03\x04", "This is a spreadsheet, not CSV"),
            ("name,born\nZoë,2012-05-17\n".encode("cp1252"), "the file is not UTF-8"),
            (b"name;born;home_borough\nx;2012-05-17;y\n", "Cells are not separated by commas"),
            (CSV.encode(), "The file has a header and no rows"),
        ],
    )
    def test_a_file_that_cannot_be_read_says_why(self, visit: Any, content: bytes, said: str) -> None:
        here = self.upload(visit, content)
        assert said in here.said
        assert self.labels(here) == []

    def test_somebody_known_already_is_pointed_out(self, visit: Any, lead: Desk, demo: Path) -> None:
        known = people.mine(lead)[0].young_person
        here = self.upload(visit, CSV + f"Peregrine Madeup,,14,Merton,\n{known.name.upper()},,14,Merton,\n")
        assert f"perhaps {known.id}" in here.said
        assert here.at.warning[0].value.startswith("1 of 2 may be known already")
        assert audited(demo, "people.known_rows") == [(known.id, "1 of 2 known")]
        here.press("Import all 2 young people")
        assert len(people.mine(lead)) == 42


class TestAudit:
    def test_entries_stand_newest_first_with_ids_only(self, visit: Any, lead: Desk) -> None:
        people.record_of(lead, "YP-0001")
        people.find(lead, "Avocet")
        here = visit("U-max").to(AUDIT)
        assert not here.at.exception
        opened = "U-chris opened the record people.record_of YP-0001 opened"
        assert opened in here.said
        assert here.said.index("U-chris searched for young people people.find") < here.said.index(opened)
        assert "Avocet" not in here.said

    def test_one_record_is_read_by_its_id_in_any_case(self, visit: Any, lead: Desk, demo: Path) -> None:
        for id in ("YP-0001", "YP-0002"):
            people.record_of(lead, id)
        here = visit("U-max").to(AUDIT)
        here.field("About one record").set_value(" yp-0001 ")
        here.at.run()
        assert "1 entry" in here.said
        assert "YP-0002" not in here.said
        assert ("", "about YP-0001") in audited(demo, "audit_log.read")

    @pytest.mark.parametrize("text", ["Avocet Pretend", HOSTILE, "YP", "x" * 40_000, "-"])
    def test_what_is_no_id_reads_nothing(self, visit: Any, demo: Path, text: str) -> None:
        here = visit("U-max").to(AUDIT)
        before = len(audited(demo, "audit_log.read"))
        here.field("About one record").set_value(text)
        here.at.run()
        assert not here.at.exception
        assert here.at.warning[0].value.startswith("A record’s id looks like YP-0001")
        assert len(audited(demo, "audit_log.read")) == before

    def test_it_leaves_as_a_file_whole_or_about_one_record(self, visit: Any, lead: Desk, demo: Path) -> None:
        people.record_of(lead, "YP-0001")
        here = visit("U-max").to(AUDIT)
        here.field("About one record").set_value("YP-0001")
        here.at.run()
        here.press("Download")
        assert "Every entry about YP-0001, oldest first" in " ".join(c.value for c in here.at.caption)
        here.press("Download", "Make the file")
        assert not here.at.exception
        assert [b.label for b in here.at.get("download_button")] == ["Save the file"]
        assert ("", "about YP-0001") in audited(demo, "audit_log.begin_export")

    def test_entries_are_narrowed_by_operation_and_to_refusals(self, visit: Any, lead: Desk) -> None:
        people.record_of(lead, "YP-0001")
        with pytest.raises(Exception, match="No such record"):
            people.record_of(lead, "YP-9999")
        here = visit("U-chris").to(AUDIT)
        here.field("Operation").set_value("people.record_of")
        here.at.run()
        assert "2 entries" in here.said
        here.at.toggle[0].set_value(True)
        here.at.run()
        assert "1 entry" in here.said
        assert "people.record_of YP-9999 refused" in here.said

    def test_a_hundred_are_shown_and_more_on_request(self, visit: Any, lead: Desk) -> None:
        for _ in range(105):
            people.find(lead, "x")
        here = visit("U-max").to(AUDIT)
        assert _rows(here) == 100
        here.at.button(key="audit_more").click().run()
        assert _rows(here) > 105

    def test_reasons_that_were_given_stand_there_as_text(self, visit: Any, lead: Desk) -> None:
        before = [c.value for c in visit(lead.user.id).to(AUDIT).at.caption]
        assert "Nothing was done yet that asks for one." in before
        for n in range(22):
            guarded.restrict(lead, "YP-0001", f"**Because** <b>of</b> {n}")
        said = visit(lead.user.id).to(AUDIT).said
        assert "Reasons given · 22" in said
        assert [n for n in range(22) if f"**Because** <b>of</b> {n}" not in said] == []
        assert f"YP-0001 : {lead.user.name} restricted the record, " in said

    def test_the_chain_is_checked_and_a_change_is_found(self, visit: Any, lead: Desk, demo: Path) -> None:
        for id in ("YP-0001", "YP-0002", "YP-0003"):
            people.record_of(lead, id)
        here = visit("U-max").to(AUDIT)
        here.press("Check the chain")
        assert here.at.success[0].value.startswith("The chain holds")
        second = audit_log.read(lead)[-2].id
        with sqlite3.connect(demo) as connection:
            connection.execute("UPDATE audit SET record = 'YP-0009' WHERE id = ?", (second,))
        here.press("Check the chain")
        assert here.errors[0].startswith(f"The chain breaks at entry {second}")


def _axis(framework: Framework, id: str) -> str:
    return next(str(a["name"]) for a in framework.axes if a["id"] == id)


def _rows(here: Any) -> int:
    return sum(h.proto.body.count("<tr><td") for h in here.at.get("html") if "chm-audit" in h.proto.body)


def _flat(text: str) -> str:
    return " ".join(text.split())


class TestUsers:
    def test_an_encrypted_backup_is_taken_away(self, visit: Any, demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("chm.settings._held", {})
        here = visit("U-lee").to(USERS).press("Backup")
        assert "It opens only under the backup key" in " ".join(c.value for c in here.at.caption)
        here.press("Backup", "Make the backup")
        assert "No key is set" in here.at.error[0].value
        assert audited(demo, "backups.begin_backup") == []
        monkeypatch.setattr("chm.settings._held", {"CHM_BACKUP_KEY": "a key of this test alone, made up 1"})
        here.press("Backup", "Make the backup")
        assert not here.at.exception
        assert [b.label for b in here.at.get("download_button")] == ["Save the backup"]
        assert audited(demo, "backups.begin_backup") == [("", "everything, encrypted")]

    def test_who_only_looks_at_users_takes_none(self, visit: Any) -> None:
        assert "Backup" not in {b.label for b in visit("U-max").to(USERS).at.button}

    def test_another_name_and_agency_wait_for_a_lead(self, visit: Any, demo: Path) -> None:
        before = _account(demo)
        assert before == ("Jo Placeholder", "Children's Social Care", None)
        _rename(visit)
        assert _account(demo) == before
        assert audited(demo, "accounts.edit") == [
            ("U-jo", "asked another name, asked another agency, asked another identity, roles practitioner")
        ]
        here = visit("U-lee").to(USERS)
        assert "Jo Placeholder Children's Social Care practitioner waits for a lead" in here.said
        _open(here)
        assert f"Asked, and waiting for a safeguarding lead: {WANTED}" in _texts(here)
        assert (here.field("Name").value, here.field("Agency").value) == (NAME, AGENCY)

    @pytest.mark.parametrize(
        ("press", "held"),
        [
            ("Agree", (NAME, AGENCY, "https://login.example")),
            ("Refuse", ("Jo Placeholder", "Children's Social Care", None)),
        ],
    )
    def test_a_lead_reads_old_and_new_as_plain_text_and_decides(
        self, visit: Any, demo: Path, press: str, held: tuple[str, str, str | None]
    ) -> None:
        _rename(visit)
        here = visit("U-chris").to(AUDIT)
        assert "Asked for users · 1" in here.said
        assert [t for t in _texts(here) if NAME in t] == [
            "Jo Placeholder, Children's Social Care\n" + WANTED.replace("; ", "\n")
        ]
        assert users_view.OPENS in _texts(here)
        here.press(press)
        assert not here.at.exception
        assert "Asked for users" not in here.said
        assert _account(demo) == held
        assert NAME not in "".join(why for _, why in audited(demo, "accounts.approve"))

    def test_another_sign_in_alone_opens_no_actions(self, visit: Any, demo: Path) -> None:
        _rename(visit, name="Jo Placeholder", agency="Children's Social Care")
        here = visit("U-chris").to(AUDIT)
        sign_in = "to sign in as jo at https://login.example, until now no sign-in"
        assert f"Jo Placeholder, Children's Social Care\n{sign_in}" in _texts(here)
        assert users_view.OPENS not in _texts(here)


def _rename(visit: Any, name: str = NAME, agency: str = AGENCY) -> None:
    """An administrator asks for another name, agency and sign-in of Jo."""
    here = visit("U-lee").to(USERS)
    _open(here)
    said = {"Name": name, "Agency": agency, "Issuer": "https://login.example", "Subject": "jo"}
    for label, text in said.items():
        here.field(label).set_value(text)
    here.button("Save").click()
    _open(here)  # Here every run is a whole one: the dialog is opened in the same one as it is saved.


def _open(here: Any) -> None:
    """Press Jo in the list of users."""
    states = here.at._tree.get_widget_states()
    widget = states.widgets.add()
    widget.id = f"$$STREAMLIT_INTERNAL_KEY_{here._component('chm_pressable').id}__events"
    widget.json_trigger_value = json.dumps([{"event": "pressed", "value": "open:U-jo"}])
    here.at._run(states)
    assert not here.at.exception


def _texts(here: Any) -> list[str]:
    return [t.value for t in here.at.text]


def _account(file: Path) -> tuple[str, str, str | None]:
    with sqlite3.connect(file) as connection:
        return connection.execute("SELECT name, agency, issuer FROM user_account WHERE id = 'U-jo'").fetchone()
