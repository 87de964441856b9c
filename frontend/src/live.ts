// What others do appears here without a reload. The stream says only *that* something moved (position, matter, area,
// organisations); the page refetches the fragments that care, with jitter so that a thousand screens do not ask at once.
import htmx from "./htmx";

interface Moved {
  position: number;
  matter?: string;
  area?: string;
  organisations?: string[];
}

const JITTER_MS = 400;
const QUIET_MS = 250;
const RETRY_MS_MAX = 30_000;
const KEY = "live:position";

let waiting = new Map<Element, number>();
let retryMs = 1_000;

function cares(element: HTMLElement, moved: Moved): boolean {
  const matter = element.dataset.liveMatter;
  if (matter !== undefined) return matter === moved.matter;
  const area = element.dataset.liveArea;
  if (area && moved.area && !moved.area.startsWith(area) && !area.startsWith(moved.area)) return false;
  return true;
}

// Several changes within the quiet time become one request; a fragment being edited is left alone and marked stale.
function refetchSoon(element: HTMLElement): void {
  if (waiting.has(element)) return;
  const delay = QUIET_MS + Math.random() * JITTER_MS;
  waiting.set(element, window.setTimeout(() => {
    waiting.delete(element);
    if (!element.isConnected) return;
    if (element.querySelector("details[data-verb][open], :focus:is(input, textarea, select)")) {
      element.dataset.stale = "1";
      return;
    }
    htmx.trigger(element, "live", {});
  }, delay));
}

function receive(data: string, position: string): void {
  if (position) sessionStorage.setItem(KEY, position);
  const moved = JSON.parse(data) as Moved;
  for (const element of document.querySelectorAll<HTMLElement>("[data-live]")) {
    if (cares(element, moved)) refetchSoon(element);
  }
}

function say(state: "on" | "off"): void {
  for (const lamp of document.querySelectorAll<HTMLElement>("[data-live-lamp]")) lamp.dataset.state = state;
}

function connect(): void {
  const last = sessionStorage.getItem(KEY);
  const source = new EventSource("/live/stream" + (last ? `?last_event_id=${encodeURIComponent(last)}` : ""));
  source.onopen = () => {
    retryMs = 1_000;
    say("on");
  };
  source.onmessage = (event) => receive(event.data as string, event.lastEventId);
  source.addEventListener("moved", (event) => receive((event as MessageEvent<string>).data, event.lastEventId));
  source.addEventListener("end", () => source.close()); // signed out or role lost: the server says goodbye
  source.onerror = () => {
    say("off");
    // EventSource retries by itself while the server is merely slow; a refused stream is closed and tried again later.
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(connect, retryMs + Math.random() * JITTER_MS);
      retryMs = Math.min(RETRY_MS_MAX, retryMs * 2);
    }
  };
  window.addEventListener("pagehide", () => source.close(), { once: true });
}

export function follow(): void {
  if (document.querySelector("[data-live]")) connect();
}
