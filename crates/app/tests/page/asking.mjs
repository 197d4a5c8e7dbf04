// The view where questions are asked, as a person uses it.

import { settled } from "./browser.mjs";
import { texts } from "./texts.mjs";

const { zh } = await texts("ask");

/** The address of a question. @param {string} question @param {string} [kb] */
export const asked = (question, kb = "samples") => `#/kb/${kb}/ask?${new URLSearchParams({ q: question })}`;

/** @param {any} page */
export function askView(page) {
  return {
    box: page.getByRole("textbox", { name: zh.question, exact: true }),
    followBox: page.getByRole("textbox", { name: zh.follow, exact: true }),
    /** The citations of the answer. */
    blocks: page.locator(".ask-block"),
    status: page.locator(".ask-answer .badge").first(),
    notFound: page.locator(".ask-answer .notice").filter({ hasText: zh.notFound }),
    passages: page.locator(".ask-passages > li"),
    sheets: page.locator(".viewer .sheet"),
    marks: page.locator(".viewer .sheet-mark"),
    previous: page.getByRole("button", { name: zh.previous }),
    next: page.getByRole("button", { name: zh.next }),
    larger: page.getByRole("button", { name: zh.zoomIn }),
    smaller: page.getByRole("button", { name: zh.zoomOut }),
    place: page.locator(".viewer-place"),
    open: page.getByRole("button", { name: zh.open }),

    /** Types a question and waits for its answer. @param {string} question */
    async ask(question) {
      await this.box.fill(question);
      await this.box.press("Enter");
      await this.answered(question);
    },
    /** Waits for the answer to a question, with its page. @param {string} question */
    async answered(question) {
      await page.locator("main h1").filter({ hasText: question }).waitFor();
      await page.locator(".ask-answer button, .ask-answer .notice").first().waitFor();
      await settled(page);
    },
    /** The cited text, citation by citation, with the line breaks that the page makes. @returns {Promise<string[]>} */
    quotes() {
      return page.locator(".ask-block .quote").evaluateAll((/** @type {Element[]} */ all) => all.map((one) => one.textContent ?? ""));
    },
  };
}
