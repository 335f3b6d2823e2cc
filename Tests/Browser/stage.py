"""A study served by the real command, and a real browser to meet it with."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from axe_selenium_python import Axe
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / "WebTests" / "Fixtures"
LONGWELL = os.environ.get("LONGWELL", str(HERE.parent.parent / ".build/debug/longwell"))
SHOTS = Path(os.environ.get("LONGWELL_SCREENSHOTS", HERE.parent.parent / ".build/screenshots"))
WIDTHS = (320, 768, 1280)


class Study:
    """A folder with a study, its keys beside it, and a server that can be stopped and started."""

    def __init__(self, fixture):
        self.root = Path(tempfile.mkdtemp(prefix="longwell-browser-"))
        self.folder = self.root / "study"
        shutil.copytree(FIXTURES / fixture, self.folder)
        self.environment = {
            **os.environ, "HOME": str(self.root), "LONGWELL_KEYS": str(self.root / "keys")
        }
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://localhost:{self.port}"
        self.server = None

    def run(self, *arguments, typed=None):
        done = subprocess.run(
            [LONGWELL, *arguments], env=self.environment, capture_output=True, text=True,
            input=typed)
        if done.returncode:
            raise AssertionError(f"longwell {arguments}: {done.stderr}")
        return done.stdout

    def participant(self, *arguments):
        """The personal link of a new test participant who has agreed."""
        joined = json.loads(self.run(
            "enrol", str(self.folder), "--test", "--agree", "surveys", "--zone",
            "Europe/Amsterdam", "--json", *arguments))
        return self.run(
            "link", str(self.folder), joined["participant"], "--address", self.address
        ).split()[-1]

    def start(self, *command):
        """Serves the study, perhaps by a command that watches the server."""
        self.server = subprocess.Popen(
            [*(command or [LONGWELL]), "serve", str(self.folder), "--port", str(self.port), "--base-url",
             self.address, "--json"],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            start_new_session=True)
        assert json.loads(self.server.stdout.readline())["address"] == self.address

    def stop(self):
        if self.server:
            os.killpg(self.server.pid, signal.SIGTERM)
            assert self.server.wait(timeout=60) == 0
            self.server.stdout.close()
            self.server = None

    def remove(self):
        self.stop()
        shutil.rmtree(self.root)


def browser(scripts=True, dark=False):
    options = webdriver.ChromeOptions()
    for argument in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage",
                     "hide-scrollbars", "lang=en"):
        options.add_argument("--" + argument)
    if dark:
        options.add_argument("--force-dark-mode")
        options.add_argument("--blink-settings=preferredColorScheme=0")
    if not scripts:
        options.add_experimental_option(
            "prefs", {"profile.managed_default_content_settings.javascript": 2})
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
    return webdriver.Chrome(options=options, service=service)


class BrowserTest(unittest.TestCase):
    """A test with a study and a browser of its own."""

    fixture = "everything"
    scripts = True
    dark = False

    def setUp(self):
        self.study = Study(self.fixture)
        self.addCleanup(self.study.remove)
        self.browser = browser(self.scripts, self.dark)
        self.addCleanup(self.browser.quit)
        self.browser.set_page_load_timeout(60)

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def has(self, selector):
        return bool(self.browser.find_elements(By.CSS_SELECTOR, selector))

    def press(self, selector):
        before = self.browser.current_url
        page = self.find("html")
        self.find(selector).click()
        WebDriverWait(self.browser, 30).until(
            lambda _: self.browser.current_url != before or self.is_gone(page))

    @staticmethod
    def is_gone(element):
        try:
            element.is_enabled()
            return False
        except Exception:  # the page was replaced
            return True

    def choose(self, item, value):
        self.find(f'label[for="a-{item}-{value}"]').click()

    def type(self, item, text):
        field = self.find(f"#a-{item}")
        field.clear()
        field.send_keys(text)

    def check(self, name):
        """Runs axe-core over the page, and keeps pictures of it at three widths."""
        if self.scripts:
            axe = Axe(self.browser)
            axe.inject()
            found = [
                (violation["id"], node["html"][:200])
                for violation in axe.run()["violations"] for node in violation["nodes"]]
            # This axe is older than the autofill name that HTML has for codes of a second factor.
            self.assertEqual(
                [], [(rule, html) for rule, html in found if not (
                    rule == "autocomplete-valid" and 'autocomplete="one-time-code"' in html)], name)
        SHOTS.mkdir(parents=True, exist_ok=True)
        for width in WIDTHS:
            self.browser.execute_cdp_cmd(
                "Emulation.setDeviceMetricsOverride",
                {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500})
            wide = self.browser.execute_cdp_cmd(
                "Page.getLayoutMetrics", {})["cssContentSize"]["width"]
            self.assertLessEqual(wide, width, f"{name} scrolls sideways at {width}")
            self.browser.save_screenshot(str(SHOTS / f"{name}-{width}.png"))
        self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def wait(self, condition, message, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(0.2)
        self.fail(message)
