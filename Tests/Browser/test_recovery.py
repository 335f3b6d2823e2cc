"""What was acknowledged is on disk: the server is killed under load, round after round."""

import json
import os
import signal
import threading
import unittest
import urllib.error
import urllib.request

from stage import Study

ROUNDS = int(os.environ.get("LONGWELL_ROUNDS", "3"))
PEOPLE = 8


class Recovery(unittest.TestCase):
    def setUp(self):
        self.study = Study("everything")
        self.addCleanup(self.study.remove)
        self.tokens = [self.study.participant().rsplit("/", 1)[1] for _ in range(PEOPLE)]
        self.study.start()

    def call(self, method, path, token, body=None, key=None):
        request = urllib.request.Request(
            f"{self.study.address}/api/v1{path}", method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token}", **({"Idempotency-Key": key} if key else {})})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def test_no_acknowledged_answer_is_lost_when_the_server_is_killed(self):
        sessions = {}
        for token in self.tokens:
            occasion = self.call("GET", "/me", token)["due"][0]["occasion"]["uuid"]
            sessions[token] = self.call("POST", f"/occasions/{occasion}/session", token, {})["uuid"]
        for turn in range(ROUNDS):
            sent, acknowledged = {}, {}

            def answer(token, turn=turn, sent=sent, acknowledged=acknowledged):
                for number in range(10_000):
                    sent[token] = f"{turn}-{number}"
                    try:
                        self.call(
                            "POST", f"/sessions/{sessions[token]}/answers", token,
                            {"instrument": "kinds", "answers": {"words": sent[token]}},
                            key=sent[token])
                    except (urllib.error.URLError, OSError):
                        return
                    acknowledged[token] = sent[token]

            threads = [threading.Thread(target=answer, args=(token,)) for token in self.tokens]
            for thread in threads:
                thread.start()
            threads[0].join(timeout=1.5)
            self.study.server.send_signal(signal.SIGKILL)
            self.study.server.wait()
            self.study.server.stdout.close()
            for thread in threads:
                thread.join()
            self.study.start()
            for token in self.tokens:
                pages = self.call("GET", f"/sessions/{sessions[token]}", token)["pages"]
                stored = next(
                    item["answer"] for page in pages for item in page["items"]
                    if item["id"] == "words")
                self.assertIn(stored, (acknowledged.get(token), sent[token]), f"round {turn + 1}")
                # Sent again under its key, it is taken once.
                repeated = self.call(
                    "POST", f"/sessions/{sessions[token]}/answers", token,
                    {"instrument": "kinds", "answers": {"words": sent[token]}}, key=sent[token])
                self.assertEqual(stored == sent[token], repeated["repeated"])
        self.study.stop()
        self.study.run("verify", str(self.study.folder))


if __name__ == "__main__":
    unittest.main()
