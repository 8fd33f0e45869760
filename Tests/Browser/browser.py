"""What people see of a product: who holds what, readable on a phone and by a screen reader."""

import argparse
import base64
import re
import sys
from importlib.resources import files
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "TestSupport"))

from scene import Findings, Scene  # noqa: E402
from selenium import webdriver  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", required=True, help="an empty folder for the cluster")
    parser.add_argument("--show", action="store_true", help="print what holds too")
    options = parser.parse_args()
    findings = Findings(options.show)
    scene = Scene(options.place).begin()
    product = tell(scene)
    browser = open_browser(scene.place)
    try:
        read(browser, scene, findings, product)
        turn(browser, scene, findings, product)
        notices_faults(browser, findings)
        for path in ["/products", f"/products/{product}"]:
            fits(browser, scene, findings, path)
            is_accessible(browser, scene, findings, path)
        statement(browser, scene, findings)
    finally:
        browser.quit()
    scene.end()
    return findings.end("Browser")


def tell(scene):
    """A product with sixty holders; Cato does not want to be shown. Its id."""
    admin = scene.operator()
    cleo, token = scene.join("cleo")
    cato, quiet = scene.join("cato")
    scene.service.call(
        "PUT", "/v1/me/display", {"anonymous": True, "holdings": False, "earnings": False}, quiet)
    product = scene.accept(scene.propose(token, "A <b>ladder</b> that folds flat"), admin)
    scene.contribute(product, cato, "naming", admin)
    for number in range(60):
        member, _ = scene.join(f"helper_{number:02}")
        scene.contribute(product, member, "research", admin)
    scene.lock(product, admin)
    return product


def open_browser(place):
    options = webdriver.ChromeOptions()
    for flag in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                 f"--user-data-dir={place / 'chromium'}"]:
        options.add_argument(flag)
    options.binary_location = "/usr/bin/chromium"
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService("/usr/bin/chromedriver")
    return webdriver.Chrome(options=options, service=service)


def read(browser, scene, findings, product):
    browser.get(f"{scene.url}/products")
    browser.find_element(By.LINK_TEXT, "A <b>ladder</b> that folds flat").click()
    findings.same("the list leads to the product", browser.current_url,
                  f"{scene.url}/products/{product}")
    heading = browser.find_element(By.TAG_NAME, "h1").text
    findings.same("the name is words, not markup", heading, "A <b>ladder</b> that folds flat")
    rows = holders(browser)
    findings.same("the inventor is first", rows[0][:2], ["Cleo", "42 %"])
    findings.same("who is anonymous is a member", rows[1], ["a member", "2.5 %", "naming/entry"])
    findings.expect("and is named nowhere", "cato" not in browser.page_source.lower())
    words = browser.find_element(By.TAG_NAME, "main").text
    findings.expect("the state is told", "Locked: money moves on version 1." in words, words)
    shares = scene.service.get(f"/v1/products/{product}/influence")
    findings.expect("the hash is the API's", shares["sha256"] in words)
    bar = browser.find_element(By.CSS_SELECTOR, "svg.recipe")
    findings.expect("the recipe is a picture", bar.size["width"] > 200, bar.size)
    colours = {part.value_of_css_property("fill")
               for part in bar.find_elements(By.TAG_NAME, "rect")}
    findings.same("whose parts have colours of their own", len(colours), 12)
    faults = [entry["message"] for entry in browser.get_log("browser")]
    findings.same("the browser has nothing to complain of", faults, [])


def holders(browser):
    table = browser.find_elements(By.TAG_NAME, "table")[1]
    return [[cell.text for cell in row.find_elements(By.CSS_SELECTOR, "th, td")]
            for row in table.find_elements(By.CSS_SELECTOR, "tbody tr")]


def turn(browser, scene, findings, product):
    browser.get(f"{scene.url}/products/{product}")
    first = holders(browser)
    browser.find_element(By.CSS_SELECTOR, "a[rel=next]").click()
    second = holders(browser)
    findings.same("all holders are on two pages", [len(first), len(second)], [50, 13])
    findings.same("the house is last", second[-1][0], "the house")
    browser.find_element(By.CSS_SELECTOR, "a[rel=prev]").click()
    findings.same("and back", holders(browser), first)


