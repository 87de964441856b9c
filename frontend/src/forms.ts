// Forms: sent once, drafts kept in this browser until sent, auto-submit where a choice is the whole form.
const DRAFT = "draft:";

function draftKey(form: HTMLFormElement): string {
  return DRAFT + form.dataset.draft;
}

function isKept(field: Element): field is HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement {
  if (field instanceof HTMLInputElement) return ["text", "search", "tel"].includes(field.type) && !field.dataset.private;
  return field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement;
}

function keep(form: HTMLFormElement): void {
  const kept: Record<string, string> = {};
  for (const field of form.elements) if (isKept(field) && field.name) kept[field.name] = field.value;
  try {
    sessionStorage.setItem(draftKey(form), JSON.stringify(kept));
  } catch {
    /* a full or forbidden store must not stop anybody from writing */
  }
}

function restore(form: HTMLFormElement): void {
  const stored = sessionStorage.getItem(draftKey(form));
  if (!stored) return;
  const kept = JSON.parse(stored) as Record<string, string>;
  for (const field of form.elements) {
    if (isKept(field) && field.name in kept && !field.value) field.value = kept[field.name] ?? "";
  }
}

function release(form: HTMLFormElement): void {
  for (const button of form.querySelectorAll<HTMLButtonElement>("button[data-busy]")) {
    delete button.dataset.busy;
    button.disabled = false;
  }
}

export function watchForms(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) restore(form);
  for (const done of document.querySelectorAll<HTMLElement>("[data-draft-sent]")) {
    sessionStorage.removeItem(DRAFT + done.dataset.draftSent);
  }
  document.addEventListener("input", (event) => {
    const form = (event.target as HTMLElement).closest<HTMLFormElement>("form[data-draft]");
    if (form) keep(form);
  });
  document.addEventListener("change", (event) => {
    const target = event.target as HTMLElement;
    const form = target.closest<HTMLFormElement>("form[data-auto]");
    if (form && !target.hasAttribute("data-no-auto")) form.requestSubmit();
    const all = target.closest<HTMLInputElement>("input[data-select-all]");
    if (all) for (const box of document.querySelectorAll<HTMLInputElement>(`input[name="${all.dataset.selectAll}"]`)) box.checked = all.checked;
    countSelected();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method.toLowerCase() !== "post") return;
    const button = (event as SubmitEvent).submitter;
    // Disabled a moment later, so that the button's own name and value still travel with the form.
    if (button instanceof HTMLButtonElement && !form.hasAttribute("data-again")) {
      setTimeout(() => {
        button.dataset.busy = "1";
        button.disabled = true;
      });
    }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = (event.target as HTMLElement).closest?.("form");
    if (form) release(form);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach(release));
}

function countSelected(): void {
  for (const label of document.querySelectorAll<HTMLElement>("[data-count-of]")) {
    const count = document.querySelectorAll(`input[name="${label.dataset.countOf}"]:checked`).length;
    label.textContent = String(count);
    const bar = label.closest<HTMLElement>("[data-shown-when-selected]");
    if (bar) bar.hidden = count === 0;
  }
}
