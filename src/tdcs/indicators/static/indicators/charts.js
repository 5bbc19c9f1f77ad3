// Charts of the dashboard: each <figure data-chart> draws the JSON block that it names. Colours come from the stylesheet,
// so that dark pages and grey paper need no second picture. The table beside each chart says the same in words.
const echarts = window.echarts;
const paper = window.matchMedia("print");
const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const text = (size = 12) => ({ color: style("--soft"), fontFamily: "Be Vietnam Pro, system-ui, sans-serif", fontSize: size });
const number = (digits) => new Intl.NumberFormat("vi-VN", { minimumFractionDigits: 0, maximumFractionDigits: digits });

function scale(unit, values, words) {
  if (unit === "ppm") return { per: 10000, suffix: "%", digits: 2 };
  if (unit !== "dong") return { per: 1, suffix: "", digits: 0 };
  const most = Math.max(...values.map((v) => Math.abs(v ?? 0)), 0);
  return most >= 1e9 ? { per: 1e9, suffix: ` ${words.billion}`, digits: 1 } : { per: 1e6, suffix: ` ${words.million}`, digits: 1 };
}

function tip() {
  return {
    backgroundColor: style("--card"), borderColor: style("--line2"), confine: true,
    textStyle: { ...text(13), color: style("--ink") }, transitionDuration: 0,
  };
}

function escaped(words) {
  const box = document.createElement("i");
  box.textContent = words;
  return box.innerHTML;
}

function line(data, box) {
  const unit = scale(data.unit, [...data.values, data.target, data.forecast?.value], data.words);
  const shown = (v) => (v == null ? null : v / unit.per);
  const said = (v) => number(unit.digits).format(v) + unit.suffix;
  const days = data.forecast ? [...data.days, data.forecast.day] : data.days;
  const values = data.values.map(shown);
  const last = values.length - 1;
  const series = [{
    type: "line", name: data.name, data: values, symbol: "circle", symbolSize: 5, lineStyle: { width: 2.5, color: style("--accent") },
    itemStyle: { color: style("--accent") }, connectNulls: false,
    label: { show: true, position: data.forecast && data.forecast.value >= data.values[last] ? "bottom" : "top", distance: 8, ...text(), fontWeight: 600, color: style("--ink"), formatter: (p) => (p.dataIndex === last ? said(p.value) : "") },
  }];
  if (data.forecast) {
    const ahead = days.map((_, at) => (at === last ? values[last] : at === last + 1 ? shown(data.forecast.value) : null));
    series.push({
      type: "line", name: data.words.forecast, data: ahead, symbol: "emptyCircle", symbolSize: 8,
      lineStyle: { width: 2, type: "dotted", color: style("--accent") }, itemStyle: { color: style("--accent") },
      label: { show: true, position: data.forecast.value >= data.values[last] ? "top" : "bottom", align: "right", distance: 8, ...text(), formatter: (p) => (p.dataIndex === last + 1 ? `${data.words.forecast} ${said(p.value)}` : "") },
    });
  }
  if (data.target != null) {
    series[0].markLine = {
      silent: true, symbol: "none", data: [{ yAxis: shown(data.target) }], lineStyle: { color: style("--edge"), type: "dashed", width: 1.5 },
      label: { position: "insideStartTop", ...text(), formatter: `${data.words.target} ${said(shown(data.target))}` },
    };
  }
  const all = [...values, shown(data.target), shown(data.forecast?.value)].filter((v) => v != null);
  const low = Math.min(...all), high = Math.max(...all), room = (high - low || Math.abs(high) || 1) * 0.18;
  return {
    animation: false, aria: { enabled: true, label: { description: data.words.aria } },
    grid: { left: 8, right: box.clientWidth < 500 ? 16 : 40, top: 26, bottom: 6, containLabel: true },
    xAxis: { type: "category", data: days, boundaryGap: false, axisLabel: { ...text(11), hideOverlap: true }, axisLine: { lineStyle: { color: style("--line2") } }, axisTick: { show: false } },
    yAxis: { type: "value", min: low - room < 0 && low >= 0 ? 0 : low - room, max: high + room, splitNumber: 4, axisLabel: { ...text(11), formatter: said, showMinLabel: low - room < 0 && low >= 0, showMaxLabel: false }, splitLine: { lineStyle: { color: style("--line") } } },
    tooltip: { trigger: "axis", ...tip(), valueFormatter: (v) => (v == null ? "–" : said(v)) },
    series,
  };
}

