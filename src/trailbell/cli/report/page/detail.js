// One event, laid out as the CloudTrail console does.
const pairs = (entries) => element("dl", {}, ...entries.filter(([, value]) => value !== null && value !== undefined && value !== "")
  .flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value instanceof Node ? value : String(value))]));

const section = (title, ...content) => [element("h3", {}, title), ...content];

// JSON in colours, piece by piece as text.
const JSON_PIECES = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const jsonBlock = (value) => {
  const text = JSON.stringify(value, null, 2);
  const block = element("pre", { tabindex: 0 });
  let at = 0;
  for (const found of text.matchAll(JSON_PIECES)) {
    block.append(text.slice(at, found.index));
    const look = found[1] ? (found[2] ? "key" : "string") : "literal";
    block.append(element("span", { class: look }, found[1] || found[0]), found[2] || "");
    at = found.index + found[0].length;
  }
  block.append(text.slice(at));
  return block;
};

const yesNo = (value) => (value === true ? "Yes" : value === false ? "No" : null);

const firedRules = (row) => {
  const items = row.findings.map((finding) => element("li", {},
    element("span", { class: `severity ${finding.rule.severity}` }, finding.rule.severity), ` ${finding.rule.title} `,
    element("span", { class: "kind" }, `${finding.rule.id}, ${OUTCOMES[finding.outcome] || finding.outcome}${finding.suppression ? ` by ${finding.suppression}` : ""}`),
    finding.summary ? element("div", {}, finding.summary) : null));
  return section("Rules", element("ul", {}, ...items));
};

const describeEvent = (row, event, { onClose }) => {
  const { event: call, principal, origin } = event;
  const record = event.record;
  const copy = element("button", { type: "button", onclick: async () => {
    const text = JSON.stringify(record, null, 2);
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = element("textarea", {}, text);
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    copy.textContent = "Copied";
  } }, "Copy record");
  const resources = event.resources.map((resource) => element("li", {},
    link(resource.url, resource.name && resource.name !== resource.id ? `${resource.id} (${resource.name})` : resource.id),
    element("div", { class: "kind" }, [resource.type, resource.role === "used" ? "" : resource.role].filter(Boolean).join(", ")),
    resource.arn && resource.arn !== resource.id ? element("div", { class: "mono" }, resource.arn) : null));
  return [
    element("div", { class: "top" }, element("div", {}, element("h2", { id: "detail-title" }, call.name), element("p", { class: "kind" }, call.source)),
      element("button", { type: "button", "aria-label": "Close details", onclick: onClose }, "Close")),
    element("div", { class: "actions" }, call.url && webAddress(call.url) ? link(call.url, "Open in CloudTrail") : null),
    ...section("Summary", pairs([
      ["Event time", `${timeText(row.time)} UTC`], ["User name", row.user], ["Event name", call.name], ["Event source", call.source], ["Service", call.service],
      ["User identity", principal.type], ["Who", principal.display], ["Identity ARN", principal.arn], ["AWS access key", principal.access_key_id],
      ["Credentials", principal.credentials], ["MFA", yesNo(principal.mfa)], ["Invoked by", principal.invoked_by],
      ["Source IP address", origin.address], ["Network", origin.network], ["User agent", origin.user_agent], ["AWS region", call.region],
      ["Account", call.account_name ? `${call.account_name} (${call.account_id})` : call.account_id],
      ["Error code", call.error_code], ["Error message", call.error_message], ["Resource count", event.resource_count],
    ])),
    ...(row.findings.length ? firedRules(row) : []),
    ...section(`Resources (${event.resource_count})`, resources.length ? element("ul", {}, ...resources) : element("p", { class: "kind" }, "None named.")),
    ...section("Request parameters", jsonBlock(record.requestParameters ?? null)),
    ...section("Response elements", jsonBlock(record.responseElements ?? null)),
    ...section("Additional metadata", pairs([
      ["Request ID", call.request_id], ["Event ID", call.id], ["Shared event ID", call.shared_event_id], ["Read-only", yesNo(call.read_only)], ["Event type", call.type],
      ["Event category", call.category], ["Recipient account", record.recipientAccountId], ["Event version", record.eventVersion], ["TLS", origin.tls_version], ["VPC endpoint", origin.vpc_endpoint_id],
    ])),
    ...section("Event record", jsonBlock(record), element("div", { class: "actions" }, copy)),
  ];
};
