// Choosing a place: a pin on the map or one of the candidates for a written address fills the same two fields.
import { picker } from "./map";

export function start(root: HTMLElement): void {
  const lon = root.querySelector<HTMLInputElement>("[name=lon]");
  const lat = root.querySelector<HTMLInputElement>("[name=lat]");
  const box = root.querySelector<HTMLElement>("[data-picker]");
  if (!lon || !lat || !box) return;
  const put = picker(box, (x, y) => {
    lon.value = x.toFixed(6);
    lat.value = y.toFixed(6);
    lon.dispatchEvent(new Event("change", { bubbles: true }));
  });
  if (lon.value && lat.value) void put.then((set) => set(Number(lon.value), Number(lat.value)));
  root.addEventListener("click", (event) => {
    const chosen = (event.target as HTMLElement).closest<HTMLElement>("[data-lon]");
    if (!chosen) return;
    event.preventDefault();
    lon.value = chosen.dataset.lon ?? "";
    lat.value = chosen.dataset.lat ?? "";
    const address = root.querySelector<HTMLInputElement>("[name=address]");
    if (address && chosen.dataset.address) address.value = chosen.dataset.address;
    void put.then((set) => set(Number(lon.value), Number(lat.value)));
  });
}
