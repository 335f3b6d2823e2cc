"""What the study team meets, in a real browser."""

import base64
import hashlib
import hmac
import json
import struct
import subprocess
import time
import unittest

from selenium.webdriver.common.keys import Keys

from stage import LONGWELL, BrowserTest

PASSWORD = "correct horse battery"


def code(secret, step):
    """The code of an app (RFC 6238), from the secret that it was given."""
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    offset = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[offset:offset + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


class Team(BrowserTest):
    def researcher(self, name, *arguments):
        """Adds somebody, as a script does: the password is the first line of input."""
        done = subprocess.run(
            [LONGWELL, "researcher", "add", str(self.study.folder), name, "--json", *arguments],
            env=self.study.environment, input=PASSWORD + "\n", capture_output=True, text=True)
        self.assertEqual(0, done.returncode, done.stderr)
        return json.loads(done.stdout)

    def sign_in(self, person, typed=None):
        self.browser.get(self.study.address + "/team")
        self.assertTrue(self.browser.current_url.endswith("/team/sign-in"))
        for name, text in (
                ("name", person["researcher"]), ("password", PASSWORD),
                ("code", typed or code(person["totp_secret"], int(time.time()) // 30))):
            self.find("#" + name).send_keys(text)
        page = self.find("html")
        self.find("#code").send_keys(Keys.ENTER)
        self.wait(lambda: self.is_gone(page), "Enter sent nothing")

    def test_an_owner_signs_in_and_sees_every_page(self):
        link = self.study.participant()
        owner = self.researcher("ann@example.org", "--role", "owner")
        self.study.start()
        self.browser.get(link)
        self.press("main form button")
        self.choose("company", 2)
        self.type("hours", "7")
        self.press('button[value="leave"]')
        self.browser.get(self.study.address + "/team/sign-in")
        self.check("team-sign-in")
        self.sign_in(owner, "000000")
        self.assertEqual("summary", self.browser.switch_to.active_element.get_attribute("id"))
        self.check("team-sign-in-refused")
        self.sign_in(owner)
        self.assertIn("ann@example.org, owner", self.find("header").text)
        targets = [
            element.get_attribute("href")
            for element in self.browser.find_elements("css selector", "nav a")]
        self.assertEqual(10, len(targets))
        for target in targets:
            self.browser.get(target)
            self.assertTrue(self.has('nav [aria-current="page"]'), target)
            self.check("team-" + (target.split("/team")[1].strip("/") or "overview"))
        self.browser.get(self.study.address + "/team/participants")
        self.press("tbody a")
        self.check("team-participant")
        # A participant without a contact: nobody is named, and the look is on record all the same.
        self.press("main form button")
        self.check("team-identity")
        self.browser.get(self.study.address + "/team/audit")
        self.assertIn("identity looked at", self.find("table").text)
        self.press("header button")
        self.assertTrue(self.browser.current_url.endswith("/team/sign-in"))
        self.browser.get(self.study.address + "/team/audit")
        self.assertTrue(self.browser.current_url.endswith("/team/sign-in"))
        self.study.stop()
        self.study.run("verify", str(self.study.folder))

    def test_a_recovery_code_and_a_role_that_sees_numbers_alone(self):
        viewer = self.researcher("bob", "--role", "viewer")
        self.study.start()
        self.sign_in(viewer, viewer["recovery_codes"][0])
        self.assertEqual(1, len(self.browser.find_elements("css selector", "nav a")))
        self.browser.get(self.study.address + "/team/participants")
        self.assertIn("Not open to you", self.find("h1").text)
        self.check("team-refused")


class TeamInTheDark(Team):
    dark = True
    scripts = False

    def test_an_owner_signs_in_and_sees_every_page(self):
        owner = self.researcher("ann", "--role", "owner")
        self.study.participant()
        self.study.start()
        self.sign_in(owner)
        self.browser.get(self.study.address + "/team/compliance")
        self.check("team-compliance-dark")


if __name__ == "__main__":
    unittest.main()
