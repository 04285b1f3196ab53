// Texts that come from mines and from the watch, made fit to read: places, alarm titles, texts in two languages.
import type { Label } from '@/api/types';

const han = /[\u3400-\u9fff]/;

/** A place is sent as "description&working area&role". On screen only the description; the working area when there is none. */
export function shortPlace(place: unknown, area?: string | null): string {
  const [description = '', working = ''] = String(place ?? '').split('&').map((part) => part.trim());
  return description || working || area?.trim() || '';
}

/** The part in one language of a text "中文 / English", line by line. A text in one language, or one that cannot be parted for certain, stays whole. */
export function oneLanguage(text: unknown, english: boolean): string {
  return String(text ?? '').split('\n').map((line) => {
    for (let at = line.indexOf(' / '); at >= 0; at = line.indexOf(' / ', at + 3)) {
      const [left, right] = [line.slice(0, at), line.slice(at + 3)];
      if (han.test(left) && !han.test(right)) return english ? right : left;
    }
    return line;
  }).join('\n');
}

/** Evidence that the watch wrote, in both languages; records take it over from an alarm. */
export const isEvidence = (text: string): boolean => /^峰值 [^\n]* \/ peak /.test(text);

/** The part in one language of "中文 (English)", as clauses name who is bound. A text of any other form stays whole. */
export function oneName(text: string, english: boolean): string {
  const [, left, right] = /^(.+?) \(([^()]+)\)$/.exec(text) ?? [];
  return left && right && han.test(left) && !han.test(right) ? (english ? right : left) : text;
}

/** A rule's name as it stands in titles, and as it is to be shown. */
export interface RuleWords {
  label: Label;
  shown: string;
}

/**
 * Title of an alarm, or of a hazard that was made of one: "[alarm number ]rule label place" with the label in the language of the screen
 * and the place short. A title of any other form stays as it is.
 */
export function alarmTitle(title: string, rules: Iterable<RuleWords>, subject: (text: string) => string = (text) => text): string {
  const [, number = '', rest = title] = /^([A-Z]{2}-\d{6,8}-\d+ )?(.*)$/s.exec(title) ?? [];
  let found: { name: string; shown: string } | null = null;
  for (const rule of rules) {
    for (const name of [rule.label.zh, rule.label.en]) {
      const fits = name && (rest === name || rest.startsWith(`${name} `));
      if (fits && name.length > (found?.name.length ?? 0)) found = { name, shown: rule.shown };
    }
  }
  if (!found) return title;
  const place = subject(shortPlace(rest.slice(found.name.length)));
  return `${number}${found.shown}${place ? ` ${place}` : ''}`;
}
