// htmx under a strict content policy: nothing is evaluated, no style is injected, foreign hosts are refused.
import htmx from "htmx.org";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0; // pages hold personal data: nothing of them stays in the browser's storage
htmx.config.refreshOnHistoryMiss = true;
htmx.config.defaultSwapDelay = 0;
htmx.config.defaultSettleDelay = 20;
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true }, // the form comes back with what is wrong beside each field
  { code: "[45]..", swap: true, error: true, target: "#flash", swapOverride: "innerHTML" },
];

// No answer at all: say so where the reader looks, keep what was written.
document.addEventListener("htmx:sendError", () => {
  const flash = document.getElementById("flash");
  const words = document.querySelector<HTMLTemplateElement>("#words-offline");
  if (flash && words) flash.replaceChildren(words.content.cloneNode(true));
});

// What went wrong before is not true any more once something went well.
document.addEventListener("htmx:afterRequest", (event) => {
  const done = (event as CustomEvent<{ successful: boolean; requestConfig?: { verb: string } }>).detail;
  if (done.successful && done.requestConfig?.verb === "post") document.querySelector("#flash .strip.error")?.remove();
});

export default htmx;
