// Tells the truth about the connection: a strip while the browser is offline.
export function tellSignal(): void {
  const strip = document.getElementById("offline");
  if (!strip) return;
  const show = (): void => {
    strip.hidden = navigator.onLine;
  };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}
