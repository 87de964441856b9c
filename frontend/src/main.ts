// What every page loads. Pages work without it; with it they answer faster and move less.
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/components.css";
import "./styles/desk.css";
import "./styles/phone.css";
import "./styles/resident.css";
import "./htmx";
import * as copying from "./copy";
import { keepDrafts, restoreIn } from "./drafts";
import { watchForms } from "./forms";
import { listenForKeys } from "./keys";
import { follow } from "./live";
import * as photos from "./photos";
import { tellSignal } from "./signal";
import { keepTold } from "./told";

function once(root: ParentNode, selector: string, start: (element: HTMLElement) => void): void {
  for (const element of root.querySelectorAll<HTMLElement>(selector)) {
    if (element.dataset.started) continue;
    element.dataset.started = "1";
    start(element);
  }
}

// Maps and charts are heavy and rare: fetched only when a page holds one.
function waken(root: ParentNode): void {
  once(root, "[data-map]", (element) => void import("./map").then((map) => map.draw(element)));
  once(root, "[data-place]", (element) => void import("./place").then((place) => place.start(element)));
  once(root, "[data-photos]", photos.start);
  once(root, "[data-copy]", copying.start);
  once(root, "[data-chart]", (element) => void import("./chart").then((chart) => chart.draw(element)));
}

waken(document);
document.body.addEventListener("htmx:afterSettle", (event) => {
  const settled = (event as CustomEvent).target as ParentNode;
  waken(settled);
  restoreIn(settled);
});
keepDrafts();
watchForms();
listenForKeys();
tellSignal();
keepTold();
follow();
