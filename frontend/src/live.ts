// What others do appears here without a reload. The stream is told what this screen shows; a list is then sent the
// very lines that enter, change or leave it. What must be asked for (a case, a search, the map) is asked for
// within the time the server names, which grows with the number of screens that would ask.
import htmx from "./htmx";
import { numbers, put } from "./rows";

interface Moved {
  matter: string;
  within?: number;
  row?: string;
}

const RETRY_MS = [1_000, 30_000] as const;
const FILTERS = ["state", "category", "area", "late", "organisation"];
const TRIES_MAX = 8;
const TOLD_MAX = 300; // then the stream is told anew what is on the screen
const HIDDEN_MS = 20_000;
const REST_TIMES = 2; // an answer that took long is not asked for again soon
const REST_MS = [250, 15_000] as const;
const AGE_MS = 300_000; // "5 hours left" grows old
const AGE_JITTER_MS = 60_000;

let source: EventSource | undefined;
let last = "";
let known = new Set<string>();
let told = 0;
let tries = 0;
let hiding = 0;
const waiting = new Set<string>();
const restUntil = new Map<string, number>();
const askedAt = new Map<string, number>();

const one = (selector: string): HTMLElement | null => document.querySelector<HTMLElement>(selector);
const theList = (): HTMLElement | null => one("[data-live-list]");
const theCase = (): HTMLElement | null => one("[data-live-matter]");
const theOthers = (): HTMLElement[] =>
  [...document.querySelectorAll<HTMLElement>("[data-live]:not([data-live-list]):not([data-live-matter])")];

function address(): string {
  const list = theList();
  const queue = list?.dataset.liveList ?? "";
  const query = new URLSearchParams({ lang: document.documentElement.lang });
  query.set("wants", queue ? "list" : list || theOthers().length ? "all" : "case");
  if (queue) query.set("queue", queue);
  const filters = new URL(list?.getAttribute("hx-get") ?? "", location.href).searchParams;
  for (const name of FILTERS) if (filters.get(name)) query.set(name, filters.get(name) ?? "");
  const open = theCase()?.dataset.liveMatter;
  if (open) query.set("case", open);
  if (last) query.set("since", last);
  const seen = list ? numbers(list) : [];
  if (seen.length) query.set("see", seen.join(","));
  known = new Set(seen);
  return `/live/stream?${query}`;
}

// A fragment in which somebody writes, or that nobody looks at, is left alone and marked stale.
function busy(element: HTMLElement): boolean {
  return document.hidden || element.querySelector("details[data-verb][open], :focus:is(input, textarea, select)") !== null;
}

function ask(element: HTMLElement, withinMs = 0): void {
  const key = element.id || "others";
  if (waiting.has(key)) return;
  waiting.add(key);
  const rest = (restUntil.get(key) ?? 0) - performance.now();
  setTimeout(() => {
    waiting.delete(key);
    const present = element.isConnected ? element : document.getElementById(key);
    if (!present) return;
    if (busy(present)) {
      present.dataset.stale = "1";
      return;
    }
    askedAt.set(key, performance.now());
    restUntil.set(key, performance.now() + 8 * REST_MS[0]);
    htmx.trigger(present, "live", {});
  }, Math.max(0, rest) + Math.random() * withinMs);
}

function answered(element: HTMLElement): void {
  const asked = askedAt.get(element.id);
  if (asked === undefined) return;
  askedAt.delete(element.id);
  const now = performance.now();
  restUntil.set(element.id, now + Math.min(REST_MS[1], Math.max(REST_MS[0], REST_TIMES * (now - asked))));
}

function askAll(withinMs: number): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-live]")) ask(element, withinMs);
}

function change(moved: Moved): void {
  const [list, open] = [theList(), theCase()];
  if (open && open.dataset.liveMatter === moved.matter) ask(open, moved.within);
  if (list && moved.row !== undefined) {
    known.add(moved.matter);
    if (!put(list, moved.matter, moved.row)) ask(list);
    else if (++told > TOLD_MAX) connect();
  } else if (list && !list.dataset.liveList) ask(list, moved.within);
  for (const element of theOthers()) ask(element, moved.within);
}

function gone(moved: Moved): void {
  const [list, open] = [theList(), theCase()];
  if (list && !put(list, moved.matter, "")) ask(list);
  const words = one("template#words-gone") as HTMLTemplateElement | null;
  if (open && words && open.dataset.liveMatter === moved.matter) open.replaceWith(words.content.cloneNode(true));
}

function counts(drawn: Record<string, string>): void {
  for (const [queue, html] of Object.entries(drawn)) {
    const place = one(`[data-live-count="${CSS.escape(queue)}"]`);
    if (place) place.innerHTML = html;
  }
}

function say(state: "on" | "off"): void {
  for (const lamp of document.querySelectorAll<HTMLElement>("[data-live-lamp]")) {
    lamp.dataset.state = state;
    lamp.title = (state === "on" ? lamp.dataset.on : lamp.dataset.off) ?? "";
  }
}

function listen<Content>(stream: EventSource, name: string, hear: (content: Content) => void): void {
  stream.addEventListener(name, (event) => {
    const message = event as MessageEvent<string>;
    if (message.lastEventId) last = message.lastEventId;
    hear(JSON.parse(message.data) as Content);
  });
}

function connect(): void {
  source?.close();
  told = 0;
  const stream = new EventSource(address());
  source = stream;
  stream.onopen = () => {
    tries = 0;
    say("on");
  };
  listen<Moved>(stream, "change", change);
  listen<Moved>(stream, "gone", gone);
  listen<Record<string, string>>(stream, "counts", counts);
  listen<Moved>(stream, "reload", (moved) => askAll(moved.within ?? 0));
  listen(stream, "end", () => again(stream));
  stream.onerror = () => again(stream);
}

// Come back with what the screen shows now, a little later each time and never all at once; what happened between is
// told. Signed out: after some tries the lamp stays off, and the next page load starts afresh.
function again(stream: EventSource): void {
  stream.close();
  if (stream !== source) return;
  source = undefined;
  say("off");
  if (++tries > TRIES_MAX) return;
  const wait = Math.min(RETRY_MS[1], RETRY_MS[0] * 2 ** (tries - 1));
  setTimeout(() => {
    if (!source && !document.hidden) connect();
  }, wait * (0.5 + Math.random() * 1.5));
}

function catchUp(): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-live][data-stale]")) {
    delete element.dataset.stale;
    ask(element);
  }
}

export function follow(): void {
  if (!one("[data-live]")) return;
  last = one("[data-live-since]")?.dataset.liveSince ?? "";
  connect();
  document.body.addEventListener("htmx:afterRequest", (event) => answered((event as CustomEvent).detail.elt as HTMLElement));
  document.body.addEventListener("htmx:afterSettle", () => {
    const list = theList();
    if (list && source && numbers(list).some((number) => !known.has(number))) connect();
  });
  // A fragment left alone while somebody wrote in it catches up when the form closes.
  document.addEventListener("focusout", () => setTimeout(catchUp, REST_MS[0]));
  // A browser keeps few connections to one server: pages in the background give theirs up.
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiding);
    if (document.hidden) {
      hiding = window.setTimeout(() => {
        source?.close();
        source = undefined;
      }, HIDDEN_MS);
    } else {
      tries = 0;
      if (!source) connect();
      catchUp();
    }
  });
  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) connect();
  });
  setInterval(() => {
    const list = theList();
    if (list) ask(list);
  }, AGE_MS + Math.random() * AGE_JITTER_MS);
}
