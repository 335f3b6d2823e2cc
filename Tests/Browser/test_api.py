"""The JSON API as its document describes it, tried by schemathesis with whatever the document allows and not."""

import json
import subprocess
import sys
import unittest
from pathlib import Path

from stage import Study

CHECKS = ",".join((
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_schema_conformance"))


class API(unittest.TestCase):
    fixture = "everything"

    def setUp(self):
        self.study = Study(self.fixture)
        self.addCleanup(self.study.remove)
        self.token = self.study.participant().rsplit("/", 1)[-1]
        self.program = self.researcher()
        self.study.start()

    def researcher(self):
        """The token of a program of an owner's, for all that programs may read."""
        folder = str(self.study.folder)
        self.study.run(
            "researcher", "add", folder, "ann", "--role", "owner", "--json",
            typed="planted horse battery\n")
        scopes = [word for scope in ("metrics", "study", "answers", "records")
                  for word in ("--scope", scope)]
        return self.study.run("researcher", "token", folder, "ann", *scopes, "--label", "test").strip()

    def ask(self, method, path, token, body=None):
        done = subprocess.run(
            ["curl", "-sS", "-X", method, f"{self.study.address}/api/v1{path}", "-H",
             f"Authorization: Bearer {token}", "-H", "Content-Type: application/json",
             *(("-d", json.dumps(body)) if body is not None else ())],
            capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    def run_over(self, token, *choice, parameters=None, examples=25):
        """Calls what is chosen of the API with what schemathesis thinks of."""
        settings = self.study.root / "schemathesis.toml"
        lines = ["[parameters]"] if parameters else []
        lines += [f"{name} = {json.dumps(value)}" for name, value in (parameters or {}).items()]
        settings.write_text("\n".join(lines) + "\n")
        done = subprocess.run(
            [str(Path(sys.executable).parent / "st"), "--config-file", str(settings), "run",
             f"{self.study.address}/api/v1/openapi.json", "--header",
             f"Authorization: Bearer {token}", "--checks", CHECKS, "--phases",
             "examples,coverage,fuzzing", "--max-examples", str(examples), "--seed", "1",
             "--suppress-health-check", "all", "--warnings", "off",
             "--continue-on-failure", "--no-color", *choice],
            capture_output=True, text=True, cwd=self.study.root)
        self.assertEqual(0, done.returncode, done.stdout[-8000:] + done.stderr[-2000:])

    def test_a_participants_calls(self):
        due = self.ask("GET", "/me", self.token)["due"][0]["occasion"]["uuid"]
        session = self.ask("POST", f"/occasions/{due}/session", self.token)["uuid"]
        rest = ("--exclude-path-regex", "^/(team|withdrawal|consent)")
        self.run_over(self.token, *rest)
        self.run_over(
            self.token, *rest,
            parameters={"occasion": due, "session": session, "plan": "after-chat"})
        self.run_over(self.token, "--include-path", "/consent")
        # Last, because it may well take.
        self.run_over(self.token, "--include-path", "/withdrawal", examples=10)
        self.still_whole()

    def test_a_researchers_calls(self):
        person = self.ask("GET", "/team/participants", self.program)["items"][0]["participant"]
        team = ("--include-path-regex", "^/team")
        self.run_over(self.program, *team)
        self.run_over(self.program, *team, parameters={"pseudonym": person})
        self.still_whole()

    def still_whole(self):
        self.study.stop()
        self.study.run("verify", str(self.study.folder))


if __name__ == "__main__":
    unittest.main()
