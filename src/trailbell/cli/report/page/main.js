// Puts the page together: one state, drawn anew when it changes.
const OUTCOMES = {
  alerted: "alerted", deduplicated: "counted as a repeat", below_threshold: "below its threshold", seen_before: "seen before", suppressed: "suppressed", learning: "learning",
};
const SEVERITY_ORDER = ["critical", "high", "medium", "low", "info"];
const NOISIEST = 8;

const ranked = (alerts, nameOf) => {
  const counts = new Map();
  alerts.forEach((finding) => counts.set(nameOf(finding), (counts.get(nameOf(finding)) || 0) + 1));
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
};

const drawBars = (id, counts, chosen, words, choose) => {
  const most = counts.length ? counts[0][1] : 1;
  const items = counts.slice(0, NOISIEST).map(([name, count]) => {
    const fill = element("i");
    fill.style.width = `${(100 * count) / most}%`;
    return element("li", {}, element("button", { type: "button", "aria-pressed": chosen === name, title: words(name), onclick: () => choose(chosen === name ? undefined : name) },
      element("span", { class: "name" }, words(name)), element("span", { class: "track" }, fill), element("span", { class: "number" }, number(count))));
  });
  byId(id).replaceChildren(...(items.length ? items : [element("li", { class: "kind" }, "None.")]));
};

