// What is shown, as the address after # tells it: so that a view can be kept, shared and gone back to.
const ATTRIBUTES = [
  ["name", "Event name"], ["user", "User name"], ["source", "Event source"], ["type", "Resource type"], ["resource", "Resource name"],
  ["key", "AWS access key"], ["id", "Event ID"],
];
const SELECTS = [
  ["severity", "Severity", "alerts"], ["rule", "Rule", "both"], ["outcome", "Outcome", "events"], ["account", "Account", "both"],
  ["region", "Region", "both"], ["read_only", "Read-only", "both"],
];
const FIELDS = ["tab", "q", "attribute", "value", "from", "to", "principal", "open", ...SELECTS.map(([name]) => name)];

const readState = () => {
  const given = new URLSearchParams(location.hash.slice(1));
  const state = { tab: "alerts", attribute: "name" };
  FIELDS.forEach((name) => { if (given.get(name)) state[name] = given.get(name); });
  return state;
};

const writeState = (state) => {
  const kept = FIELDS.filter((name) => state[name] && !(name === "tab" && state.tab === "alerts") && !(name === "attribute" && !state.value));
  const text = new URLSearchParams(kept.map((name) => [name, state[name]])).toString();
  history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
};

// Everything that a row can be found by, in small letters, put together when it is first asked for.
const haystack = (row) => {
  if (row.hay === undefined) {
    const said = row.findings.map((finding) => `${finding.rule.id} ${finding.rule.title} ${finding.summary}`);
    row.hay = [row.name, row.user, row.source, row.type, row.resource, row.region, row.account, row.key, row.id, row.address, row.error, ...said]
      .join(" ").toLowerCase();
  }
  return row.hay;
};

const select = (report, state) => {
  const alerts = state.tab === "alerts";
  const words = (state.q || "").toLowerCase().split(/\s+/).filter(Boolean);
  const value = (state.value || "").toLowerCase();
  const fits = (row, findings) =>
    words.every((word) => haystack(row).includes(word)) &&
    (!value || String(row[state.attribute]).toLowerCase().includes(value)) &&
    (!state.from || row.time >= Number(state.from)) && (!state.to || row.time < Number(state.to)) &&
    (!state.principal || row.who === state.principal) &&
    (!state.account || row.account === state.account) && (!state.region || row.region === state.region) &&
    (!state.read_only || row.read_only === state.read_only) &&
    (!state.rule || findings.some((finding) => finding.rule.id === state.rule)) &&
    (!alerts || !state.severity || findings[0].rule.severity === state.severity) &&
    (alerts || !state.outcome || findings.some((finding) => finding.outcome === state.outcome));
  return alerts
    ? report.alerts.filter((finding) => fits(finding.event, [finding]))
    : report.events.filter((row) => fits(row, row.findings));
};