// A plain plane: a degree of longitude is as long as it is at these latitudes; no border is drawn.
function map(data, box) {
  const lats = data.places.map((p) => p.lat), lons = data.places.map((p) => p.lon);
  const middle = (Math.min(...lats) + Math.max(...lats)) / 2, shrink = Math.cos((middle * Math.PI) / 180);
  const left = 46, bottom = 24, width = box.clientWidth - left - 10, height = box.clientHeight - bottom - 10;
  const span = (list) => Math.max(Math.max(...list) - Math.min(...list), 0.12) * 1.14;
  const perPixel = Math.max((span(lons) * shrink) / width, span(lats) / height);
  const centre = (Math.min(...lons) + Math.max(...lons)) / 2;
  const x = [centre - (perPixel * width) / shrink / 2, centre + (perPixel * width) / shrink / 2];
  const y = [middle - (perPixel * height) / 2, middle + (perPixel * height) / 2];
  const most = Math.max(...data.places.map((p) => p.size), 1);
  const largest = Math.min(width, height) * (data.places.length > 120 ? 0.062 : 0.082);
  const inside = data.neighbours.map((n) => ({
    name: n.name, value: [Math.min(Math.max(n.lon, x[0] + (x[1] - x[0]) * 0.09), x[1] - (x[1] - x[0]) * 0.09), Math.min(Math.max(n.lat, y[0] + (y[1] - y[0]) * 0.04), y[1] - (y[1] - y[0]) * 0.04)],
  }));
  const degrees = (side) => (v) => `${number(1).format(v)}°${side}`;
  const axis = (range, side) => ({
    type: "value", min: range[0], max: range[1], interval: range[1] - range[0] > 0.8 ? 0.2 : 0.1, axisLine: { show: true, lineStyle: { color: style("--line2") } }, axisTick: { show: false },
    axisLabel: { ...text(10), color: style("--faint"), formatter: degrees(side), showMinLabel: false, showMaxLabel: false, hideOverlap: true }, splitLine: { lineStyle: { color: style("--line") } },
  });
  // The small ones last, so that no bubble hides another.
  const places = [...data.places].sort((a, b) => b.size - a.size);
  return {
    animation: false, aria: { enabled: true, label: { description: data.words.aria } },
    grid: { left, right: 10, top: 10, bottom }, xAxis: axis(x, "Đ"), yAxis: axis(y, "B"),
    tooltip: { ...tip(), formatter: (p) => (p.data.place ? `<b>${escaped(p.data.place.name)}</b><br>${escaped(data.words.value)}: ${escaped(p.data.place.text)}<br>${escaped(data.words.size)}: ${escaped(p.data.place.sizeText)}` : "") },
    series: [
      { type: "scatter", data: inside, symbolSize: 1, silent: true, itemStyle: { color: "transparent" }, label: { show: true, position: "inside", formatter: "{b}", ...text(12), color: style("--faint"), fontStyle: "italic" } },
      {
        type: "scatter", cursor: "pointer", labelLayout: { hideOverlap: true }, emphasis: { scale: 1.15, label: { show: true } },
        data: places.map((p) => ({
          name: p.name, place: p, value: [p.lon, p.lat], symbolSize: Math.max(Math.sqrt(p.size / most) * largest, 5),
          itemStyle: { color: p.tint == null ? style("--sunk") : style(`--c${p.tint}`), borderColor: style("--card"), borderWidth: 1.2, opacity: 0.94 },
          label: { show: p.label, formatter: p.name, position: "right", distance: 4, ...text(11), color: style("--ink"), textBorderColor: style("--card"), textBorderWidth: 3 },
        })),
      },
    ],
  };
}

