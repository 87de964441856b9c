// What somebody writes stays in this tab until it is sent: an expired session, a lost line or the back button lose nothing.
// Only in this tab's storage, never what is marked private, and nothing after signing out.
const DRAFT = "draft:";
const SENT = "draft-sent";

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
  document.addEventListener("input", (event) => {
    const form = (event.target as HTMLElement).closest<HTMLFormElement>("form[data-draft]");
    if (form) keep(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.dataset.draft) sessionStorage.setItem(SENT, form.dataset.draft);
    if (form.hasAttribute("data-leaves")) sessionStorage.clear();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const detail = (event as CustomEvent<{ requestConfig: { elt: Element }; xhr: XMLHttpRequest }>).detail;
    const form = detail.requestConfig.elt.closest<HTMLFormElement>("form[data-draft]");
    if (form && detail.xhr.status < 300) forget(form.dataset.draft);
  });
}
