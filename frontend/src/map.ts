// Maps drawn from our own areas: no tile server, no glyph server, nothing from outside.
import "maplibre-gl/dist/maplibre-gl.css";
import * as maplibre from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";

maplibre.setWorkerUrl(workerUrl);

type Data = GeoJSON.FeatureCollection;
const FONT = ["Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei UI", "sans-serif"];

// maplibre speaks English by itself; its other words are ours to give.
const SPOKEN: Record<string, string> = {
  "Map.Title": "地图",
  "Marker.Title": "标出的地点",
  "NavigationControl.ZoomIn": "放大",
  "NavigationControl.ZoomOut": "缩小",
  "CooperativeGesturesHandler.WindowsHelpText": "按住 Ctrl 再滚动，可缩放地图",
  "CooperativeGesturesHandler.MacHelpText": "按住 ⌘ 再滚动，可缩放地图",
  "CooperativeGesturesHandler.MobileHelpText": "用两根手指移动地图",
};

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function style(areas: Data): maplibre.StyleSpecification {
  return {
    version: 8,
    sources: { areas: { type: "geojson", data: areas } },
    layers: [
      { id: "paper", type: "background", paint: { "background-color": colour("--map-paper") } },
      { id: "fill", type: "fill", source: "areas", paint: { "fill-color": colour("--map-land") } },
      { id: "line", type: "line", source: "areas", paint: {
        "line-color": colour("--map-line"),
        "line-width": ["match", ["get", "level"], "grid", 0.5, "micro_grid", 0.3, "community", 1, 1.8] } },
      { id: "name", type: "symbol", source: "areas", maxzoom: 13.5, filter: ["==", ["get", "level"], "street"],
        layout: { "text-field": ["get", "name"], "text-size": 14, "text-font": FONT, "text-padding": 8 },
        paint: { "text-color": colour("--ink-2"), "text-halo-color": colour("--sheet"), "text-halo-width": 1.6 } },
      { id: "name-fine", type: "symbol", source: "areas", minzoom: 12, filter: ["==", ["get", "level"], "community"],
        layout: { "text-field": ["get", "name"], "text-size": 12, "text-font": FONT, "text-padding": 8 },
        paint: { "text-color": colour("--ink-2"), "text-halo-color": colour("--sheet"), "text-halo-width": 1.4 } },
    ],
  };
}

function bounds(data: Data): maplibre.LngLatBounds {
  const box = new maplibre.LngLatBounds();
  const walk = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === "number") box.extend([part[0], part[1] as number]);
    else part.forEach(walk);
  };
  for (const feature of data.features) if (feature.geometry && "coordinates" in feature.geometry) walk(feature.geometry.coordinates);
  return box;
}

