// What somebody writes stays in this tab until it is sent: an expired session, a lost line or the back button lose nothing.
// Only in this tab's storage, never what is marked private, and nothing after signing out.
const DRAFT = "draft:";
const SENT = "draft-sent";
const ONCE = "sent-once";
const JUST_SENT = "just-sent";
const JUST_SENT_MS = 10 * 60 * 1000;

type Kept = Record<string, string>;
type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function key(form: HTMLFormElement): string {
  return DRAFT + form.dataset.draft;
}

function fields(form: HTMLFormElement): Field[] {
  return [...form.elements].filter((field): field is Field => {
    if (field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) return Boolean(field.name);
    return field instanceof HTMLInputElement && Boolean(field.name) && !field.dataset.private
      && ["text", "search", "tel", "number", "radio"].includes(field.type);
  });
}

function keep(form: HTMLFormElement): void {
  const kept: Kept = {};
  for (const field of fields(form)) {
    if (field instanceof HTMLInputElement && field.type === "radio" && !field.checked) continue;
    kept[field.name] = field.value;
  }
  try {
    sessionStorage.setItem(key(form), JSON.stringify(kept));
  } catch {
    /* a full or forbidden store must not stop anybody from writing */
  }
}

function restore(form: HTMLFormElement): void {
  const stored = sessionStorage.getItem(key(form));
  if (!stored) return;
  const kept = JSON.parse(stored) as Kept;
  let written = false;
  for (const field of fields(form)) {
    const value = kept[field.name];
    if (value === undefined) continue;
    if (field instanceof HTMLInputElement && field.type === "radio") field.checked ||= field.value === value;
    else if (!field.value && value) field.value = value;
    written ||= field instanceof HTMLTextAreaElement && field.value === value && value !== "";
  }
  const fold = form.closest<HTMLDetailsElement>("details[data-verb]");
  if (fold && written) fold.open = true;
}

// Back, and sent again unchanged: the same key as before, so that one report stays one. Only a fingerprint is kept.
function onceOnly(form: HTMLFormElement): void {
  const once = form.querySelector<HTMLInputElement>("input[name=_once]");
  if (!once) return;
  const said = [...new FormData(form)].filter(([name]) => !name.startsWith("_") && name !== "csrfmiddlewaretoken");
  const mark = fingerprint(`${form.dataset.draft} ${JSON.stringify(said)}`);
  const [last, key] = (sessionStorage.getItem(ONCE) ?? "").split(" ");
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (navigation?.type === "back_forward" && last === mark && key) once.value = key;
  sessionStorage.setItem(ONCE, `${mark} ${once.value}`);
}

// Back at a report form just sent: what was written stands there again, personal data too, under the same key, so that
// sending it again is no second case. Kept ten minutes in this tab, less when another form is opened or the visit ends.
interface Sent { draft: string; at: number; once: string; values: Kept }

function rememberSent(form: HTMLFormElement): void {
  const values: Kept = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !name.startsWith("_") && name !== "csrfmiddlewaretoken") values[name] = value;
  }
  const once = form.querySelector<HTMLInputElement>("input[name=_once]")?.value ?? "";
  try {
    sessionStorage.setItem(JUST_SENT, JSON.stringify({ draft: form.dataset.draft, at: Date.now(), once, values }));
  } catch {
    /* as above */
  }
  setTimeout(forgetOld, JUST_SENT_MS + 1000);
}

function forgetOld(): void {
  const sent = JSON.parse(sessionStorage.getItem(JUST_SENT) ?? "null") as Sent | null;
  if (!sent) return;
  if (Date.now() - sent.at >= JUST_SENT_MS) sessionStorage.removeItem(JUST_SENT);
  else setTimeout(forgetOld, JUST_SENT_MS - (Date.now() - sent.at) + 1000);
}

function comeBack(): void {
  forgetOld();
  const form = document.querySelector<HTMLFormElement>("form[data-comes-back]");
  if (!form) return;
  const sent = JSON.parse(sessionStorage.getItem(JUST_SENT) ?? "null") as Sent | null;
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (!sent || navigation?.type !== "back_forward" || sent.draft !== form.dataset.draft) {
    sessionStorage.removeItem(JUST_SENT);
    return;
  }
  for (const field of form.elements) {
    if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = field.name in sent.values;
    else if ((field instanceof HTMLInputElement && field.type !== "file") || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) {
      const value = sent.values[field.name];
      if (value !== undefined) field.value = value;
    }
  }
  const once = form.querySelector<HTMLInputElement>("input[name=_once]");
  if (once && sent.once) once.value = sent.once;
}

function fingerprint(text: string): string {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at++) {
    high = Math.imul(high ^ text.charCodeAt(at), 2654435761);
    low = Math.imul(low ^ text.charCodeAt(at), 1597334677);
  }
  return `${(high >>> 0).toString(36)}${(low >>> 0).toString(36)}`;
}

function forget(name: string | undefined): void {
  if (name) sessionStorage.removeItem(DRAFT + name);
}

export function restoreIn(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-draft]")) restore(form);
}

export function keepDrafts(): void {
  // A whole page that says it went well ends the draft of the form that led to it.
  const sent = sessionStorage.getItem(SENT) ?? undefined;
  if (document.querySelector("#flash .strip.success")) forget(sent);
  sessionStorage.removeItem(SENT);
  for (const done of document.querySelectorAll<HTMLElement>("[data-draft-sent]")) forget(done.dataset.draftSent);
  restoreIn(document);
  comeBack();
  document.addEventListener("input", (event) => {
    const form = (event.target as HTMLElement).closest<HTMLFormElement>("form[data-draft]");
    if (form) keep(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.dataset.draft) {
      sessionStorage.setItem(SENT, form.dataset.draft);
      if (form.hasAttribute("data-comes-back")) rememberSent(form);
      else onceOnly(form);
    }
    if (form.hasAttribute("data-leaves")) sessionStorage.clear();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const detail = (event as CustomEvent<{ requestConfig: { elt: Element }; xhr: XMLHttpRequest }>).detail;
    const form = detail.requestConfig.elt.closest<HTMLFormElement>("form[data-draft]");
    if (form && detail.xhr.status < 300) forget(form.dataset.draft);
  });
}
