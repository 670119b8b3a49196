// Builds elements. Whatever comes from records goes in as text, never as markup.
const element = (tag, properties = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
};

const drawn = (tag, attributes = {}, ...children) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

const byId = (id) => document.getElementById(id);
const number = (value) => value.toLocaleString("en-US");
const two = (value) => String(value).padStart(2, "0");
const day = (date) => `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
const clock = (date) => `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
const timeText = (seconds) => {
  const date = new Date(seconds * 1000);
  return `${day(date)} ${clock(date)}:${two(date.getUTCSeconds())}`;
};

const webAddress = (text) => {
  try {
    return new URL(text).protocol === "https:" ? text : null;
  } catch {
    return null;
  }
};

const link = (url, text) => {
  const address = url && webAddress(url);
  return address ? element("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, text) : document.createTextNode(text);
};
