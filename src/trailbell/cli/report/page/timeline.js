// Alerts over time, stacked by rule. A bar is a button that narrows everything to its time.
const STEPS_SECONDS = [300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 7 * 86400, 30 * 86400];
const STEP_NAMES = ["5 minutes", "15 minutes", "hour", "3 hours", "6 hours", "12 hours", "day", "week", "30 days"];
const MOST_BARS = 60;
const COLOURED_RULES = 8;

const colourOf = (ranking, rule) => {
  const place = ranking.indexOf(rule);
  return place >= 0 && place < COLOURED_RULES ? place : COLOURED_RULES;
};

const bucketAlerts = (alerts, ranking) => {
  const times = alerts.map((finding) => finding.event.time);
  const first = times.reduce((a, b) => Math.min(a, b), Infinity);
  const last = times.reduce((a, b) => Math.max(a, b), -Infinity);
  let step = STEPS_SECONDS.findIndex((seconds) => Math.floor(last / seconds) - Math.floor(first / seconds) < MOST_BARS);
  let seconds = STEPS_SECONDS[step];
  if (step < 0) { step = -1; seconds = Math.ceil((last - first + 1) / MOST_BARS / 86400) * 86400; }
  const from = Math.floor(first / seconds);
  const buckets = Array.from({ length: Math.floor(last / seconds) - from + 1 }, (_, place) => ({ start: (from + place) * seconds, end: (from + place + 1) * seconds, colours: new Map(), total: 0 }));
  alerts.forEach((finding) => {
    const bucket = buckets[Math.floor(finding.event.time / seconds) - from];
    const colour = colourOf(ranking, finding.rule.id);
    bucket.colours.set(colour, (bucket.colours.get(colour) || 0) + 1);
    bucket.total += 1;
  });
  return { buckets, seconds, unit: step < 0 ? `${seconds / 86400} days` : STEP_NAMES[step] };
};

const drawTimeline = (alerts, ranking, state, change) => {
  const place = byId("timeline");
  if (!alerts.length) {
    byId("timeline-unit").textContent = "";
    place.replaceChildren(element("p", { class: "kind" }, "No alerts in this view."));
    return;
  }
  const { buckets, seconds, unit } = bucketAlerts(alerts, ranking);
  byId("timeline-unit").textContent = `per ${unit}, UTC`;
  const width = 1000, height = 150, base = 128, left = 34;
  const most = Math.max(...buckets.map((bucket) => bucket.total));
  const slot = (width - left) / buckets.length;
  const svg = drawn("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "group", "aria-label": "Alerts over time" });
  svg.append(drawn("line", { class: "axis", x1: left, x2: width, y1: base, y2: base }));
  buckets.forEach((bucket, number_) => {
    const label = `${timeText(bucket.start).slice(0, 16)}: ${number(bucket.total)} ${bucket.total === 1 ? "alert" : "alerts"}`;
    const chosen = Number(state.from) === bucket.start && Number(state.to) === bucket.end;
    const bar = drawn("g", { class: "bar", role: "button", tabindex: number_ === 0 ? 0 : -1, "aria-label": label, "aria-pressed": chosen });
    const x = left + number_ * slot;
    bar.append(drawn("title", {}, label), drawn("rect", { class: "hit", x, y: 0, width: slot, height: base }));
    let top = base;
    [...bucket.colours].sort((a, b) => a[0] - b[0]).forEach(([colour, count]) => {
      const tall = (count / most) * (base - 10);
      top -= tall;
      bar.append(drawn("rect", { class: `f${colour}`, x: x + slot * 0.1, y: top, width: slot * 0.8, height: tall }));
    });
    const choose = () => change(chosen ? { from: undefined, to: undefined } : { from: String(bucket.start), to: String(bucket.end) });
    bar.addEventListener("click", choose);
    bar.addEventListener("keydown", (event) => {
      const next = { ArrowRight: bar.nextElementSibling, ArrowLeft: bar.previousElementSibling }[event.key];
      if (next && next.classList.contains("bar")) next.focus();
      else if (event.key === "Enter" || event.key === " ") choose();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    svg.append(bar);
  });
  place.replaceChildren(svg, axisWords(buckets, most, seconds));
};

// Words beside the drawing, not in it: it is stretched to the width of the page, and words must not be.
const axisWords = (buckets, most, seconds) => {
  const ends = [buckets[0].start, buckets[buckets.length - 1].end - seconds];
  const words = (start) => (seconds < 86400 ? timeText(start).slice(0, 16) : timeText(start).slice(0, 10));
  return element("div", { class: "axis-words" },
    element("span", {}, words(ends[0])), element("span", {}, `highest: ${number(most)}`), element("span", {}, words(ends[1])));
};

const drawLegend = (ranking, report, state, change) => {
  const titles = new Map(report.rules.map((rule) => [rule.id, rule.title]));
  const items = ranking.slice(0, COLOURED_RULES).map((rule, place) => element("li", {}, element("button", {
    type: "button", "aria-pressed": state.rule === rule, onclick: () => change({ rule: state.rule === rule ? undefined : rule }),
  }, element("span", { class: `swatch b${place}` }), titles.get(rule))));
  if (ranking.length > COLOURED_RULES) {
    items.push(element("li", {}, element("span", { class: "other" }, element("span", { class: `swatch b${COLOURED_RULES}` }), `${ranking.length - COLOURED_RULES} more rules`)));
  }
  byId("legend").replaceChildren(...items);
};
