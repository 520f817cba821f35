from datetime import date

from playwright.sync_api import Browser
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.registry.models import Jorong
from caseflow.registry.nomination_models import Quota
from caseflow.training import sheets
from caseflow.training.people import PASSPHRASE

L = "13.03.99.2001"


def test_shots(browser: Browser, fresh_database, running, tmp_path):
    with Session(fresh_database.engine) as s:
        if not s.scalar(select(Quota.id).where(Quota.region_code == L, Quota.starts_on == date(2027, 1, 1))):
            s.add(
                Quota(
                    region_code=L,
                    funding_source="csr",
                    starts_on=date(2027, 1, 1),
                    ends_on=date(2027, 12, 31),
                    slots=100,
                    budgeted=90,
                    source="x",
                    changed_at=clock.now(),
                )
            )
        have = set(s.scalars(select(Jorong.name).where(Jorong.region_code == L)))
        s.add_all(Jorong(region_code=L, name=n) for n in {"Pasar", "Koto Tuo"} - have)
        s.commit()
    f = tmp_path / "pekerja-96.xlsx"
    with f.open("wb") as t:
        sheets.write_96(t)
    odd = tmp_path / "aneh.csv"
    odd.write_text("Angka;Orang;JK;Lahir\n1303991209760001;Samsir;L;12/09/1976\n")
    contexts = {
        w: browser.new_context(base_url=running.url, viewport={"width": w, "height": 800})
        for w in (1366, 320)
    }
    pages = {}
    for w, c in contexts.items():
        p = c.new_page()
        pages[w] = p
        p.goto("/masuk")
        p.fill("[name=username]", "fitri")
        p.fill("[name=passphrase]", PASSPHRASE)
        p.click("button[type=submit]")
        p.goto("/nagari/impor")
        p.screenshot(path=f"/tmp/shot-start-{w}.png", full_page=True)
    running.start_worker()
    p = pages[1366]
    p.set_input_files("#file", str(f))
    p.click("text=Unggah dan periksa")
    p.screenshot(path="/tmp/shot-checking.png", full_page=True)
    p.wait_for_selector("text=Periksa 96 baris", timeout=20000)
    url = p.url
    for w, q in pages.items():
        q.goto(url)
        q.screenshot(path=f"/tmp/shot-checked-{w}.png", full_page=True)
        print(w, q.evaluate("document.documentElement.scrollWidth"))
    p.click("text=Impor 91 baris")
    p.wait_for_selector("text=masuk ke draf usulan", timeout=20000)
    for w, q in pages.items():
        q.goto(url)
        q.screenshot(path=f"/tmp/shot-done-{w}.png", full_page=True)
    p.goto("/nagari/impor")
    p.set_input_files("#file", str(odd))
    p.click("text=Unggah dan periksa")
    p.wait_for_selector("text=Judul kolom belum dikenali", timeout=20000)
    url = p.url
    for w, q in pages.items():
        q.goto(url)
        q.screenshot(path=f"/tmp/shot-columns-{w}.png", full_page=True)
        q.goto("/nagari/impor")
        q.screenshot(path=f"/tmp/shot-start2-{w}.png", full_page=True)