// Bars from a middle line: each is a thick line, for which the build needs no chart of bars.
function tornado(data, box) {
  const unit = scale(data.unit, data.bars.flatMap((bar) => [bar.low, bar.high]), data.words);
  const said = (v) => number(unit.digits).format(v) + unit.suffix;
  const names = data.bars.map((bar) => bar.name).reverse();
  const middle = data.value / unit.per;
  const side = (end, colour) => data.bars.map((bar, at) => ({
    type: "line", name: bar.name, data: [[middle, names.length - 1 - at], [bar[end] / unit.per, names.length - 1 - at]], symbol: "none",
    lineStyle: { width: 14, color: style(colour), cap: "butt" }, emphasis: { disabled: true }, tooltip: { show: false },
    endLabel: { show: false },
  }));
  const points = data.bars.flatMap((bar, at) => ["low", "high"].map((end) => ({
    value: [bar[end] / unit.per, names.length - 1 - at], words: `${bar.name} ${bar[`${end}Text`]}: ${said(bar[end] / unit.per)}`,
    label: { show: true, formatter: bar[`${end}Text`], position: bar[end] < data.value ? "left" : "right", ...text(11) },
  })));
  const all = [middle, ...data.bars.flatMap((bar) => [bar.low / unit.per, bar.high / unit.per])];
  const low = Math.min(...all), high = Math.max(...all), room = (high - low || 1) * (box.clientWidth < 500 ? 0.45 : 0.16);
  return {
    animation: false, aria: { enabled: true, label: { description: data.words.aria } },
    grid: { left: 8, right: 16, top: 10, bottom: 6, containLabel: true },
    xAxis: { type: "value", min: low - room, max: high + room, splitNumber: box.clientWidth < 500 ? 2 : 4, axisLabel: { ...text(11), formatter: said, showMinLabel: false, showMaxLabel: false, hideOverlap: true }, splitLine: { lineStyle: { color: style("--line") } } },
    yAxis: { type: "category", data: names, axisLabel: { ...text(12), lineHeight: 16, color: style("--ink"), width: box.clientWidth < 500 ? 96 : 220, overflow: "break" }, axisLine: { lineStyle: { color: style("--line2") } }, axisTick: { show: false } },
    tooltip: { ...tip(), formatter: (p) => escaped(p.data.words ?? "") },
    series: [
      ...side("low", "--done"), ...side("high", "--accent"),
      { type: "scatter", data: points, symbolSize: 14, itemStyle: { color: "transparent" }, markLine: { silent: true, symbol: "none", data: [{ xAxis: middle }], lineStyle: { color: style("--edge"), type: "solid", width: 1.5 }, label: { show: false } } },
    ],
  };
}

// A middle line between two dashed ones.
function bands(data) {
  const unit = scale(data.unit, data.high, data.words);
  const said = (v) => number(unit.digits).format(v) + unit.suffix;
  const drawn = (values, name, line, last) => ({
    type: "line", name, data: values.map((v) => v / unit.per), symbol: "circle", symbolSize: 4, lineStyle: line, itemStyle: { color: line.color },
    label: { show: last, position: "top", ...text(), color: style("--ink"), formatter: (p) => (p.dataIndex === values.length - 1 ? said(p.value) : "") },
  });
  const least = Math.min(...data.low) / unit.per, most = Math.max(...data.high) / unit.per, room = (most - least || 1) * 0.2;
  return {
    animation: false, aria: { enabled: true, label: { description: data.words.aria } },
    grid: { left: 8, right: 40, top: 26, bottom: 6, containLabel: true },
    xAxis: { type: "category", data: data.years, axisLabel: text(11), axisLine: { lineStyle: { color: style("--line2") } }, axisTick: { show: false } },
    yAxis: { type: "value", min: Math.max(least - room, 0), max: most + room, splitNumber: 4, axisLabel: { ...text(11), formatter: said, showMinLabel: false, showMaxLabel: false }, splitLine: { lineStyle: { color: style("--line") } } },
    tooltip: { trigger: "axis", ...tip(), valueFormatter: said },
    series: [
      drawn(data.high, data.words.high, { width: 1.5, type: "dashed", color: style("--edge") }, false),
      drawn(data.middle, data.words.middle, { width: 2.5, color: style("--accent") }, true),
      drawn(data.low, data.words.low, { width: 1.5, type: "dashed", color: style("--edge") }, false),
    ],
  };
}

