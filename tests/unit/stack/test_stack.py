"""The local stack's own rules: ports, restarts, secrets, and what it says about a machine that lacks something."""

import dataclasses
import json
import os
import stat
import subprocess
import sys

import jwt
import pytest
from supervisor.options import ServerOptions

from stack import fetch, identity, secrets, start, supervision
from stack.environments import ENVIRONMENTS, Environment
from stack.parts import addresses, parts
from stack.secrets import Secrets


@pytest.fixture
def environment(tmp_path, monkeypatch) -> Environment:
    """An environment whose directory is new."""
    monkeypatch.setattr(Environment, "directory", property(lambda self: tmp_path / self.name))
    return ENVIRONMENTS["test"]


def test_no_two_parts_of_any_environment_share_a_port():
    ports = [part.port for environment in ENVIRONMENTS.values() for part in parts(environment, Secrets())]

    assert len(ports) == len(set(ports))


def test_every_part_has_a_way_to_tell_that_it_is_ready():
    for part in parts(ENVIRONMENTS["dev"], Secrets()):
        assert part.ready or part.name in {"mongod", "kafka"}


def test_the_gateway_knows_the_port_of_every_web_and_push_process():
    known = addresses(ENVIRONMENTS["dev"])

    for part in parts(ENVIRONMENTS["dev"], Secrets()):
        if part.name.endswith(("-web", "-push")) or part.name in {"web", "oidc"}:
            assert known[part.name] == part.port


def test_a_part_is_restarted_when_a_file_it_is_made_of_changes(tmp_path):
    code = tmp_path / "app.py"
    code.write_text("one")
    part = dataclasses.replace(parts(ENVIRONMENTS["dev"], Secrets())[0], watches=(tmp_path,))
    before = part.fingerprint()

    code.write_text("two")

    assert part.fingerprint() != before


def test_supervisor_reads_back_every_command_and_setting(environment):
    table = parts(environment, dataclasses.replace(Secrets(), switch_secret="50% chance"))
    environment.logs.mkdir(parents=True)
    supervision.configure(environment, table)

    options = ServerOptions()
    options.realize(["-c", str(environment.directory / "supervisord.conf")])

    read = {group.process_configs[0].name: group.process_configs[0] for group in options.process_group_configs}
    assert set(read) == {part.name for part in table}
    for part in table:
        assert part.environment.items() <= read[part.name].environment.items()


def test_secrets_stay_the_same_and_only_their_owner_can_read_them(environment):
    made = secrets.load(environment)

    assert secrets.load(environment) == made
    assert stat.S_IMODE((environment.directory / "secrets.json").stat().st_mode) == 0o600


def test_a_secret_that_is_new_in_the_code_is_added_to_those_that_are_kept(environment):
    made = secrets.load(environment)
    kept = {"switch_secret": made.switch_secret}
    (environment.directory / "secrets.json").write_text(json.dumps(kept))

    again = secrets.load(environment)

    assert again.switch_secret == made.switch_secret
    assert again.oidc_client_secret


def test_a_token_carries_the_roles_of_the_person(environment):
    identity.ensure_keys(environment)

    token = identity.token(environment, "rep.li")

    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["sub"], claims["roles"], claims["team"]) == ("rep.li", ["rep"], "east")
    assert (claims["iss"], claims["aud"]) == (environment.oidc_issuer, "crm")


def test_a_person_who_does_not_exist_gets_no_token_but_a_list_of_those_who_do(environment):
    identity.ensure_keys(environment)

    with pytest.raises(LookupError, match=r"no demo person nobody.*rep\.li"):
        identity.token(environment, "nobody")


def test_a_machine_that_lacks_programs_is_told_all_of_them_and_how_to_get_them():
    tools = [
        fetch.Tool("no-such-program", (), 1, "apt-get install such"),
        fetch.Tool("python3", ("--version",), 99, "wait some years"),
    ]

    with pytest.raises(fetch.Missing) as refusal:
        fetch.check_tools(tools)

    assert "no-such-program (1 or newer). To get it: apt-get install such" in str(refusal.value)
    assert "python3 99 or newer" in str(refusal.value)


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("node", "v18.19.0"),
        ("java", 'openjdk version "11" 2018-09-25'),
        ("java", 'openjdk version "1.8.0_392"'),
    ],
)
def test_a_program_that_is_too_old_is_told_before_anything_is_started(tmp_path, monkeypatch, program, says):
    old = tmp_path / program
    old.write_text(f"#!/bin/sh\necho '{says}'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(fetch, "items", list)

    with pytest.raises(fetch.Missing, match=f"{program} .* or newer; here is "):
        fetch.fetch([], print)


def test_a_reader_that_has_had_enough_is_no_error():
    ours, theirs = os.pipe()
    os.close(ours)

    told = subprocess.run(
        [sys.executable, "-m", "stack", "status", "--env", "chaos"], stdout=theirs, stderr=subprocess.PIPE, text=True
    )

    os.close(theirs)
    assert (told.returncode, told.stderr) == (0, "")


def test_something_fetched_is_fetched_again_only_after_its_sources_change(tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "FETCHED", tmp_path)
    monkeypatch.setattr(fetch, "ROOT", tmp_path)
    source, result = tmp_path / "lock", tmp_path / "result"
    source.write_text("1")
    item = fetch.Item("thing", lambda: [source], result, (("sh", "-c", "echo made >> result"),), tmp_path)
    monkeypatch.setattr(fetch, "items", lambda: [item])
    monkeypatch.setattr(fetch, "TOOLS", [])

    for _ in range(2):
        fetch.fetch({"thing"}, lambda text: None)
    once = result.read_text()
    source.write_text("2")
    fetch.fetch({"thing"}, lambda text: None)

    assert once == "made\n"
    assert result.read_text() == "made\nmade\n"


def test_nothing_of_an_older_version_stays_where_that_would_be_found_too(tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "FETCHED", tmp_path)
    monkeypatch.setattr(fetch, "ROOT", tmp_path)
    monkeypatch.setattr(fetch, "TOOLS", [])
    result = tmp_path / "jars"
    result.mkdir()
    (result / "broker-4.1.jar").touch()
    commands = (("sh", "-c", "mkdir jars; touch jars/broker-4.2.jar"),)
    item = fetch.Item("kafka", lambda: [], result, commands, tmp_path, emptied=True)
    monkeypatch.setattr(fetch, "items", lambda: [item])

    fetch.fetch({"kafka"}, lambda text: None)

    assert [path.name for path in result.iterdir()] == ["broker-4.2.jar"]


def test_a_fetch_that_fails_shows_what_the_program_said(tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "FETCHED", tmp_path)
    monkeypatch.setattr(fetch, "ROOT", tmp_path)
    failing = fetch.Item("thing", lambda: [], tmp_path / "result", (("sh", "-c", "echo no network; exit 1"),), tmp_path)
    monkeypatch.setattr(fetch, "items", lambda: [failing])
    monkeypatch.setattr(fetch, "TOOLS", [])

    with pytest.raises(fetch.Missing, match="no network"):
        fetch.fetch({"thing"}, lambda text: None)


def test_data_logs_and_secrets_of_the_stack_are_for_its_owner_only(environment):
    environment.directory.mkdir()
    before = os.umask(0o022)
    try:
        start._prepare(environment)
        (environment.logs / "a.log").write_text("")
    finally:
        os.umask(before)

    readable = [
        path
        for path in [environment.directory, *environment.directory.rglob("*")]
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    options = ServerOptions()
    options.realize(["-c", str(environment.directory / "supervisord.conf")])
    assert readable == []
    assert options.umask == 0o077
