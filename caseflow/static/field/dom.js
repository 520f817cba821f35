// Elements without a framework. Words go in as text, never as HTML.

/**
 * @param {string} name tag, with classes after dots: "p.quiet"
 * @param {Record<string, any>} [given] attributes; functions are listened with ("click"), `text` is the content,
 *   false and undefined are left out
 * @param {...(Node|string|null|undefined|false)} children
 * @returns {HTMLElement}
 */
export function el(name, given = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") made.addEventListener(key, value);
    else if (key === "text") made.textContent = value;
    else if (key in made && typeof value !== "string") made[key] = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

/** An icon of the page, beside words, hidden from who listens. */
export function icon(name) {
  const kept = document.getElementById(`icon-${name}`);
  return kept ? kept.content.cloneNode(true) : document.createDocumentFragment();
}

/** @param {"primary"|"secondary"|"warning"|"link"} kind */
export function button(words, act, kind = "primary", picture = null, given = {}) {
  return el(`button.button.button-${kind}`, { type: "button", click: act, ...given },
    picture && icon(picture), el("span", { text: words }));
}

/** @param {"info"|"warning"|"positive"|"outage"} kind */
export function banner(kind, title, words, ...more) {
  const pictures = { warning: "alert", positive: "check", outage: "offline", info: "info" };
  return el(`div.banner.banner-${kind}`, {}, icon(pictures[kind]),
    el("div", {}, el("p.banner-title", { text: title }), words && el("p", { text: words }), ...more));
}

/** A field with its label, hint and place for a refusal. The id of the box is `id`. */
export function labelled(id, words, box, hint = "", error = "") {
  box.id = id;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  if (described) box.setAttribute("aria-describedby", described);
  if (error) box.setAttribute("aria-invalid", "true");
  return el(`div.field${error ? ".field-wrong" : ""}`, {},
    el("label.label", { for: id, text: words }),
    hint && el("p.hint", { id: `${id}-hint`, text: hint }),
    error && el("p.field-error", { id: `${id}-error` }, icon("alert"), el("span", { text: error })),
    box);
}

/** One choice of several: radio or tick. */
export function choice(type, name, value, words, checked, act, note = "") {
  const id = `${name}-${value}`;
  const box = el("input", { type, name, value, id, checked, change: act });
  return el("div.choice", {}, box,
    el("label", { for: id }, words, note && el("span.choice-note", { text: note })));
}

/** Asks for a reason. @returns {Promise<string|null>} null: thought better of */
export function askWhy(title, words, yes, { least, most }) {
  return new Promise((answer) => {
    const said = (value) => { sheet.close(); sheet.remove(); answer(value); };
    const box = el("textarea.input", { rows: "4", maxlength: String(most) });
    const wrong = el("p.field-error", { role: "alert", hidden: true }, icon("alert"), el("span", { text: `Tulis alasannya, paling sedikit ${least} huruf.` }));
    const done = () => {
      const why = box.value.trim().replace(/\s+/g, " ");
      wrong.hidden = [...why].length >= least;
      if (wrong.hidden) said(why); else box.focus();
    };
    const sheet = el("dialog.sheet", { "aria-labelledby": "ask-title", cancel: () => said(null) },
      el("h2", { id: "ask-title", text: title }), el("p", { text: words }), labelled("ask-why", "Alasan", box), wrong,
      el("div.button-group", {}, button("Batal", () => said(null), "secondary"), button(yes, done, "primary")));
    document.body.append(sheet);
    sheet.showModal();
    box.focus();
  });
}

/** Asks before something that cannot be undone; the safe answer has the focus. */
export function ask(title, words, yes, no = "Batal") {
  return new Promise((answer) => {
    const said = (value) => { sheet.close(); sheet.remove(); answer(value); };
    const stay = button(no, () => said(false), "secondary");
    const sheet = el("dialog.sheet", { "aria-labelledby": "ask-title", cancel: () => said(false) },
      el("h2", { id: "ask-title", text: title }), el("p", { text: words }),
      el("div.button-group", {}, stay, button(yes, () => said(true), "warning")));
    document.body.append(sheet);
    sheet.showModal();
    stay.focus();
  });
}
