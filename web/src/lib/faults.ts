import { nextTick } from 'vue';

/** After a refusal: the first marked field that is on the screen's page comes into view, so that nobody has to look for it. */
export async function showFirstFault(): Promise<void> {
  await nextTick();
  const marked = [...document.querySelectorAll<HTMLElement>('.field.bad')].find((field) => field.offsetParent !== null);
  marked?.scrollIntoView({ block: 'center' });
}