async function open(element: HTMLElement): Promise<{ map: maplibre.Map; box: maplibre.LngLatBounds } | null> {
  const answer = await fetch(element.dataset.areas ?? "/areas.geojson", { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) return fail(element);
  const areas = (await answer.json()) as Data;
  const box = bounds(areas);
  try {
    const map = new maplibre.Map({
      container: element,
      style: style(areas),
      ...(box.isEmpty() ? { center: [104, 35], zoom: 3 } : { bounds: box, fitBoundsOptions: { padding: 16 } }),
      attributionControl: false,
      ...(document.documentElement.lang.startsWith("zh") ? { locale: SPOKEN } : {}),
      dragRotate: false,
      pitchWithRotate: false,
      cooperativeGestures: element.dataset.gestures === "cooperative",
      fadeDuration: 0,
    });
    map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
    map.touchZoomRotate.disableRotation();
    await map.once("load");
    return { map, box };
  } catch {
    return fail(element); // no WebGL: the list beside the map says the same
  }
}

function fail(element: HTMLElement): null {
  element.dataset.state = "error";
  return null;
}

interface Late {
  points: [number, number][];
  left_out: string;
}

// That not every late matter is counted is said in words beside the map.
function say(element: HTMLElement, words: string): void {
  const line = document.getElementById(element.dataset.lateWords ?? "");
  if (!line) return;
  line.textContent = words;
  line.hidden = !words;
}

// Each late matter counts in the cluster nearest to it: clusters are kept by count alone, lateness moves with the clock.
function marked(found: Data, late: Late): Data {
  const dots = found.features.map((dot) => ({ dot, at: (dot.geometry as GeoJSON.Point).coordinates as [number, number], late: 0 }));
  for (const [lon, lat] of late.points) {
    let nearest = dots[0];
    let least = Infinity;
    for (const one of dots) {
      const far = ((one.at[0] - lon) * Math.cos((lat * Math.PI) / 180)) ** 2 + (one.at[1] - lat) ** 2;
      if (far < least) [nearest, least] = [one, far];
    }
    if (nearest) nearest.late += 1;
  }
  const features = dots.map(({ dot, late: n }) => {
    const count = Number(dot.properties?.count ?? 1);
    return { ...dot, properties: { ...dot.properties, late: Math.max(Number(dot.properties?.late ?? 0), Math.min(n, count)) } };
  });
  return { ...found, features };
}

// The desk's map: clusters from the server for what is in view; one click opens the list or the case.
export async function draw(element: HTMLElement): Promise<void> {
  const opened = await open(element);
  if (!opened) return;
  const { map } = opened;
  const source = element.dataset.clusters ?? "";
  const empty: Data = { type: "FeatureCollection", features: [] };
  map.addSource("matters", { type: "geojson", data: empty });
  map.addLayer({ id: "dots", type: "circle", source: "matters", paint: {
    "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "count"]], 1, 10, 10, 20, 60, 34],
    "circle-color": ["case", [">=", ["get", "late"], ["get", "count"]], colour("--vermilion"), colour("--blue")],
    "circle-opacity": 0.9,
    "circle-stroke-color": ["case", [">", ["get", "late"], 0], colour("--vermilion"), colour("--sheet")],
    "circle-stroke-width": ["case", [">", ["get", "late"], 0], 4, 1.5] } });
  map.addLayer({ id: "counts", type: "symbol", source: "matters", layout: {
    "text-field": ["to-string", ["get", "count"]], "text-size": 12, "text-font": FONT, "text-allow-overlap": true },
    paint: { "text-color": colour("--sheet") } });
  map.addLayer({ id: "lateness", type: "symbol", source: "matters", filter: [">", ["get", "late"], 0], layout: {
    "text-field": ["concat", "▲", ["to-string", ["get", "late"]]], "text-size": 12, "text-font": FONT,
    "text-offset": [0, 1.7], "text-anchor": "center", "text-allow-overlap": true },
    paint: { "text-color": colour("--vermilion"), "text-halo-color": colour("--sheet"), "text-halo-width": 1.6 } });
  let asked: AbortController | undefined;
  const refresh = async (): Promise<void> => {
    asked?.abort();
    asked = new AbortController();
    const view = map.getBounds();
    const query = new URLSearchParams(location.search);
    query.set("bbox", [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()].map((n) => n.toFixed(5)).join(","));
    query.set("zoom", map.getZoom().toFixed(1));
    try {
      const signal = asked.signal;
      const lateness = element.dataset.late ? fetch(`${element.dataset.late}?${query}`, { signal }).catch(() => null) : null;
      const answer = await fetch(`${source}?${query}`, { signal });
      if (answer.ok) {
        const found = (await answer.json()) as Data;
        (map.getSource("matters") as maplibre.GeoJSONSource).setData(found);
        const late = await lateness;
        if (late?.ok) {
          const told = (await late.json()) as Late;
          (map.getSource("matters") as maplibre.GeoJSONSource).setData(marked(found, told));
          say(element, told.left_out);
        }
      }
      element.dataset.state = answer.ok ? "ready" : "error";
    } catch (error) {
      if ((error as Error).name !== "AbortError") element.dataset.state = "error";
    }
  };
  map.on("moveend", () => void refresh());
  element.addEventListener("live", () => void refresh());
  map.on("click", "dots", (event) => {
    const dot = event.features?.[0];
    if (!dot) return;
    const number = dot.properties.number as string | undefined;
    if (number) location.href = (element.dataset.case ?? "").replace("NUMBER", encodeURIComponent(number));
    else map.easeTo({ center: event.lngLat, zoom: map.getZoom() + 2, duration: 150 });
  });
  map.on("mouseenter", "dots", () => { map.getCanvas().style.cursor = "pointer"; });
  map.on("mouseleave", "dots", () => { map.getCanvas().style.cursor = ""; });
  await refresh();
}

// A map to point at: click or drag the pin; returns a setter for choices made elsewhere.
export async function picker(element: HTMLElement, chosen: (lon: number, lat: number) => void): Promise<(lon: number, lat: number) => void> {
  const opened = await open(element);
  if (!opened) return () => undefined;
  const { map } = opened;
  const pin = new maplibre.Marker({ color: colour("--blue"), draggable: element.dataset.readonly === undefined });
  const put = (lon: number, lat: number): void => {
    pin.setLngLat([lon, lat]).addTo(map);
  };
  if (element.dataset.readonly === undefined) {
    map.on("click", (event) => {
      put(event.lngLat.lng, event.lngLat.lat);
      chosen(event.lngLat.lng, event.lngLat.lat);
    });
    pin.on("dragend", () => chosen(pin.getLngLat().lng, pin.getLngLat().lat));
  }
  return (lon, lat) => {
    put(lon, lat);
    map.easeTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), 14), duration: 150 });
  };
}
