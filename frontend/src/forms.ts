// Forms: sent once, auto-submit where a choice is the whole form, a button elsewhere that fills one in.
function release(form: HTMLFormElement): void {
  for (const button of form.querySelectorAll<HTMLButtonElement>("button[data-busy]")) {
    delete button.dataset.busy;
    button.disabled = false;
  }
}

export function watchForms(): void {
  document.addEventListener("change", (event) => {
    const target = event.target as HTMLElement;
    const form = target.closest<HTMLFormElement>("form[data-auto]");
    if (form && !target.hasAttribute("data-no-auto")) form.requestSubmit();
    const all = target.closest<HTMLInputElement>("input[data-select-all]");
    if (all) for (const box of document.querySelectorAll<HTMLInputElement>(`input[name="${all.dataset.selectAll}"]`)) box.checked = all.checked;
    countSelected();
    if (target instanceof HTMLInputElement && target.dataset.reply) propose(target);
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
  document.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    const filler = target.closest<HTMLElement>("[data-fill-verb]");
    if (filler) fill(filler);
    if (target.closest("[data-back]")) history.back();
  });
  for (const back of document.querySelectorAll<HTMLElement>("[data-back]")) back.hidden = history.length < 2;
  window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach(release));
}

// The usual words of the chosen answer, unless somebody has written their own.
function propose(choice: HTMLInputElement): void {
  const words = choice.form?.querySelector<HTMLTextAreaElement>("textarea[name=reply]");
  if (!words || (words.value && words.value !== words.dataset.proposed)) return;
  words.value = words.dataset.proposed = choice.dataset.reply ?? "";
  words.dispatchEvent(new Event("input", { bubbles: true }));
}

function fill(filler: HTMLElement): void {
  const verb = document.querySelector<HTMLDetailsElement>(`details[data-verb="${filler.dataset.fillVerb}"]`);
  const field = verb?.querySelector<HTMLInputElement>(`[name="${filler.dataset.fill}"]`);
  if (!verb || !field) return;
  verb.open = true;
  field.value = filler.dataset.value ?? "";
  (verb.querySelector<HTMLElement>("textarea") ?? field).focus();
  verb.scrollIntoView({ block: "nearest" });
}

function countSelected(): void {
  for (const label of document.querySelectorAll<HTMLElement>("[data-count-of]")) {
    const count = document.querySelectorAll(`input[name="${label.dataset.countOf}"]:checked`).length;
    label.textContent = String(count);
    const bar = label.closest<HTMLElement>("[data-shown-when-selected]");
    if (bar) bar.hidden = count === 0;
  }
}
