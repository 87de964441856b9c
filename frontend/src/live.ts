// What others do appears here without a reload. The stream says only *that* something moved (position, matter, verb,
// state, area); the page refetches the fragments that care, with jitter so that a thousand screens do not ask at once.
import htmx from "./htmx";

interface Moved {
  matter?: string;
  verb?: string;
  state?: string;
  area?: string;
}

const JITTER_MS = 400;
const QUIET_MS = 250;
const RETRY_MS_MAX = 30_000;
const TRIES_MAX = 6;

const waiting = new Map<Element, number>();
let retryMs = 1_000;
let tries = 0;

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

function receive(data: string): void {
  const moved = JSON.parse(data) as Moved;
  for (const element of document.querySelectorAll<HTMLElement>("[data-live]")) {
    if (cares(element, moved)) refetchSoon(element);
  }
}

function refetchAll(): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-live]")) refetchSoon(element);
}

function say(state: "on" | "off"): void {
  for (const lamp of document.querySelectorAll<HTMLElement>("[data-live-lamp]")) {
    lamp.dataset.state = state;
    lamp.title = (state === "on" ? lamp.dataset.on : lamp.dataset.off) ?? "";
  }
}

// The browser itself reconnects a broken stream and sends Last-Event-ID, so nothing between is missed. Only a stream
// that the server ended or refused is opened anew here; then the fragments are refetched once as a whole.
function connect(): void {
  const source = new EventSource("/live/stream");
  source.onopen = () => {
    retryMs = 1_000;
    tries = 0;
    say("on");
  };
  source.addEventListener("change", (event) => receive((event as MessageEvent<string>).data));
  source.addEventListener("reload", refetchAll);
  source.addEventListener("end", () => {
    source.close();
    again();
  });
  source.onerror = () => {
    say("off");
    if (source.readyState === EventSource.CLOSED) again();
  };
  window.addEventListener("pagehide", () => source.close(), { once: true });
}

function again(): void {
  if (++tries > TRIES_MAX) return; // signed out: the next page load starts afresh
  setTimeout(() => {
    connect();
    refetchAll();
  }, retryMs + Math.random() * JITTER_MS);
  retryMs = Math.min(RETRY_MS_MAX, retryMs * 2);
}

export function follow(): void {
  if (document.querySelector("[data-live]")) connect();
  // A fragment left alone while somebody wrote in it catches up when the form closes.
  document.addEventListener("focusout", () => setTimeout(() => {
    for (const element of document.querySelectorAll<HTMLElement>("[data-live][data-stale]")) {
      delete element.dataset.stale;
      refetchSoon(element);
    }
  }, QUIET_MS));
}
