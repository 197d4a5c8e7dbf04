// Servers for the tests of the page: the real program, on a free port, over knowledge bases that are
// built once for all tests of a run and copied for each server.
//
// The environment, as scripts/test-page sets it: YUANWEN_BIN is the program, PAGE_WORK a folder that
// is removed after the run.

import { execFile, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { after } from "node:test";

const run = promisify(execFile);

/** The checkout. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../../../..");
const BIN = process.env.YUANWEN_BIN ?? join(ROOT, "target/debug/yuanwen");
const WORK = process.env.PAGE_WORK ?? mkdtempSync(join(tmpdir(), "yuanwen-page-"));
/** How long a server may take to start or to end, in milliseconds. A debug build beside others is slow. */
const PATIENCE = 120_000;

/** What a knowledge base is made of, by its id, and what people call it. */
const BASES = {
  samples: { name: "远山通信", folder: "samples/docs", files: /\.pdf$/ },
  formats: { name: "多种格式", folder: "samples/formats", files: /^网络运行简报\.(csv|docx|eml|epub|html|json|md|ods|pdf|pptx|txt|xlsx)$/ },
};

/** A knowledge base that nobody has touched, built when it is first wanted. @param {keyof typeof BASES} id */
async function built(id) {
  const dir = join(WORK, "built", id);
  if (existsSync(dir)) return dir;
  const { name, folder, files } = BASES[id];
  await mkdir(dirname(dir), { recursive: true });
  const data = await mkdtemp(join(WORK, "making-"));
  const server = await start(data);
  await server.post("/kbs", { id, name });
  const chosen = (await readdir(join(ROOT, folder))).filter((file) => files.test(file));
  for (const file of chosen) await server.upload(id, file, await readFile(join(ROOT, folder, file)));
  await server.settled(id);
  await server.stop();
  await rename(join(data, "kbs", id), dir);
  await rm(data, { recursive: true });
  return dir;
}

/**
 * @typedef {object} Wanted
 * @property {(keyof typeof BASES)[]} [kbs] what is served; `["samples"]` if not said
 * @property {string[]} [args] more arguments of `yuanwen serve`
 * @property {Record<string, string>} [env]
 */

/** A server that ends with the tests of this file. @param {Wanted} [wanted] */
export async function serve({ kbs = ["samples"], args = [], env = {} } = {}) {
  mkdirSync(WORK, { recursive: true });
  const data = await mkdtemp(join(WORK, "data-"));
  for (const kb of kbs) await cp(await built(kb), join(data, "kbs", kb), { recursive: true });
  const server = await start(data, args, env);
  if (process.env.NODE_TEST_CONTEXT) after(() => server.stop());
  return server;
}

/** @param {string} data @param {string[]} args @param {Record<string, string>} env */
async function start(data, args = [], env = {}) {
  const child = spawn(BIN, ["serve", "--data", data, "--listen", "127.0.0.1:0", ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env },
  });
  process.once("exit", () => child.kill("SIGKILL"));
  const ended = new Promise((done) => child.once("exit", done));

  let said = "";
  const url = await new Promise((found, fail) => {
    const late = setTimeout(() => fail(new Error(`the server did not start:\n${said}`)), PATIENCE);
    child.stderr.setEncoding("utf8").on("data", (part) => {
      said = (said + part).slice(-20_000);
      const at = said.match(/http:\/\/[\d.]+:\d+/);
      if (at) {
        clearTimeout(late);
        found(at[0]);
      }
    });
    child.once("exit", (code) => fail(new Error(`the server ended with ${code}:\n${said}`)));
    child.once("error", fail);
  });
  return new Server(url, data, child, ended);
}

class Server {
  /** @param {string} url @param {string} data @param {import("node:child_process").ChildProcess} child @param {Promise<any>} ended */
  constructor(url, data, child, ended) {
    this.url = url;
    this.data = data;
    this.child = child;
    this.ended = ended;
    /** The key that the tests' own requests are sent with. @type {string | null} */
    this.key = null;
  }

  /** Ends it; what does not end is killed. */
  async stop() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill("SIGTERM");
    const late = setTimeout(() => this.child.kill("SIGKILL"), PATIENCE);
    await this.ended;
    clearTimeout(late);
  }

  /** Asks the interface; what it refuses is an error. @param {string} method @param {string} path @param {any} [body] a string goes as it is */
  async ask(method, path, body) {
    const isText = typeof body === "string" || body instanceof Uint8Array;
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      body: body === undefined || isText ? body : JSON.stringify(body),
      headers: {
        ...(body === undefined ? {} : { "content-type": isText ? "application/octet-stream" : "application/json" }),
        ...(this.key ? { authorization: `Bearer ${this.key}` } : {}),
      },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text && response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
  }

  /** @param {string} path */
  get(path) {
    return this.ask("GET", path);
  }
  /** @param {string} path @param {any} [body] */
  post(path, body) {
    return this.ask("POST", path, body);
  }
  /** @param {string} path @param {any} body */
  patch(path, body) {
    return this.ask("PATCH", path, body);
  }

  /** Puts a file into a knowledge base. @param {string} kb @param {string} name @param {Uint8Array | string} content */
  upload(kb, name, content) {
    return this.post(`/kbs/${kb}/documents?${new URLSearchParams({ name })}`, content);
  }

  /** Makes a key by the program, as an administrator does on the machine. @param {"read" | "write" | "admin"} scope @param {string[]} [more] */
  async newKey(scope, more = []) {
    const { stdout } = await run(BIN, ["key", "create", "--data", this.data, "--scope", scope, ...more]);
    return stdout.trim();
  }

  /** Waits until nothing is being read. @param {string} kb */
  async settled(kb) {
    await until(async () => {
      const { documents } = await this.get(`/kbs/${kb}/documents?limit=500`);
      return !documents.some((/** @type {any} */ one) => ["waiting", "reading", "indexing"].includes(one.state));
    }, "documents are still being read");
  }
}

/** Waits for a condition, for the longest `PATIENCE`. @param {() => any} holds @param {string} otherwise what to say if it never does */
export async function until(holds, otherwise) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const value = await holds();
    if (value) return value;
    if (Date.now() > end) throw new Error(otherwise);
    await new Promise((done) => setTimeout(done, 100));
  }
}
