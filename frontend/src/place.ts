// Choosing a place: a pin on the map or one of the candidates for a written address fills the same two fields.
// The map is heavy: where it waits behind a fold, it is fetched when the fold opens.
type Put = (lon: number, lat: number) => void;

export function start(root: HTMLElement): void {
  const lon = root.querySelector<HTMLInputElement>("[name=lon]");
  const lat = root.querySelector<HTMLInputElement>("[name=lat]");
  const box = root.querySelector<HTMLElement>("[data-picker]");
  if (!lon || !lat || !box) return;
  const fill = (x: string, y: string): void => {
    lon.value = x;
    lat.value = y;
    lon.dispatchEvent(new Event("change", { bubbles: true }));
  };
  let put: Promise<Put> | undefined;
  const draw = (): void => {
    put ??= import("./map").then((map) => map.picker(box, (x, y) => {
      for (const choice of root.querySelectorAll<HTMLInputElement>("input[name=place]")) choice.checked = false;
      fill(x.toFixed(6), y.toFixed(6));
    }));
    if (lon.value && lat.value) void put.then((set) => set(Number(lon.value), Number(lat.value)));
  };
  const fold = box.closest("details");
  if (fold && !fold.open) fold.addEventListener("toggle", draw, { once: true });
  else draw();
  root.addEventListener("click", (event) => {
    const chosen = (event.target as HTMLElement).closest<HTMLElement>("[data-lon]");
    if (!chosen) return;
    event.preventDefault();
    const address = root.querySelector<HTMLInputElement>("[name=address]");
    if (address && chosen.dataset.address) address.value = chosen.dataset.address;
    fill(chosen.dataset.lon ?? "", chosen.dataset.lat ?? "");
    void put?.then((set) => set(Number(lon.value), Number(lat.value)));
  });
}
