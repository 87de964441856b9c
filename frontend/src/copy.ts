// Copying what is to be kept: the button shows only where the browser can.
export function start(button: HTMLElement): void {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const words = button.textContent;
  button.addEventListener("click", () => {
    void navigator.clipboard.writeText(button.dataset.copy ?? "").then(() => {
      button.textContent = button.dataset.copied ?? "✓";
      setTimeout(() => { button.textContent = words; }, 2000);
    });
  });
}
