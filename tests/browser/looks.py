"""What a browser can measure of a page for families: boxes to touch, focus, width, contrast."""

from playwright.sync_api import Page

LARGER_FONT = "146.25%"  # the page's own 112.5 %, on a phone set to 130 %
_MOST_TABS = 60
# links inside a sentence are as high as their line; everything else is a thing to touch
_TOO_SMALL = """() => {
  const inSentence = link => {
    const block = link.closest('p, li, dd, td, label, .hint');
    return getComputedStyle(link).display.startsWith('inline') && !getComputedStyle(link).display.includes('flex')
      && block && block.textContent.trim().length > link.textContent.trim().length + 8;
  };
  const box = element => {
    if (element.matches('input[type=radio], input[type=checkbox]')) element = element.closest('.choice') || element;
    if (element.matches('.doors input[type=file]')) element = element.labels[0];  // its label is the button
    return element.getBoundingClientRect();
  };
  return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.matches('.skip-link') && !(one.matches('a') && inSentence(one)))
    .map(one => [one, box(one)])
    .filter(([, size]) => size.width && (size.height < 47.5 || size.width < 47.5))
    .map(([one, size]) => `${Math.round(size.width)}×${Math.round(size.height)} px: ${one.outerHTML.slice(0, 110)}`);
}"""
_FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  if (one === document.body) return null;
  const shown = parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== 'none';
  const around = one.closest('.choice, .doc, label') && getComputedStyle(one.closest('.choice, .doc, label')).outlineStyle !== 'none';
  return [one.outerHTML.slice(0, 110), shown || Boolean(around)];
}"""
_SIDEWAYS = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide <= 1) return [];
  const culprit = [...document.body.querySelectorAll('*')].find(one => one.getBoundingClientRect().right > innerWidth + 1);
  return [`${wide} px wider than the screen: ${culprit ? culprit.outerHTML.slice(0, 110) : ''}`];
}"""


def too_small(page: Page) -> list[str]:
    """What a thumb would miss: less than 48 px."""
    return list(page.evaluate(_TOO_SMALL))


def sideways(page: Page, *, font: str = "") -> list[str]:
    """What makes the page wider than the screen, with the phone's own size of letters."""
    if font:
        page.evaluate("size => { document.documentElement.style.fontSize = size; }", font)
    found = [f"{font} {one}".strip() for one in page.evaluate(_SIDEWAYS)]
    if font:
        page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    return found


def hidden_focus(page: Page) -> list[str]:
    """What has the focus of the keyboard without showing it."""
    found: list[str] = []
    page.evaluate("() => document.activeElement.blur()")
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        seen = page.evaluate(_FOCUS)
        if seen is None:
            break
        if not seen[1]:
            found.append(f"no focus to be seen: {seen[0]}")
    return found
