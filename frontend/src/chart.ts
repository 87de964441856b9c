// A chart is read from the table beneath it: the table is the truth, the drawing a help.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

const SHADES = ["--blue", "--ink-2", "--vermilion", "--green", "--amber"];

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function draw(element: HTMLElement): void {
  const table = document.getElementById(element.dataset.chart ?? "") as HTMLTableElement | null;
  if (!table?.tHead || !table.tBodies[0]) return;
  const heads = [...(table.tHead.rows[0]?.cells ?? [])].slice(1).map((cell) => cell.textContent?.trim() ?? "");
  const body = [...table.tBodies[0].rows];
  const labels = body.map((row) => row.cells[0]?.textContent?.trim() ?? "");
  const kind = element.dataset.kind === "bar" ? "bar" : "line";
  const chart = echarts.init(element, null, { renderer: "canvas" });
  const text = { color: colour("--ink-2"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
  chart.setOption({
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 150,
    color: SHADES.map(colour),
    textStyle: text,
    grid: { left: 48, right: 16, top: 36, bottom: 28 },
    legend: { top: 0, left: 0, icon: "rect", itemHeight: 3, itemWidth: 16, textStyle: text },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true },
    xAxis: { type: "category", data: labels, axisTick: { show: false }, axisLine: { lineStyle: { color: colour("--rule") } }, axisLabel: text },
    yAxis: { type: "value", min: 0, minInterval: 1, splitLine: { lineStyle: { color: colour("--rule") } }, axisLabel: text },
    series: heads.map((name, index) => ({
      name,
      type: kind,
      data: body.map((row) => Number((row.cells[index + 1]?.dataset.value ?? row.cells[index + 1]?.textContent ?? "").replace(/[^0-9.-]/g, ""))),
      showSymbol: false,
      barMaxWidth: 24,
      lineStyle: { width: 2, type: index === 0 ? "solid" : index === 1 ? "dashed" : "solid" },
    })),
  });
  new ResizeObserver(() => chart.resize()).observe(element);
}
