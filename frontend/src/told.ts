// "Done" stays readable although the case is drawn anew a moment later, when the stream tells of one's own act.
const SECONDS = 8;
const since = new WeakMap<Element, number>();

export function keepTold(): void {
  let kept: Element | null = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const target = (event as CustomEvent<{ target: Element }>).detail.target;
    const told = target.id === "case" ? target.querySelector(":scope > .strip.success") : null;
    kept = told && Date.now() - (since.get(told) ?? Date.now()) < SECONDS * 1_000 ? told : null;
  });
  document.addEventListener("htmx:afterSwap", () => {
    const header = document.querySelector("#case > header");
    if (kept && header && !document.querySelector("#case > .strip")) header.after(kept);
    kept = null;
    const told = document.querySelector("#case > .strip.success");
    if (told && !since.has(told)) since.set(told, Date.now());
  });
}
