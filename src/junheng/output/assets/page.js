(function () {
  "use strict";
  var options = JSON.parse(document.getElementById("charts").textContent);
  var charts = [];
  Array.prototype.forEach.call(document.querySelectorAll(".chart"), function (place) {
    var chart = echarts.init(place);
    chart.setOption(options[place.getAttribute("data-stage")]);
    charts.push(chart);
  });
  function fit() {
    charts.forEach(function (chart) { chart.resize(); });
  }
  window.addEventListener("resize", fit);
  window.addEventListener("beforeprint", fit);
})();
