"""No answer is acknowledged before it is on disk: the server's system calls are watched."""

import json
import re
import shutil
import unittest
import urllib.request

from stage import LONGWELL, Study


@unittest.skipUnless(shutil.which("strace"), "strace is not installed")
class Durability(unittest.TestCase):
    def test_the_log_is_synced_before_each_success_is_answered(self):
        study = Study("everything")
        self.addCleanup(study.remove)
        token = study.participant().rsplit("/", 1)[1]
        trace = study.root / "trace"
        study.start(
            "strace", "-f", "-y", "-s", "64", "-o", str(trace), "-e",
            "trace=fdatasync,fsync,pwrite64,write,writev,sendto,sendmsg", LONGWELL)

        def call(path, body=None, method="POST"):
            request = urllib.request.Request(
                f"{study.address}/api/v1{path}", method=method,
                data=None if body is None else json.dumps(body).encode(),
                headers={"Authorization": f"Bearer {token}"})
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)

        occasion = call("/me", method="GET")["due"][0]["occasion"]["uuid"]
        session = call(f"/occasions/{occasion}/session", {})["uuid"]
        for number in range(20):
            call(
                f"/sessions/{session}/answers",
                {"instrument": "kinds", "answers": {"words": f"word {number}"}})
        study.stop()
        unsynced, successes, synced = False, 0, 0
        for line in trace.read_text(errors="replace").splitlines():
            if re.search(r"pwrite64\(\d+<[^>]*longwell\.db-wal>", line):
                unsynced = True
            elif re.search(r"(fdatasync|fsync)\(\d+<[^>]*longwell\.db-wal>\)\s*= 0", line) or \
                    "<... fdatasync resumed>)" in line:
                synced += unsynced
                unsynced = False
            elif "HTTP/1.1 200" in line:
                successes += 1
                self.assertFalse(unsynced, line)
        self.assertGreaterEqual(successes, 22)
        self.assertGreaterEqual(synced, 21, "each save writes the log and syncs it")


if __name__ == "__main__":
    unittest.main()