// Lying bars around zero, what rises to the right, what falls to the left. Each is a thick line: the library ships with lines
// and points alone.
function bars(data, box) {
  const unit = scale(data.unit, data.values, data.words);
  const said = (v) => number(unit.digits).format(v) + unit.suffix;
  const values = data.values.map((v) => v / unit.per);
  const wide = Math.max(...values.map(Math.abs), 0) * (box.clientWidth < 500 ? 2.2 : 1.25);
  const colour = (v) => style(v < 0 ? "--done" : "--accent");
  return {
    animation: false, aria: { enabled: true, label: { description: data.words.aria } },
    grid: { left: 8, right: 16, top: 8, bottom: 6, containLabel: true },
    xAxis: { type: "value", min: values.some((v) => v < 0) ? -wide : 0, max: values.some((v) => v > 0) ? wide : 0, splitNumber: 4, axisLabel: { ...text(11), formatter: said, hideOverlap: true, showMinLabel: false, showMaxLabel: false }, splitLine: { lineStyle: { color: style("--line") } } },
    yAxis: { type: "category", inverse: true, data: data.labels, axisLabel: { ...text(12), color: style("--ink"), width: box.clientWidth < 500 ? 110 : 170, overflow: "truncate" }, axisTick: { show: false }, axisLine: { onZero: true, lineStyle: { color: style("--line2") } } },
    tooltip: { trigger: "item", ...tip(), formatter: (p) => `${escaped(data.labels[p.seriesIndex])}: ${escaped(data.texts[p.seriesIndex])}` },
    series: values.map((v, at) => ({
      type: "line", name: data.labels[at], symbolSize: 1, data: [[0, at], { value: [v, at], label: { show: true, position: v < 0 ? "left" : "right", distance: 6, ...text(12), color: style("--ink"), formatter: () => data.texts[at] } }],
      lineStyle: { width: 16, cap: "butt", color: colour(v) }, itemStyle: { color: colour(v) }, emphasis: { disabled: true },
    })),
  };
}

const kinds = { line, map, tornado, bands, bars };
const drawn = [];

function draw(figure) {
  const box = figure.querySelector(".plot");
  const data = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const chart = echarts.init(box, null, { renderer: "svg" });
  const paint = () => {
    chart.setOption(kinds[data.kind](data, box), true);
    // Paper gives another width than the screen: with its own frame the drawing is scaled, not cut.
    box.querySelector("svg")?.setAttribute("viewBox", `0 0 ${chart.getWidth()} ${chart.getHeight()}`);
  };
  paint();
  chart.on("click", (event) => { if (event.data?.place?.url) window.location.href = event.data.place.url; });
  // Paper keeps the drawing of the screen and gives it its own width: there the box has no height of its own.
  new ResizeObserver(() => { if (!paper.matches) { chart.resize(); paint(); } }).observe(box);
  drawn.push(paint);
  figure.dataset.drawn = "1";
}

if (echarts) document.querySelectorAll("figure[data-chart]").forEach(draw);
const again = () => drawn.forEach((paint) => paint());
for (const words of ["(prefers-color-scheme: dark)", "print"]) window.matchMedia(words).addEventListener("change", again);
new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-theme"] });
