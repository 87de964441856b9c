// One-key desk: j/k move, Enter opens, d/m and other letters press the button that names them, ? shows all.
const TYPING = "input, textarea, select, [contenteditable]";

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-row]")];
}

function move(step: number): void {
  const all = rows();
  if (!all.length) return;
  const here = all.findIndex((row) => row.hasAttribute("data-here"));
  const next = all[Math.min(all.length - 1, Math.max(0, here < 0 ? 0 : here + step))];
  all.forEach((row) => row.removeAttribute("data-here"));
  next?.setAttribute("data-here", "");
  next?.querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

function press(key: string): boolean {
  const wanted = [...document.querySelectorAll<HTMLElement>("[data-key]")].find((element) => element.dataset.key === key);
  if (!wanted) return false;
  if (wanted instanceof HTMLDetailsElement) {
    wanted.open = true;
    wanted.querySelector<HTMLElement>("textarea, select, input:not([type=hidden])")?.focus();
  } else if (wanted.matches("input, textarea")) wanted.focus();
  else wanted.click();
  return true;
}

export function listenForKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target as HTMLElement;
    if (event.key === "Escape") {
      if (target.matches(TYPING)) target.blur();
      for (const open of document.querySelectorAll<HTMLDetailsElement>("details[data-float][open]")) open.open = false;
      return;
    }
    if (target.matches(TYPING)) return;
    if (event.key === "?") {
      const help = document.querySelector<HTMLDialogElement>("dialog[data-keys]");
      if (help) help.open ? help.close() : help.showModal();
      event.preventDefault();
    } else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key.length === 1 && press(event.key)) event.preventDefault();
  });
  // A floating explanation closes when the reader goes elsewhere.
  document.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    for (const open of document.querySelectorAll<HTMLDetailsElement>("details[data-float][open]")) {
      if (!open.contains(target)) open.open = false;
    }
    if (target.matches("[data-close]")) target.closest("dialog")?.close();
  });
}
