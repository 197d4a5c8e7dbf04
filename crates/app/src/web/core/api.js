// The service: one function a way of asking. A failure is a `Failure` with the service's code, or
// with `offline` where nothing answered.

import { kept, keep } from "./kept.js";

const ROOT = "/api/v1";

/** What went wrong. */
export class Failure extends Error {
  /**
   * @param {string} code the service's code, or `offline`, `aborted`
   * @param {string} message
   * @param {number} status
   * @param {Record<string, any>} details
   */
  constructor(code, message, status = 0, details = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

/** Called when a request was refused for want of a valid key. @type {() => void} */
let refused = () => {};

/** @param {() => void} then */
export function whenRefused(then) {
  refused = then;
}

/** The key that requests are sent with, if any. */
export function key() {
  return kept("key") ?? "";
}

/** @param {string} value empty forgets it */
export function setKey(value) {
  keep("key", value || null);
}

/** A part of an address. @param {TemplateStringsArray} parts @param {...any} values */
export function path(parts, ...values) {
  return parts.reduce((all, part, at) => all + encodeURIComponent(values[at - 1]) + part);
}

/** @param {string} address @param {Record<string, any>} [params] those without a value are left out */
export function withParams(address, params = {}) {
  const given = Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== "");
  if (!given.length) return address;
  return `${address}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** @param {Record<string, string>} [more] */
function headers(more = {}) {
  const own = key();
  return own ? { ...more, authorization: `Bearer ${own}` } : more;
}

/**
 * @param {string} address below the root
 * @param {RequestInit} [request]
 * @returns {Promise<Response>}
 */
async function send(address, request = {}) {
  const about = /** @type {any} */ (request.headers);
  const response = await whole(fetch(ROOT + address, { cache: "no-cache", ...request, headers: headers(about) }));
  if (!response.ok) throw await failure(response);
  return response;
}

/** @param {Response} response @returns {Promise<Failure>} */
async function failure(response) {
  const body = await response.json().catch(() => null);
  return failed(response.status, body);
}

/** @param {number} status @param {any} body @returns {Failure} */
function failed(status, body) {
  const error = body?.error ?? {};
  if (status === 401) refused();
  return new Failure(error.code ?? "unknown", error.message ?? `HTTP ${status}`, status, error.details ?? {});
}

/**
 * A reply, or what it has: either may be given up or break off, also after its head has come.
 * @template T
 * @param {Promise<T>} coming
 * @returns {Promise<T>}
 */
async function whole(coming) {
  try {
    return await coming;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw new Failure("aborted", "");
    throw new Failure("offline", String(error));
  }
}

/** @param {string} address @param {Record<string, any>} [params] @param {AbortSignal} [signal] @returns {Promise<any>} */
export async function get(address, params, signal) {
  return whole((await send(withParams(address, params), { signal })).json());
}

/** @param {string} address @param {Record<string, any>} [params] @param {AbortSignal} [signal] @returns {Promise<string>} */
export async function text(address, params, signal) {
  return whole((await send(withParams(address, params), { signal })).text());
}

/** @param {string} address @param {Record<string, any>} [params] @param {AbortSignal} [signal] @returns {Promise<Blob>} */
export async function blob(address, params, signal) {
  return whole((await send(withParams(address, params), { signal, cache: "default" })).blob());
}

/**
 * A large file as it arrives.
 * @param {string} address @param {AbortSignal} [signal]
 * @returns {Promise<{ body: ReadableStream<Uint8Array>, length: number }>} 0 where its length is not known
 */
export async function stream(address, signal) {
  const response = await send(address, { signal, cache: "no-store" });
  const body = /** @type {ReadableStream<Uint8Array>} */ (response.body);
  return { body, length: Number(response.headers.get("content-length") ?? 0) };
}

/** @param {string} method @param {string} address @param {any} [body] @param {AbortSignal} [signal] @returns {Promise<any>} */
async function change(method, address, body, signal) {
  const about = body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await send(address, { method, signal, ...about });
  return response.status === 204 ? null : whole(response.json());
}

/** @param {string} address @param {any} [body] @param {AbortSignal} [signal] @returns {Promise<any>} */
export const post = (address, body, signal) => change("POST", address, body, signal);
/** @param {string} address @param {any} [body] @returns {Promise<any>} */
export const patch = (address, body) => change("PATCH", address, body);
/** @param {string} address @returns {Promise<null>} */
export const remove = (address) => change("DELETE", address);

/**
 * Gets plain text with its tag, which `putText` takes lest what others wrote meanwhile is lost.
 * @param {string} address @param {AbortSignal} [signal]
 * @returns {Promise<{ text: string, tag: string }>}
 */
export async function taggedText(address, signal) {
  const response = await send(address, { signal });
  return { text: await whole(response.text()), tag: response.headers.get("etag") ?? "" };
}

/**
 * Puts plain text.
 * @param {string} address @param {string} body
 * @param {string} [tag] of what it is to replace; without it whatever is there
 * @returns {Promise<any>}
 */
export async function putText(address, body, tag) {
  const about = { method: "PUT", body, headers: { "content-type": "text/plain", ...(tag ? { "if-match": tag } : {}) } };
  return (await send(address, about)).json();
}

/**
 * Sends a file, telling how much of it has gone.
 * @param {string} address
 * @param {Blob} file
 * @param {(share: number) => void} each 0 to 1
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export function upload(address, file, each, signal) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", ROOT + address);
    for (const [name, value] of Object.entries(headers({ "content-type": "application/octet-stream" }))) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => event.lengthComputable && each(event.loaded / event.total);
    request.onerror = () => fail(new Failure("offline", "the connection broke"));
    request.onabort = () => fail(new Failure("aborted", ""));
    request.onload = () => {
      let body = null;
      try {
        body = JSON.parse(request.responseText);
      } catch {
        // Told by the status then.
      }
      if (request.status >= 200 && request.status < 300) done(body);
      else fail(failed(request.status, body));
    };
    signal?.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

/**
 * Asks for an answer event by event (server-sent events over POST).
 * @param {string} address
 * @param {any} body
 * @param {(name: string, data: any) => void} each
 * @param {AbortSignal} [signal]
 */
export async function events(address, body, each, signal) {
  const response = await send(address, {
    method: "POST",
    body: JSON.stringify(body),
    signal,
    headers: { "content-type": "application/json", accept: "text/event-stream" },
  });
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let waiting = "";
  for (;;) {
    const { done, value } = await whole(reader.read());
    waiting += decoder.decode(value, { stream: !done });
    const told = waiting.split("\n\n");
    waiting = told.pop() ?? "";
    told.forEach((event) => tell(event, each));
    if (done) return;
  }
}

/** @param {string} event @param {(name: string, data: any) => void} each */
function tell(event, each) {
  let name = "message";
  const data = [];
  for (const line of event.split("\n")) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
  }
  if (data.length) each(name, JSON.parse(data.join("\n")));
}

/** The whole address of something of the service, for people to open. @param {string} address */
export function address(address) {
  return ROOT + address;
}
