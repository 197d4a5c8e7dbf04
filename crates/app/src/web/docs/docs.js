// Lists the routes of openapi.json and tries them. Everything it shows is set as text, never as
// HTML.
"use strict";

/** @param {string} name @param {Record<string, any>} properties @param {...any} children @returns {any} */
const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

/** The description. @type {any} */
let api;
/** @param {string} id @returns {any} */
const place = (id) => document.getElementById(id);

/** @param {any} schema @returns {any} */
const resolve = (schema) =>
  schema && schema.$ref ? resolve(schema.$ref.slice(2).split("/").reduce((/** @type {any} */ at, /** @type {string} */ key) => at[key], api)) : schema || {};

/** A value that fits a schema, to begin with. @param {any} given @returns {any} */
const example = (given, depth = 0) => {
  const schema = resolve(given);
  if ("example" in schema) return schema.example;
  if (schema.enum) return schema.enum[0];
  const variants = schema.oneOf || schema.anyOf;
  if (variants) return example(variants.find((/** @type {any} */ one) => one.type !== "null"), depth);
  const type = [schema.type].flat().find((one) => one !== "null");
  if (type === "object" && depth < 4) {
    const all = Object.entries(schema.properties || {});
    const needed = all.filter(([name]) => (schema.required || []).includes(name));
    return Object.fromEntries(needed.map(([name, one]) => [name, example(one, depth + 1)]));
  }
  /** @type {Record<string, any>} */
  const simple = { array: [], integer: 1, number: 1, boolean: false, string: "" };
  return simple[type] ?? null;
};

/** @typedef {{ parameter: any, input: any, row: any }} Field */

/** @param {any} parameter @returns {Field} */
const field = (parameter) => {
  const schema = resolve(parameter.schema);
  const hint = [parameter.in, parameter.required ? "required" : "optional"].join(", ");
  const input = make("input", { name: parameter.name, placeholder: String(schema.example ?? "") });
  const about = make("small", { textContent: `${hint}. ${parameter.description || ""}` });
  const row = make("label", { className: "field" }, make("span", { textContent: parameter.name }), make("span", {}, input, " ", about));
  return { parameter, input, row };
};

/** @param {string} path @param {Field[]} fields */
const address = (path, fields) => {
  const query = new URLSearchParams();
  let filled = path;
  for (const { parameter, input } of fields) {
    if (parameter.in === "path") filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    if (parameter.in === "query" && input.value !== "") query.append(parameter.name, input.value);
  }
  return query.size ? `${filled}?${query}` : filled;
};

/** @param {Field[]} fields @param {{ kind: string } | null} body */
const headers = (fields, body) => {
  /** @type {Record<string, string>} */
  const all = {};
  const key = place("key").value.trim();
  if (key) all.Authorization = `Bearer ${key}`;
  if (body) all["Content-Type"] = body.kind;
  for (const { parameter, input } of fields) {
    if (parameter.in === "header" && input.value !== "") all[parameter.name] = input.value;
  }
  return all;
};

/** @param {Response} response @param {any} out @param {number} took */
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

/** @param {any} operation */
const bodyOf = (operation) => {
  const content = Object.entries((operation.requestBody || {}).content || {})[0];
  if (!content) return null;
  const [kind, { schema }] = content;
  const text = kind.includes("json") ? JSON.stringify(example(schema), null, 2) : "";
  return { kind, input: make("textarea", { value: text, spellcheck: false, ariaLabel: "Body" }) };
};

/** @param {any} operation */
const answers = (operation) => {
  const lines = Object.entries(operation.responses || {}).map(([status, response]) => {
    const about = resolve(response).description || "";
    return `${status}  ${about.includes("\n") || about.startsWith("- ") ? `\n${about}` : about}`;
  });
  return make("details", {}, make("summary", { textContent: "Responses" }), make("p", { className: "about", textContent: lines.join("\n") }));
};

/** @param {string} path @param {string} method @param {any} operation */
const route = (path, method, operation) => {
  const fields = (operation.parameters || []).map(field);
  const body = bodyOf(operation);
  const out = make("div");
  const send = make("button", { textContent: "Send", type: "submit" });
  const form = make("form", {}, ...fields.map((/** @type {Field} */ one) => one.row));
  if (body) form.append(make("h3", { textContent: `Body, ${body.kind}` }), body.input);
  form.append(make("p", {}, send));
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
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
  const groups = new Map((api.tags || []).map((/** @type {any} */ tag) => [tag.name, { about: tag.description || "", routes: [] }]));
  for (const [path, item] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const tag = (operation.tags || ["service"])[0];
      if (!groups.has(tag)) groups.set(tag, { about: "", routes: [] });
      groups.get(tag).routes.push(route(path, method, operation));
    }
  }
  const main = place("routes");
  main.replaceChildren();
  for (const [name, { about, routes }] of groups) {
    if (routes.length) main.append(make("h2", { textContent: name }), make("p", { className: "about", textContent: about }), ...routes);
  }
};

fetch("openapi.json")
  .then((response) => response.json())
  .then((json) => { api = json; list(); })
  .catch((error) => { place("routes").textContent = `The description cannot be loaded: ${error}`; });