const start = async () => {
  const report = await readIndex();
  const titles = new Map(report.rules.map((rule) => [rule.id, rule.title]));
  let state = readState();
  let opened = null;

  byId("title").textContent = report.title;
  byId("subtitle").textContent = report.subtitle;
  byId("totals").replaceChildren(...report.totals.map(([name, count]) => element("div", {}, element("dt", {}, name), element("dd", {}, number(count)))));

  const table = makeTable({ onOpen: (item) => open(item) });
  const ranking = ranked(report.alerts, (finding) => finding.rule.id).map(([rule]) => rule);

  const change = (changes) => {
    state = { ...state, ...changes };
    writeState(state);
    draw();
  };

  const values = (name) => {
    const rows = state.tab === "alerts" ? report.alerts.map((finding) => finding.event) : report.events;
    const found = {
      rule: () => report.rules.filter((rule) => rule.used).map((rule) => rule.id),
      severity: () => SEVERITY_ORDER, outcome: () => report.outcomes, read_only: () => ["read-only", "write"],
    }[name];
    return found ? found() : [...new Set(rows.map((row) => row[name]).filter(Boolean))].sort();
  };

  const drawSelects = () => {
    const made = SELECTS.filter(([, , tab]) => tab === "both" || tab === state.tab).map(([name, label]) => {
      const options = values(name).map((value) => element("option", { value }, name === "rule" ? titles.get(value) : name === "outcome" ? OUTCOMES[value] || value : value));
      const made_ = element("select", { name, "aria-label": label, onchange: (event) => change({ [name]: event.target.value || undefined }) },
        element("option", { value: "" }, `${label}: any`), ...options);
      made_.value = state[name] || "";
      return made_;
    });
    byId("selects").replaceChildren(...made);
  };

  const drawTabs = () => {
    const tabs = [["alerts", `Alerts (${number(report.alerts.length)})`], ["events", `Events (${number(report.events.length)})`]];
    byId("tabs").replaceChildren(...tabs.map(([name, label]) => element("button", {
      type: "button", role: "tab", "aria-selected": state.tab === name, "aria-controls": "grid", tabindex: state.tab === name ? 0 : -1,
      onclick: () => { close(); change({ tab: name, severity: undefined, outcome: undefined }); },
    }, label)));
  };

  const drawChips = () => {
    const chips = [];
    if (state.from) chips.push([`${timeText(Number(state.from)).slice(0, 16)} to ${timeText(Number(state.to)).slice(0, 16)}`, { from: undefined, to: undefined }]);
    if (state.principal) chips.push([`Principal: ${state.principal}`, { principal: undefined }]);
    byId("chips").replaceChildren(...chips.map(([text, undo]) => element("button", { type: "button", title: "Take this filter out", onclick: () => change(undo) }, `${text} ✕`)));
  };

  const draw = () => {
    const found = select(report, state);
    const outsideTime = { ...state, tab: "alerts", from: undefined, to: undefined, outcome: undefined };
    drawTimeline(select(report, outsideTime), ranking, state, change);
    drawLegend(ranking, report, state, change);
    const shown = state.tab === "alerts" ? found : select(report, { ...state, tab: "alerts", outcome: undefined });
    drawBars("rules", ranked(shown, (finding) => finding.rule.id), state.rule, (rule) => titles.get(rule), (rule) => change({ rule }));
    drawBars("principals", ranked(shown, (finding) => finding.event.who), state.principal, (name) => name, (principal) => change({ principal }));
    drawTabs();
    drawSelects();
    drawChips();
    if (byId("search").value !== (state.q || "")) byId("search").value = state.q || "";
    if (byId("value").value !== (state.value || "")) byId("value").value = state.value || "";
    byId("attribute").value = state.attribute;
    const all = state.tab === "alerts" ? report.alerts.length : report.events.length;
    byId("count").textContent = found.length === all ? `${number(all)} ${state.tab}` : `${number(found.length)} of ${number(all)} ${state.tab}`;
    byId("empty").hidden = found.length > 0;
    byId("empty").textContent = all ? `No ${state.tab} fit these filters.` : `There are no ${state.tab}.`;
    table.show(found, state.tab, false);
    if (opened) table.chooseItem(opened);
  };

  const drawValues = () => {
    const rows = (state.tab === "alerts" ? report.alerts.map((finding) => finding.event) : report.events);
    const found = [...new Set(rows.map((row) => row[state.attribute]).filter(Boolean))].sort().slice(0, 500);
    byId("values").replaceChildren(...found.map((value) => element("option", { value })));
  };

  const open = async (item) => {
    opened = item;
    const row = item.event || item;
    const event = await readEvent(row, report.events_per_pack);
    if (opened !== item) return;
    const detail = byId("detail");
    detail.replaceChildren(...describeEvent(row, event, { onClose: close }));
    detail.hidden = false;
    detail.scrollTop = 0;
    document.querySelector(".split").classList.add("open");
    detail.setAttribute("aria-labelledby", "detail-title");
    state = { ...state, open: row.id };
    writeState(state);
    detail.focus({ preventScroll: true });
  };

  const close = () => {
    if (byId("detail").hidden) return;
    opened = null;
    byId("detail").hidden = true;
    byId("detail").replaceChildren();
    document.querySelector(".split").classList.remove("open");
    state = { ...state, open: undefined };
    writeState(state);
    table.focus();
  };

  const step = (by) => {
    table.move(by);
    if (!byId("detail").hidden) open(table.chosen());
  };
  const KEYS = {
    ArrowDown: () => step(1), j: () => step(1), ArrowUp: () => step(-1), k: () => step(-1),
    PageDown: () => step(table.page()), PageUp: () => step(-table.page()), Home: () => { table.end("first"); }, End: () => { table.end("last"); },
    Enter: () => table.chosen() && open(table.chosen()), "/": () => byId("search").focus(),
    a: () => { close(); change({ tab: "alerts", severity: undefined, outcome: undefined }); table.focus(); },
    e: () => { close(); change({ tab: "events", severity: undefined, outcome: undefined }); table.focus(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName);
    if (event.key === "Escape") {
      if (typing) { event.target.blur(); table.focus(); } else close();
      return;
    }
    if (typing) {
      if (event.key === "Enter" || (event.key === "ArrowDown" && event.target.id === "search")) { event.preventDefault(); table.focus(); step(1); }
      return;
    }
    const onControl = ["BUTTON", "A", "PRE"].includes(event.target.tagName) || event.target.closest("#timeline, #detail pre");
    if (onControl && ["Enter", "ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"].includes(event.key)) return;
    if (byId("detail").contains(event.target) && ["PageDown", "PageUp", "Home", "End"].includes(event.key)) return;
    if (KEYS[event.key]) { event.preventDefault(); KEYS[event.key](); }
  });

  byId("attribute").replaceChildren(...ATTRIBUTES.map(([name, label]) => element("option", { value: name }, label)));
  byId("attribute").addEventListener("change", (event) => { change({ attribute: event.target.value }); drawValues(); });
  byId("value").addEventListener("focus", drawValues);
  byId("value").addEventListener("input", (event) => change({ value: event.target.value || undefined }));
  byId("search").addEventListener("input", (event) => change({ q: event.target.value || undefined }));
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("reset", () => { close(); state = { tab: state.tab, attribute: "name" }; writeState(state); draw(); });
  addEventListener("hashchange", () => { state = readState(); draw(); });

  draw();
  if (state.open) {
    const found = select(report, state).find((item) => (item.event || item).id === state.open);
    if (found) { table.chooseItem(found); await open(found); }
  }
  document.documentElement.dataset.ready = "yes";
};

const setTheme = (theme) => {
  document.documentElement.dataset.theme = theme;
  byId("theme").textContent = theme === "dark" ? "Light" : "Dark";
  byId("theme").setAttribute("aria-pressed", theme === "dark");
};
setTheme(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
byId("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
start().catch((error) => { byId("subtitle").textContent = `This report cannot be read: ${error.message}. It needs a browser of 2023 or later.`; });
