// Photos before they are sent: a button of ours for the browser's own, and what was chosen, small.
export function start(root: HTMLElement): void {
  const input = root.querySelector<HTMLInputElement>("input[type=file]");
  if (!input) return;
  input.classList.add("picked");
  const chosen = document.createElement("ul");
  chosen.className = "chosen";
  root.append(chosen);
  const most = Number(root.dataset.most ?? 6);
  input.addEventListener("change", () => {
    for (const image of chosen.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    chosen.replaceChildren(...[...(input.files ?? [])].slice(0, most).map(shown));
  });
}

function shown(file: File): HTMLLIElement {
  const line = document.createElement("li");
  const image = document.createElement("img");
  image.alt = file.name;
  image.src = URL.createObjectURL(file);
  line.append(image);
  return line;
}
