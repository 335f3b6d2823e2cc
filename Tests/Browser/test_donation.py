"""A participant gives a log of their own, in a real browser and by hand-made requests."""

import http.client
import io
import json
import os
import unittest
import zipfile
from urllib.parse import urlparse

from stage import BrowserTest

WORD = "zqxplantedword"


def export(folder, days=70):
    """A ChatGPT-shaped zip of a simulated person, with a word that has to be nowhere afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    chats = []
    for day in range(days):
        start = 1_760_000_000 + day * 86_400
        mapping = {}
        for turn in range(2 + day % 5 * 2):
            mapping[f"m{turn}"] = {
                "id": f"m{turn}", "parent": f"m{turn - 1}" if turn else None, "children": [],
                "message": {
                    "id": f"m{turn}", "author": {"role": "assistant" if turn % 2 else "user"},
                    "create_time": start + 60 * turn, "recipient": "all",
                    "content": {"content_type": "text", "parts": [f"I think {WORD} helps. " * 20]},
                    "metadata": {"model_slug": "gpt-4o"}}}
        chats.append({
            "id": f"{WORD}-{day}", "title": WORD, "create_time": start,
            "current_node": f"m{len(mapping) - 1}", "mapping": mapping})
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("conversations.json", json.dumps(chats))
        archive.writestr("user.json", json.dumps({"email": f"{WORD}@example.org"}))
    return path


class Donation(BrowserTest):
    fixture = "logs"

    def donor(self, *arguments):
        return self.study.participant("--agree", "logs", *arguments)

    def donate(self, link, name):
        self.browser.get(link)
        self.press(f'a[href$="/logs"]')
        self.check(f"{name}-upload")
        self.find("#file").send_keys(str(export(self.study.root)))
        self.press("main form button")
        self.check(f"{name}-preview")
        self.press(".bars tbody a")
        self.check(f"{name}-month")
        self.find(".options input").click()
        self.press("main form button")
        self.press(".bars tbody a")
        self.assertTrue(self.find(".options input").is_selected())
        self.press(".options p a")
        self.check(f"{name}-day")
        self.browser.get(link + "/logs/preview")
        self.press('button[value="give"]')
        self.check(f"{name}-given")

    def nothing_said_is_anywhere(self):
        self.study.stop()
        self.study.run("verify", str(self.study.folder))
        (self.study.root / "export.zip").unlink()
        for folder, _, names in os.walk(self.study.root):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    self.assertNotIn(WORD.encode(), file.read(), name)

    def test_a_log_is_given_without_one_of_its_days(self):
        link = self.donor()
        self.study.start()
        self.donate(link, "logs")
        self.assertIn("69 conversations and 69 days", self.find("main").text)
        self.nothing_said_is_anywhere()


class WithoutScripts(Donation):
    scripts = False


class ArabicInTheDark(Donation):
    dark = True

    def test_a_log_is_given_without_one_of_its_days(self):
        link = self.donor("--language", "ar")
        self.study.start()
        self.donate(link, "logs-arabic")
        self.assertRegex(self.find("main").text, "[\u0660-\u0669]|69")
        self.nothing_said_is_anywhere()


class Hostile(BrowserTest):
    fixture = "logs"

    def setUp(self):
        super().setUp()
        self.link = urlparse(self.study.participant("--agree", "logs"))
        self.study.start()

    def send(self, body, length=None, kind="multipart/form-data; boundary=edge"):
        connection = http.client.HTTPConnection(self.link.hostname, self.link.port, timeout=120)
        connection.putrequest("POST", self.link.path + "/logs")
        connection.putheader("Content-Type", kind)
        connection.putheader("Content-Length", str(len(body) if length is None else length))
        connection.endheaders()
        connection.send(body)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def upload(self, file):
        return self.send(
            b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\n'
            + file + b"\r\n--edge--\r\n")

    def test_hostile_uploads_meet_a_page_that_says_what_is_wrong(self):
        whole = export(self.study.root, days=3).read_bytes()
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            with archive.open("conversations.json", "w", force_zip64=True) as file:
                file.write(b"[")
                for _ in range(512):
                    file.write(b" " * (1 << 20))
        for file in (whole[:-40], whole[:200], bomb.getvalue(), b"%PDF-1.7 " + bytes(5000), b""):
            status, text = self.upload(file)
            self.assertEqual(422, status)
            self.assertIn("could not be taken", text)
            self.assertNotIn(WORD, text)
        status, text = self.send(b"--edge", length=1 << 30)
        self.assertEqual(413, status)
        self.assertIn("larger than can be uploaded", text)
        self.assertEqual(400, self.send(whole, kind="application/zip")[0])
        status, _ = self.upload(whole)
        self.assertEqual(303, status)


if __name__ == "__main__":
    unittest.main()