def fits(browser, scene, findings, path):
    """On a phone nothing is wider than the screen."""
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": 360, "height": 640, "deviceScaleFactor": 2, "mobile": True})
    browser.get(scene.url + path)
    widths = browser.execute_script(
        "return [window.innerWidth, document.documentElement.scrollWidth]")
    findings.same(f"{path} fits 360 pixels", widths, [360, 360])
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def statement(browser, scene, findings):
    """A statement of three products: axe, a phone, and one sheet for each product in print."""
    admin = scene.token("operator")
    member, token = scene.join("stella")
    _, other = scene.join("orla")
    lines = []
    for number, name in enumerate(["A <b>lamp</b> that hangs", "A hook that holds itself", "A box for small things"]):
        product = scene.accept(scene.propose(token, name), admin)
        scene.lock(product, admin)
        for channel, quantity, price, discount in [
                ("direct", 12, "9.99", "5.00"), ("retail", 3, "7.77", "0")]:
            lines.append({
                "external_id": f"{number}-{channel}", "product_id": product, "channel": channel,
                "quantity": quantity, "unit_price": price, "discount": discount,
                "currency": "USD", "sold_at": "2026-01-15T12:00:00Z"})
    scene.sell(admin, "print", *lines)
    scene.service.call("POST", "/v1/periods", {"name": "2026-01"}, admin)
    for step in ["preview", "approval", "publication"]:
        scene.service.call("POST", f"/v1/periods/2026-01/{step}", {}, admin)
    path = f"/v1/members/{member}/statements/2026-01"
    told = scene.service.get(path, token)
    findings.same("all lines are told", len(told["currencies"][0]["products"]), 3)
    refused = scene.service.call("GET", path, None, other, want=[403])
    findings.same("and not to others", refused.status, 403)
    # The browser signs in as programs do.
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.setExtraHTTPHeaders", {
        "headers": {"Authorization": f"Bearer {token}"}})
    path += ".html"
    browser.get(scene.url + path)
    words = browser.find_element(By.TAG_NAME, "main").text
    findings.expect(
        "a line says its arithmetic",
        "12 units × 9.99 − 5.00 discount = 114.88 base × 30 % = 34.464 pool × 42 % share "
        "= 14.47488" in words, words)
    faults = [entry["message"] for entry in browser.get_log("browser")]
    findings.same("the browser has nothing to complain of", faults, [])
    fits(browser, scene, findings, path)
    is_accessible(browser, scene, findings, path)
    prints(browser, scene, findings, path)
    browser.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {}})


def prints(browser, scene, findings, path):
    """The summary, and each product, on a sheet of its own."""
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    browser.get(scene.url + path)
    paper = base64.b64decode(browser.print_page())
    sheets = len(re.findall(rb"/Type\s*/Page[^s]", paper))
    findings.same("it prints on the summary, three products and the hash", sheets, 5)


def look(browser):
    """What axe says of the page that is shown."""
    browser.execute_script(AXE)
    return browser.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run().then(done, fault => done({fault: String(fault)}));")


def notices_faults(browser, findings):
    browser.get("data:text/html,<html><title>x</title><img src=y><p style='color:%23eee'>pale")
    seen = {fault["id"] for fault in look(browser)["violations"]}
    findings.expect("a page with faults is not passed",
                    {"image-alt", "color-contrast", "html-has-lang"} <= seen, seen)


def is_accessible(browser, scene, findings, path):
    """By light and by dark."""
    for scheme in ["light", "dark"]:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]})
        browser.get(scene.url + path)
        found = look(browser)
        findings.same("axe runs", found.get("fault"), None)
        findings.expect("axe looked", len(found["passes"]) > 10, len(found["passes"]))
        rules = [(fault["id"], [node["html"] for node in fault["nodes"]][:2])
                 for fault in found["violations"]]
        findings.same(f"axe finds nothing in {path} by {scheme}", rules, [])


if __name__ == "__main__":
    sys.exit(main())
