"""What a participant meets, in a real browser."""

import re
import unittest

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from stage import BrowserTest, browser


class Walk(BrowserTest):
    def test_a_wave_with_branching_from_the_link_to_the_thanks(self):
        link = self.study.participant()
        self.study.start()
        self.browser.get(link)
        self.check("home")
        self.press("main form button")
        self.check("questions")
        self.press('button[value="next"]')
        self.assertEqual("summary", self.browser.switch_to.active_element.get_attribute("id"))
        self.check("questions-problems")
        self.choose("company", 2)
        self.choose("ladder", 7)
        self.choose("choices", 1)
        self.choose("choices", 0)
        self.assertFalse(self.find("#a-choices-1").is_selected(), "the exclusive answer stands alone")
        self.type("hours", "7.5")
        self.skip()
        # Another device goes on where this one has left.
        other = browser()
        self.addCleanup(other.quit)
        other.get(link)
        other.find_element("css selector", "main form button").click()
        self.assertEqual(self.browser.current_url.split("/")[-2], other.current_url.split("/")[-2])
        self.check("questions-second")
        self.skip()
        self.assertFalse(self.has("#a-how"))
        self.choose("used", 1)
        self.press('button[value="next"]')
        self.type("how", "cooking & <b>baking</b>")
        self.press('button[value="next"]')
        self.assertIn("cooking & <b>baking</b>", self.find("main").text)
        self.skip()
        self.choose("w1", 2)
        self.press('button[value="next"]')
        self.check("support")
        self.press("main .button")
        self.check("review")
        self.press("main form button")
        self.check("thanks")
        self.assertIn("everything", self.find("main").text)

    def skip(self):
        """Goes on from a page with blanks, which asks once more."""
        self.press('button[value="next"]')
        self.press('button[value="anyway"]')

    def test_the_other_pages(self):
        link = self.study.participant()
        self.study.start()
        for name in ("consent", "settings", "data", "leave"):
            self.browser.get(f"{link}/{name}")
            self.check(name)
        self.browser.get(f"{self.study.address}/join")
        self.check("join")
        self.browser.get(f"{self.study.address}/p/{'0' * 26}")
        self.check("unknown")

    def test_leaving_and_erasing(self):
        link = self.study.participant()
        self.study.start()
        self.browser.get(link + "/leave")
        self.find('label[for="w-stop_and_erase"]').click()
        self.find('label[for="sure"]').click()
        self.press("main form button")
        self.check("receipt")
        self.assertRegex(self.find("main").text, "P-[0-9A-Z]{6}")
        self.browser.get(link)
        self.assertIn("does not work", self.find("main").text)


class Offline(BrowserTest):
    def test_answers_given_without_a_connection_arrive_when_it_is_back(self):
        link = self.study.participant()
        self.study.start()
        self.browser.get(link)
        self.press("main form button")
        self.wait(
            lambda: self.browser.execute_script(
                "return navigator.serviceWorker && navigator.serviceWorker.controller !== null"),
            "no service worker took the page over")
        self.study.stop()
        self.choose("company", 3)
        self.type("hours", "6")
        self.find("#a-ladder-5").click()
        self.wait(lambda: "kept on this device" in self.find("#saved").text, "nothing was kept")
        self.study.start()
        self.browser.refresh()
        self.wait(lambda: self.is_stored(), "the answers did not arrive")

    def is_stored(self):
        self.browser.refresh()
        return self.find("#a-company-3").is_selected() and \
            self.find("#a-hours").get_attribute("value") == "6"


class WithoutScripts(BrowserTest):
    scripts = False

    def test_a_page_is_answered_and_left_without_scripts(self):
        link = self.study.participant()
        self.study.start()
        self.browser.get(link)
        self.press("main form button")
        self.type("line", "40")
        self.type("hours", "8")
        self.press('button[value="leave"]')
        self.press("main form button")
        self.assertEqual("40", self.find("#a-line").get_attribute("value"))
        self.check("without-scripts")


class ByKeyboard(BrowserTest):
    def test_a_page_is_answered_by_keyboard_alone(self):
        link = self.study.participant()
        self.study.start()
        self.browser.get(link)
        self.keys(Keys.TAB)
        self.assertEqual("skip", self.focused().get_attribute("class"))
        self.tab_to(lambda element: element.tag_name == "button")
        page = self.find("html")
        self.keys(Keys.ENTER)
        self.wait(lambda: self.is_gone(page), "Enter began nothing")
        self.tab_to(lambda element: element.get_attribute("name") == "a.company")
        self.keys(Keys.SPACE)
        self.keys(Keys.ARROW_DOWN)
        self.assertTrue(self.find("#a-company-2").is_selected())
        self.tab_to(lambda element: element.get_attribute("name") == "a.hours")
        self.keys("7")
        self.tab_to(lambda element: element.get_attribute("value") == "next")
        page = self.find("html")
        self.keys(Keys.ENTER)
        self.wait(lambda: self.is_gone(page), "Enter sent nothing")
        self.assertEqual("summary", self.focused().get_attribute("id"))

    def focused(self):
        return self.browser.switch_to.active_element

    def keys(self, *keys):
        ActionChains(self.browser).send_keys(*keys).perform()

    def tab_to(self, is_there):
        for _ in range(60):
            self.keys(Keys.TAB)
            if is_there(self.focused()):
                return
        self.fail("Tab does not lead there")


class RightToLeft(BrowserTest):
    fixture = "plural"
    dark = True

    def test_arabic_pages_in_the_dark(self):
        link = self.study.participant("--language", "ar", "--site", "leiden")
        self.study.start()
        self.browser.get(link)
        self.assertEqual("rtl", self.find("html").get_attribute("dir"))
        self.check("arabic-home")
        self.press("main form button")
        self.check("arabic-questions")
        self.assertTrue(re.search("[\u0600-\u06ff]", self.find("legend").text))


if __name__ == "__main__":
    unittest.main()
