// Lists the routes of openapi.json and tries them. Everything it shows is set as text, never as
// HTML.
"use strict";

const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

let api;

const resolve = (schema) =>
  schema && schema.$ref ? resolve(schema.$ref.slice(2).split("/").reduce((at, key) => at[key], api)) : schema || {};

// A value that fits a schema, to begin with.
const example = (given, depth = 0) => {
  const schema = resolve(given);
  if ("example" in schema) return schema.example;
  if (schema.enum) return schema.enum[0];
  const variants = schema.oneOf || schema.anyOf;
  if (variants) return example(variants.find((one) => one.type !== "null"), depth);
  const type = [].concat(schema.type).find((one) => one !== "null");
  if (type === "object" && depth < 4) {
    const all = Object.entries(schema.properties || {});
    const needed = all.filter(([name]) => (schema.required || []).includes(name));
    return Object.fromEntries(needed.map(([name, one]) => [name, example(one, depth + 1)]));
  }
  return { array: [], integer: 1, number: 1, boolean: false, string: "" }[type] ?? null;
};

const field = (parameter) => {
  const schema = resolve(parameter.schema);
  const hint = [parameter.in, parameter.required ? "required" : "optional"].join(", ");
  const input = make("input", { name: parameter.name, placeholder: String(schema.example ?? "") });
  const about = make("small", { textContent: `${hint}. ${parameter.description || ""}` });
  const row = make("label", { className: "field" }, make("span", { textContent: parameter.name }), make("span", {}, input, " ", about));
  return { parameter, input, row };
};

const address = (path, fields) => {
  const query = new URLSearchParams();
  let filled = path;
  for (const { parameter, input } of fields) {
    if (parameter.in === "path") filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    if (parameter.in === "query" && input.value !== "") query.append(parameter.name, input.value);
  }
  return query.size ? `${filled}?${query}` : filled;
};

const headers = (fields, body) => {
  const all = {};
  const key = document.getElementById("key").value.trim();
  if (key) all.Authorization = `Bearer ${key}`;
  if (body) all["Content-Type"] = body.kind;
  for (const { parameter, input } of fields) {
    if (parameter.in === "header" && input.value !== "") all[parameter.name] = input.value;
  }
  return all;
};

const show = async (response, out, took) => {
  const kind = response.headers.get("content-type") || "";
  const lines = [`${response.status} ${response.statusText}  (${took} ms)`];
  for (const [name, value] of response.headers) lines.push(`${name}: ${value}`);
  out.replaceChildren(make("pre", { textContent: lines.join("\n") }));
  if (kind.startsWith("image/")) {
    out.append(make("img", { src: URL.createObjectURL(await response.blob()), alt: "" }));
    return;
  }
  let text = await response.text();
  if (kind.includes("json")) {
    try { text = JSON.stringify(JSON.parse(text), null, 2); } catch { /* shown as it came */ }
  }
  if (text) out.append(make("pre", { textContent: text.slice(0, 200000) }));
};

const bodyOf = (operation) => {
  const content = Object.entries((operation.requestBody || {}).content || {})[0];
  if (!content) return null;
  const [kind, { schema }] = content;
  const text = kind.includes("json") ? JSON.stringify(example(schema), null, 2) : "";
  return { kind, input: make("textarea", { value: text, spellcheck: false, ariaLabel: "Body" }) };
};

const answers = (operation) => {
  const lines = Object.entries(operation.responses || {}).map(([status, response]) => {
    const about = resolve(response).description || "";
    return `${status}  ${about.includes("\n") || about.startsWith("- ") ? `\n${about}` : about}`;
  });
  return make("details", {}, make("summary", { textContent: "Responses" }), make("p", { className: "about", textContent: lines.join("\n") }));
};

const route = (path, method, operation) => {
  const fields = (operation.parameters || []).map(field);
  const body = bodyOf(operation);
  const out = make("div");
  const send = make("button", { textContent: "Send", type: "submit" });
  const form = make("form", {}, ...fields.map((one) => one.row));
  if (body) form.append(make("h3", { textContent: `Body, ${body.kind}` }), body.input);
  form.append(make("p", {}, send));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    const begin = performance.now();
    try {
      const options = { method: method.toUpperCase(), headers: headers(fields, body), body: body ? body.input.value : undefined };
      const response = await fetch(address(path, fields), options);
      await show(response, out, Math.round(performance.now() - begin));
    } catch (error) {
      out.replaceChildren(make("pre", { textContent: String(error) }));
    } finally {
      send.disabled = false;
    }
  });
  const title = make("summary", {}, make("span", { className: "method", textContent: method.toUpperCase() }), make("code", { textContent: path }), ` ${operation.summary || ""}`);
  const about = make("p", { className: "about", textContent: operation.description || "" });
  return make("details", {}, title, about, form, out, answers(operation));
};

const list = () => {
  const groups = new Map((api.tags || []).map((tag) => [tag.name, { about: tag.description || "", routes: [] }]));
  for (const [path, item] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const tag = (operation.tags || ["service"])[0];
      if (!groups.has(tag)) groups.set(tag, { about: "", routes: [] });
      groups.get(tag).routes.push(route(path, method, operation));
    }
  }
  const main = document.getElementById("routes");
  main.replaceChildren();
  for (const [name, { about, routes }] of groups) {
    if (routes.length) main.append(make("h2", { textContent: name }), make("p", { className: "about", textContent: about }), ...routes);
  }
};

fetch("openapi.json")
  .then((response) => response.json())
  .then((json) => { api = json; list(); })
  .catch((error) => { document.getElementById("routes").textContent = `The description cannot be loaded: ${error}`; });
