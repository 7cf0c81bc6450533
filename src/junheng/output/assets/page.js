/* Draws the charts from the page's own data. Whatever fails, the tables say the same. */
(function () {
  "use strict";
  var colours = { pass: "#5b9f3d", fail: "#cf1322", undetermined: "#d4a106",
    met: "#8fc77a", floor: "#f5c842", below: "#cf1322", missing: "#b6bcc6" };
  var pale = { pass: "#cfe4c6", fail: "#f2b8bd", undetermined: "#f2e2b0" };
  var data = JSON.parse(document.getElementById("charts").textContent);
  var drawn = [];

  function base(one) {
    return { animation: false, aria: { enabled: true }, textStyle: { fontFamily: "inherit" },
      grid: { left: 44, right: 16, top: 24, bottom: 30 },
      xAxis: { type: "category", data: one.ids, axisTick: { show: false } } };
  }

  /* A spread that is only bounded is a pale bar from the lowest to the highest; without limit it leaves the chart. */
  function spreads(one) {
    var option = base(one);
    var seen = one.bars.map(function (bar) { return bar.cv === null ? (bar.bounds || [0])[0] : bar.cv; });
    var top = Math.max.apply(null, seen.concat(one.limit)) * 1.25;
    var label = { show: true, position: "top", color: "#1f2937", formatter: function (at) { return at.data.told; } };
    function solid(bar) {
      return { value: bar.cv === null ? 0 : bar.cv, told: bar.told, itemStyle: { color: colours[bar.status] },
        label: { show: bar.cv !== null } };
    }
    function open(bar) {
      var bounded = bar.cv === null && bar.bounds;
      var high = bounded && bar.bounds[1] !== null ? Math.min(bar.bounds[1], top * 0.9) : top * 0.9;
      return { value: bounded ? high - bar.bounds[0] : 0, told: bar.told, label: { show: bar.cv === null },
        itemStyle: { color: pale[bar.status] } };
    }
    function low(bar) { return bar.cv === null && bar.bounds ? bar.bounds[0] : 0; }
    option.yAxis = { type: "value", min: 0, max: top, axisLabel: { formatter: function (n) { return n.toFixed(1); } } };
    option.series = [
      { type: "bar", stack: "cv", barMaxWidth: 46, data: one.bars.map(solid), label: label },
      { type: "bar", stack: "cv", data: one.bars.map(low), itemStyle: { color: "transparent" } },
      { type: "bar", stack: "cv", data: one.bars.map(open), label: label },
      { type: "line", data: one.ids.map(function () { return one.limit; }), symbol: "none", silent: true,
        lineStyle: { color: "#cf1322", type: "dashed", width: 2 } }
    ];
    return option;
  }

  function reached(one) {
    var option = base(one);
    option.yAxis = { type: "value", minInterval: 1 };
    option.series = one.series.map(function (status) {
      return { type: "bar", stack: "all", barMaxWidth: 46, name: status.name, itemStyle: { color: colours[status.status] },
        data: status.counts,
        label: { show: true, color: status.status === "below" ? "#fff" : "#1f2937",
          formatter: function (at) { return at.value || ""; } } };
    });
    return option;
  }

  function draw(stage, kind, option) {
    var figure = document.getElementById("chart-" + stage + "-" + kind);
    figure.hidden = false;
    var chart = echarts.init(figure.querySelector(".chart"), null, { devicePixelRatio: 2 });
    chart.setOption(option(data[stage][kind]));
    drawn.push({ chart: chart, printed: figure.parentNode.className === "pair" ? 380 : 680 });
  }

  Object.keys(data).forEach(function (stage) {
    draw(stage, "spread", spreads);
    draw(stage, "reached", reached);
  });
  /* An A4 page is about 700 pixels wide; browsers tell of printing before they lay the page out for it. */
  function fit(printing) {
    drawn.forEach(function (one) { one.chart.resize({ width: printing ? one.printed : "auto" }); });
  }
  window.addEventListener("resize", function () { fit(false); });
  window.addEventListener("beforeprint", function () { fit(true); });
  window.addEventListener("afterprint", function () { fit(false); });
})();
