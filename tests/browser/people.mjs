// The people of a story: each has a window of their own and does with records what the screens offer - makes them, takes steps, signs,
// raises one from another - by the fields and buttons that a person sees.
import assert from 'node:assert/strict';
import { signedIn } from './browser.mjs';

const shown = (page, id) => page.getByTestId(id).filter({ visible: true });

/** Fills one row of a form by the kind of control that stands in it. A reference is chosen by the words that name it. */
export async function fillField(scope, page, name, value) {
  const row = scope.getByTestId(`field-${name}`);
  await row.waitFor();
  if (value && typeof value === 'object' && value.file) {
    await row.locator('input[type="file"]').setInputFiles({ name: value.file, mimeType: value.bytes ? 'image/png' : 'application/pdf', buffer: value.bytes ?? Buffer.from(value.text ?? '%PDF-1.7 paper') });
    await row.locator('li').first().waitFor();
  } else if (value && typeof value === 'object' && value.choose) {
    await row.locator('input').first().click();
    await row.locator('input').first().fill(value.choose);
    await page.locator('.el-select-dropdown__item').filter({ visible: true, hasText: value.choose }).first().click();
  } else if (Array.isArray(value)) {
    for (const code of value) await row.getByTestId(`choice-${code}`).click();
  } else if (typeof value === 'boolean') {
    const control = row.locator('.el-switch');
    if ((await control.locator('input').isChecked()) !== value) await control.click();
  } else if (await row.locator('select').count()) {
    await row.locator('select').selectOption(value);
  } else {
    const control = row.locator('textarea, input').first();
    await control.fill(String(value));
    if (await row.locator('.el-date-editor').count()) await control.press('Enter');
  }
}
export async function fillFields(scope, page, fields) {
  for (const [name, value] of Object.entries(fields)) await fillField(scope, page, name, value);
}

export class People {
  constructor(browser, server) {
    this.browser = browser;
    this.server = server;
    this.windows = new Map();
  }

  /** The window of an account, signed in once. */
  async window(name, options = {}) {
    const key = `${name}/${options.size ?? 'wide'}/${options.language ?? 'zh-CN'}`;
    if (!this.windows.has(key)) this.windows.set(key, await signedIn(this.browser, this.server, name, options));
    return this.windows.get(key).page;
  }
  async close() {
    for (const window of this.windows.values()) await window.close();
    this.windows.clear();
  }

  async open(name, record, options) {
    const page = await this.window(name, options);
    await page.goto(`${this.server.url}/records/${record.type}/${record.id}`);
    await page.getByTestId('entry-time').waitFor();
    return page;
  }

  /** A new record of a type; `fields` as the form shows them. Gives its type and id. */
  async create(name, type, fields, options) {
    const page = await this.window(name, options);
    await page.goto(`${this.server.url}/records/${type}/new`);
    await fillFields(page.getByTestId('record-form'), page, fields);
    await page.getByTestId('save').click();
    return this.landed(page, type);
  }
  async landed(page, type) {
    await page.waitForURL(new RegExp(`/records/${type}/\\d+$`));
    await page.getByTestId('entry-time').waitFor();
    return { type, id: page.url().split('/').pop() };
  }

  async step(name, record, step, fields = {}, reason, options) {
    const page = await this.open(name, record, options);
    const dialog = await this.begin(page, step, fields, reason);
    await dialog.getByTestId('step-submit').click();
    await dialog.waitFor({ state: 'hidden' });
    return page;
  }
  /** Opens a step and fills it in, without sending it. */
  async begin(page, step, fields = {}, reason) {
    await page.getByTestId(`step-${step}`).click();
    const dialog = shown(page, 'step-dialog');
    await dialog.getByTestId('step-submit').waitFor();
    await fillFields(dialog, page, fields);
    if (reason) await dialog.getByTestId('field-reason').locator('textarea').fill(reason);
    return dialog;
  }
  /** Tries a step that must be refused; gives the words of the refusal. What the record cannot take is said before anything can be filled in. */
  async refusedStep(name, record, step, fields = {}, reason, options) {
    const page = await this.open(name, record, options);
    const blocked = await page.getByTestId(`step-${step}`).evaluate((button) => button.classList.contains('blocked'));
    if (blocked) await page.getByTestId(`step-${step}`).click();
    const dialog = blocked ? shown(page, 'step-dialog') : await this.begin(page, step, fields, reason);
    if (!blocked) await dialog.getByTestId('step-submit').click();
    const told = dialog.getByRole('alert').first();
    await told.waitFor();
    return { page, words: (await dialog.getByRole('alert').allInnerTexts()).join('\n') };
  }

  async raise(name, record, raise, type, fields = {}, options) {
    const page = await this.open(name, record, options);
    await page.getByTestId(`raise-${raise}`).click();
    const dialog = shown(page, 'raise-dialog');
    await dialog.getByTestId('raise-submit').waitFor();
    const there = async (field) => (await dialog.getByTestId(`field-${field}`).count()) > 0;
    const all = await Promise.all(Object.keys(fields).map(there));
    if (all.includes(false)) await dialog.getByTestId('raise-more').click();
    await fillFields(dialog, page, fields);
    await dialog.getByTestId('raise-submit').click();
    return this.landed(page, type);
  }

  async sign(name, record, how = 'agree', words = '', options) {
    const page = await this.open(name, record, options);
    await page.getByTestId(`sign-${how}`).click();
    const dialog = shown(page, 'sign-dialog');
    if (words) await dialog.locator('textarea').fill(words);
    await dialog.getByTestId('sign-submit').click();
    await dialog.waitFor({ state: 'hidden' });
    return page;
  }

  /** The text of a value on the page of a record. */
  async value(page, field) {
    return (await page.getByTestId(`value-${field}`).first().innerText()).trim();
  }
  async expectValue(page, field, expected) {
    assert.match(await this.value(page, field), expected, `${field} on ${page.url()}`);
  }
}
