// The table: only the rows that are in view exist as elements, so that fifty thousand are as quick as fifty.
const COLUMNS = {
  alerts: [
    ["severity", "Severity", (finding) => finding.rule.severity], ["time", "Event time (UTC)", (finding) => timeText(finding.event.time)],
    ["rule", "Rule", (finding) => finding.rule.title], ["name", "Event name", (finding) => finding.event.name],
    ["user", "User name", (finding) => finding.event.user], ["resource", "Resource name", (finding) => finding.event.resource],
    ["region", "Region", (finding) => finding.event.region],
  ],
  events: [
    ["name", "Event name", (row) => row.name], ["time", "Event time (UTC)", (row) => timeText(row.time)], ["user", "User name", (row) => row.user],
    ["source", "Event source", (row) => row.source], ["type", "Resource type", (row) => row.type], ["resource", "Resource name", (row) => row.resource],
  ],
};
const SPARE_ROWS = 8;
const TALLEST = 8_000_000; // Pixels: browsers draw no taller element.

const makeTable = ({ onOpen }) => {
  const grid = byId("grid");
  const body = byId("body");
  const holder = byId("rows");
  let items = [];
  let kind = "alerts";
  let active = -1;
  let rowHeight = 34;
  let scale = 1;

  const measure = () => {
    rowHeight = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--row"));
    const height = items.length * rowHeight;
    scale = Math.max(1, height / TALLEST);
    body.style.height = `${height / scale}px`;
  };

  const draw = () => {
    const top = grid.scrollTop * scale;
    const count = Math.ceil(grid.clientHeight / rowHeight) + 2 * SPARE_ROWS;
    const first = Math.max(0, Math.min(items.length - count, Math.floor(top / rowHeight) - SPARE_ROWS));
    holder.style.transform = `translateY(${grid.scrollTop - (top - first * rowHeight)}px)`;
    holder.replaceChildren(...items.slice(first, first + count).map((item, offset) => drawRow(item, first + offset)));
    grid.setAttribute("aria-activedescendant", active >= 0 ? `row-${active}` : "");
  };

  const drawRow = (item, index) => {
    const cells = COLUMNS[kind].map(([name, , text]) => {
      const said = text(item) || "";
      const look = name === "severity" ? `severity ${said}` : name;
      return element("span", { class: look, role: "gridcell", title: said }, said);
    });
    return element("div", {
      class: `row ${kind}`, role: "row", id: `row-${index}`, "aria-rowindex": index + 2, "aria-selected": index === active,
      onclick: () => { choose(index); onOpen(items[index]); },
    }, ...cells);
  };

  const choose = (index) => {
    active = Math.max(-1, Math.min(items.length - 1, index));
    if (active < 0) return draw();
    const top = active * rowHeight;
    const head = byId("head").offsetHeight;
    const shown = grid.scrollTop * scale;
    if (top < shown) grid.scrollTop = top / scale;
    else if (top + rowHeight > shown + grid.clientHeight - head) grid.scrollTop = (top + rowHeight - grid.clientHeight + head) / scale;
    return draw();
  };

  grid.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
  new ResizeObserver(() => { measure(); draw(); }).observe(grid);

  return {
    show: (next, tab, keepActive) => {
      items = next;
      kind = tab;
      if (!keepActive) { active = -1; grid.scrollTop = 0; }
      byId("head").className = tab;
      byId("head").replaceChildren(...COLUMNS[tab].map(([, title]) => element("span", { role: "columnheader" }, title)));
      grid.setAttribute("aria-rowcount", items.length + 1);
      measure();
      draw();
    },
    move: (step) => choose(active < 0 ? 0 : active + step),
    page: () => Math.max(1, Math.floor(grid.clientHeight / rowHeight) - 2),
    end: (which) => choose(which === "first" ? 0 : items.length - 1),
    chosen: () => (active >= 0 ? items[active] : null),
    chooseItem: (item) => choose(items.indexOf(item)),
    focus: () => grid.focus({ preventScroll: true }),
  };
};
