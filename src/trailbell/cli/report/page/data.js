// What the page holds: an index of all rows, and the whole events in packs that are opened when one is looked at.
const unpack = async (id) => {
  const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
};

const readIndex = async () => {
  const index = await unpack("index");
  const { texts, event_columns: names } = index;
  // Texts are held once; a row of the index names them by number.
  const rows = index.events.map((values, number) => {
    const row = { number };
    names.forEach((name, column) => { row[name] = name === "time" ? values[column] : texts[values[column]]; });
    row.findings = [];
    return row;
  });
  const alerts = [];
  index.findings.forEach(([event, rule, outcome, summary, suppression]) => {
    const finding = { event: rows[event], rule: index.rules[rule], outcome: texts[outcome], summary: texts[summary], suppression: texts[suppression] };
    rows[event].findings.push(finding);
    if (finding.outcome === "alerted") alerts.push(finding);
  });
  const newestFirst = (a, b) => b.time - a.time;
  return { ...index, events: [...rows].sort(newestFirst), alerts: alerts.sort((a, b) => newestFirst(a.event, b.event)) };
};

const packs = new Map();
const readEvent = async (row, perPack) => {
  const pack = Math.floor(row.number / perPack);
  if (!packs.has(pack)) {
    if (packs.size > 20) packs.clear();
    packs.set(pack, await unpack(`pack-${pack}`));
  }
  return packs.get(pack)[row.number % perPack];
};
