// What is wrong with the page as it stands now, one line each. Given: {phone: bool, large: bool}.
(given) => {
  const faults = new Set();
  const tell = (what, node) => faults.add(`${what}: ${named(node)}`);
  const named = (node) => {
    const words = (node.innerText || node.getAttribute("aria-label") || node.name || "").trim().replace(/\s+/g, " ");
    const kind = typeof node.className === "string" && node.className ? `.${node.className.trim().split(/\s+/).join(".")}` : "";
    const above = node.parentElement && node.parentElement.className;
    return `${node.tagName.toLowerCase()}${kind} in ${typeof above === "string" ? above : ""} “${words.slice(0, 40)}”`;
  };
  const seen = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const box = (node) => node.getBoundingClientRect();
  const every = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const unseen = (node) => node.closest(".unseen, .skip, .picked");

  const widest = document.documentElement.scrollWidth;
  if (widest > innerWidth + 1) {
    faults.add(`sideways: the page is ${widest} px wide of ${innerWidth}`);
    const held = (node) => {
      for (let up = node.parentElement; up; up = up.parentElement)
        if (getComputedStyle(up).overflowX !== "visible") return true;
      return false;
    };
    for (const node of every("body *")) {
      const right = box(node).right + scrollX;
      if (right > innerWidth + 1 && !held(node) && !unseen(node)) tell("sideways", node);
      if (faults.size > 6) break;
    }
  }

  const cuts = (style) => [style.overflowX, style.overflowY].some((one) => one === "hidden" || one === "clip");
  if (given.large) {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode.parentElement;
      if (!texts.currentNode.data.trim() || !seen(node) || unseen(node) || node.closest("canvas, svg, .map, option")) continue;
      const range = document.createRange();
      range.selectNodeContents(texts.currentNode);
      const words = range.getBoundingClientRect();
      for (let up = node; up && up !== document.body; up = up.parentElement) {
        const style = getComputedStyle(up);
        if (style.overflowY === "auto" || style.overflowY === "scroll" || style.overflowX === "auto") break;
        if (!cuts(style) || style.textOverflow === "ellipsis") continue;
        const frame = box(up);
        if (frame.width <= 2 || frame.height <= 2) break; // kept for screen readers alone
        if (words.right > frame.right + 2 || words.bottom > frame.bottom + 4) { tell("cut off", node); break; }
      }
    }
    for (const node of every("a, button, summary, .row, .tag"))
      if (node.clientHeight && node.scrollHeight > node.clientHeight + 6 && getComputedStyle(node).display !== "inline" && !node.closest(".map"))
        tell("cut off", node);
    return [...faults];
  }

  for (const node of every("img"))
    if (!node.hasAttribute("alt")) tell("picture without words", node);
  for (const node of every("input:not([type=hidden], [type=submit]), select, textarea"))
    if (!node.labels.length && !node.getAttribute("aria-label") && !node.getAttribute("aria-labelledby"))
      tell("field without a label", node);
  for (const node of every("a[href], button, summary"))
    if (!(node.innerText || node.getAttribute("aria-label") || node.querySelector("img[alt]:not([alt=''])"))) tell("control without a name", node);
  let level = 0;
  const headings = every("h1, h2, h3, h4, h5, h6").filter((node) => !node.closest("nav"));
  for (const node of headings) {
    const its = Number(node.tagName[1]);
    if (its > level + 1) tell(`heading ${its} after ${level}`, node);
    level = its;
  }
  const tops = headings.filter((node) => node.tagName === "H1").length;
  if (tops !== 1) faults.add(`headings: ${tops} of the first level`);
  const ids = new Map();
  for (const node of document.querySelectorAll("[id]")) ids.set(node.id, (ids.get(node.id) || 0) + 1);
  for (const [id, times] of ids) if (times > 1) faults.add(`id said ${times} times: ${id}`);

  if (given.phone)
    for (const node of every("a[href], button, summary, select, input:not([type=hidden]), textarea")) {
      if (unseen(node) || node.closest(".map canvas, .maplibregl-ctrl-attrib")) continue;
      let area = box(node);
      const label = node.labels && node.labels[0];
      if (label && (node.type === "checkbox" || node.type === "radio")) area = box(label);
      if (getComputedStyle(node, "::after").position === "absolute" && node.tagName === "A") {
        for (let up = node.parentElement; up; up = up.parentElement)
          if (getComputedStyle(up).position !== "static") { area = box(up); break; }
      }
      const within = node.parentElement;
      const sentence = node.tagName === "A" && getComputedStyle(node).display === "inline"
        && [...within.childNodes].some((one) => one.nodeType === 3 && one.data.trim().length > 1);
      if (!sentence && (area.height < 43.5 || area.width < 24)) tell(`target ${Math.round(area.width)}×${Math.round(area.height)}`, node);
    }

  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const colour = (text) => {
    const parts = /^rgba?\(([^)]+)\)/.exec(text);
    if (parts) { const [r, g, b, a = 1] = parts[1].split(/[\s,/]+/).map(Number); return [r, g, b, a]; }
    pen.clearRect(0, 0, 1, 1); pen.fillStyle = text; pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => top.slice(0, 3).map((one, n) => one * top[3] + under[n] * (1 - top[3]));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((one) => (one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    const layers = [];
    for (let up = node; up; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.backgroundImage !== "none") return null;
      const its = colour(style.backgroundColor);
      if (its[3] > 0) layers.push(its);
      if (its[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const judged = new Set();
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || judged.has(node) || !seen(node)) continue;
    judged.add(node);
    if (node.closest("[disabled], script, style, noscript, template, svg, canvas, option, .htmx-request, #offline") || unseen(node)) continue;
    const under = ground(node);
    if (!under) continue;
    let faint = 1;
    for (let up = node; up; up = up.parentElement) faint *= Number(getComputedStyle(up).opacity);
    const ink = colour(getComputedStyle(node).color);
    ink[3] *= faint;
    const [a, b] = [light(over(ink, under)), light(under)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(getComputedStyle(node).fontSize);
    if (contrast < (size >= 24 ? 3 : 4.5)) tell(`contrast ${contrast.toFixed(1)}`, node);
  }
  return [...faults];
}
