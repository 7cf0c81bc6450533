// Draws every figure[data-chart] from the ECharts option that stands beside it, in the page's colours, light or dark.
// The library is fetched only where a page has a chart.

const drawn = new Map();
let library = null;

function loaded(address) {
  library = library || new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(name).trim();
  return { text: of("--bs-body-color"), faint: of("--bs-secondary-color"), line: of("--jh-line"), ground: of("--jh-surface") };
}

// A colour that an option names as "var(--jh-red)" is the theme's.
function themed(value) {
  if (typeof value === "string") {
    const name = /^var\((--[\w-]+)\)$/.exec(value);
    return name ? getComputedStyle(document.documentElement).getPropertyValue(name[1]).trim() : value;
  }
  if (Array.isArray(value)) return value.map(themed);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, themed(one)]));
  return value;
}

function theme() {
  const { text, faint, line, ground } = colours();
  const axis = { axisLine: { lineStyle: { color: line } }, axisTick: { lineStyle: { color: line } }, axisLabel: { color: faint }, splitLine: { lineStyle: { color: line } }, nameTextStyle: { color: faint } };
  return {
    color: ["#1677ff", "#13a8a8", "#d48806", "#d4380d", "#722ed1", "#389e0d"],
    backgroundColor: "transparent",
    textStyle: { color: text, fontFamily: getComputedStyle(document.body).fontFamily },
    title: { textStyle: { color: text } },
    legend: { textStyle: { color: text } },
    tooltip: { backgroundColor: ground, borderColor: line, textStyle: { color: text } },
    categoryAxis: axis,
    valueAxis: axis,
  };
}

async function draw(figure) {
  const option = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const echarts = await loaded(figure.dataset.library);
  const old = drawn.get(figure);
  if (old) old.dispose();
  figure.replaceChildren();
  const chart = echarts.init(figure, theme(), { devicePixelRatio: Math.max(2, window.devicePixelRatio) });
  chart.setOption({ animation: false, ...themed(option) });
  drawn.set(figure, chart);
  figure.dataset.drawn = "true";
}

function drawAll() {
  document.querySelectorAll("figure[data-chart]:not([data-drawn])").forEach((figure) => {
    draw(figure).catch(() => { figure.textContent = "图没有画出来；旁边的表里是同样的数字。"; });
  });
}

drawAll();
document.addEventListener("htmx:after:swap", drawAll);
document.addEventListener("junheng:theme", () => [...drawn.keys()].forEach((figure) => (figure.isConnected ? draw(figure) : drawn.delete(figure))));
window.addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
