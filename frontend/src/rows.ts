// Lines of a list put in, moved and taken out as the stream tells them; order and place are the server's rules.
const KEPT_MIN = 30; // fewer than that and more to be had: the list is asked for again
const KEPT_MAX = 120;

function before(one: HTMLElement, other: HTMLElement, order: string): boolean {
  const [a, b] = [one.dataset, other.dataset];
  if (order === "newest") {
    const later = Number(a.opened) - Number(b.opened);
    return later > 0 || (later === 0 && (a.id ?? "") > (b.id ?? ""));
  }
  const sooner = (a.due ? Number(a.due) : Infinity) - (b.due ? Number(b.due) : Infinity);
  return sooner < 0 || ((sooner === 0 || Number.isNaN(sooner)) && (a.id ?? "") < (b.id ?? ""));
}

function drawn(html: string, old: HTMLElement | null): HTMLElement | null {
  const template = document.createElement("template");
  template.innerHTML = html;
  const row = template.content.querySelector<HTMLElement>("[data-row]");
  if (!row) return null;
  const address = new URL(location.href);
  address.searchParams.set("case", row.dataset.number ?? "");
  row.querySelector("a.title")?.setAttribute("href", address.search);
  for (const name of ["aria-current", "data-here"]) {
    const value = old?.getAttribute(name);
    if (value !== null && value !== undefined) row.setAttribute(name, value);
  }
  const [box, was] = [row.querySelector("input"), old?.querySelector("input")];
  if (box && was) box.checked = was.checked;
  return row;
}

// False: the list itself must be asked for (it was empty, or has become too short or too long).
export function put(list: HTMLElement, number: string, html: string): boolean {
  const rows = list.querySelector<HTMLElement>("ol.rows");
  if (!rows) return html === "";
  const old = document.getElementById(`row-${number}`);
  const row = html ? drawn(html, old) : null;
  if (!row) return take(list, rows, old);
  const order = rows.dataset.order ?? "due";
  const next = [...rows.children].find((other) => other !== old && before(row, other as HTMLElement, order)) ?? null;
  if (!next && list.dataset.more !== undefined) return take(list, rows, old); // it stands on a later page
  const focused = old?.contains(document.activeElement) ?? false;
  if (old && old.nextElementSibling === next) old.replaceWith(row);
  else {
    old?.remove();
    rows.insertBefore(row, next);
  }
  if (focused) row.querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
  return rows.childElementCount <= KEPT_MAX;
}

function take(list: HTMLElement, rows: HTMLElement, old: HTMLElement | null): boolean {
  if (!old) return true;
  const chosen = old.querySelector("input")?.checked ?? false;
  old.remove();
  if (chosen) list.dispatchEvent(new Event("change", { bubbles: true }));
  const left = rows.childElementCount;
  return left >= KEPT_MIN || (left > 0 && list.dataset.more === undefined);
}

export function numbers(list: ParentNode): string[] {
  return [...list.querySelectorAll<HTMLElement>("[data-row]")].map((row) => row.dataset.number ?? "");
}
