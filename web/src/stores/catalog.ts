import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { api, ApiError } from '@/api/client';
import type { Catalog, Dictionary, Field, Label, RecordType, RuleName, Workflow } from '@/api/types';
import { i18n } from '@/i18n';
import { systemKey } from '@/lib/feeds';
import { formatInstant } from '@/lib/format';
import { periodOf } from '@/lib/periods';
import { alarmTitle, isEvidence, oneLanguage, shortPlace, type RuleWords } from '@/lib/words';
import { keptCatalog } from '@/offline/device';
import { usePrefs } from './prefs';

/** Everything the packs say about records, by name. Loaded once after sign-in. */
export const useCatalog = defineStore('catalog', () => {
  const prefs = usePrefs();
  const catalog = shallowRef<Catalog | null>(null);
  const loaded = ref(false);
  const types = new Map<string, RecordType>();
  const workflows = new Map<string, Workflow>();
  const dictionaries = new Map<string, Dictionary>();
  const rules = new Map<string, RuleName>();

  async function load(): Promise<void> {
    const answer = await api.get<Catalog>('/catalog').catch(kept);
    types.clear();
    workflows.clear();
    dictionaries.clear();
    rules.clear();
    answer.record_types.forEach((type) => types.set(type.name, type));
    answer.workflows.forEach((workflow) => workflows.set(workflow.name, workflow));
    answer.dictionaries.forEach((dictionary) => dictionaries.set(dictionary.name, dictionary));
    answer.rules?.forEach((rule) => rules.set(rule.id, rule));
    catalog.value = answer;
    loaded.value = true;
  }
  /** The one that this device kept, while the server is away. */
  async function kept(error: unknown): Promise<Catalog> {
    const here = error instanceof ApiError && (error.status === 0 || error.status >= 500) ? await keptCatalog().catch(() => null) : null;
    if (!here) throw error;
    return here;
  }
  function forget(): void {
    catalog.value = null;
    loaded.value = false;
  }

  /** The label in the language of the screen; the other language when one is missing. */
  function text(label: Label | null | undefined): string {
    if (!label) return '';
    return prefs.language === 'en' ? label.en || label.zh : label.zh || label.en;
  }
  const type = (name: string): RecordType | undefined => types.get(name);
  const field = (of: string, name: string): Field | undefined => types.get(of)?.fields.find((f) => f.name === name);
  const workflow = (of: RecordType | undefined): Workflow | null => (of?.workflow ? workflows.get(of.workflow) ?? null : null);
  const dictionary = (name: string | null | undefined): Dictionary | undefined => (name ? dictionaries.get(name) : undefined);

  function entry(dictionaryName: string | null | undefined, code: string): string {
    if (dictionaryName === 'role') return role(code);
    const found = dictionary(dictionaryName)?.entries.find((e) => e.code === code);
    return found ? text(found.label) : code;
  }
  function stateLabel(of: string, state: string): string {
    return text(workflow(type(of))?.states.find((s) => s.name === state)?.label) || state;
  }
  function role(name: string): string {
    return text(catalog.value?.roles.find((r) => r.name === name)?.label) || name;
  }
  const rule = (id: string): RuleName | undefined => rules.get(id);

  const system = (code: string): string => (['aqjk', 'rydw'].includes(code) ? i18n.global.t(systemKey(code)) : code);
  const ruleWords = (): RuleWords[] => [...rules.values()].map((r) => ({ label: r.label, shown: text(r.label) }));
  /** Title of a record of this type, as a person reads it. What people wrote themselves stays as it is. */
  /** A day as the name of the period that the field means by it; as it is where it means none. */
  function periodText(day: string, means: Field | undefined): string {
    const period = periodOf(day, means?.first_of);
    return period ? i18n.global.t(`period.${period.kind}`, { year: period.year, n: period.n, month: period.month }) : day;
  }
  function title(of: string, sent: string): string {
    if (of === 'point') return shortPlace(sent) || sent;
    if (/^\d{4}-\d\d-\d\d$/.test(sent)) return periodText(sent, field(of, type(of)?.title_field ?? ''));
    if (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(sent)) return formatInstant(sent, 'minute');
    if (isEvidence(sent)) return oneOf(sent);
    // What was made of an alarm bears its title: "rule place".
    return of === 'alarm' || / /.test(sent) ? alarmTitle(sent, ruleWords(), system) : sent;
  }
  /** What the system wrote in both languages, in the language of the screen. */
  const oneOf = (both: unknown): string => oneLanguage(both, prefs.language === 'en').replaceAll('>=', '≥ ').replaceAll('<=', '≤ ');

  return { catalog, loaded, load, forget, text, type, field, workflow, dictionary, entry, stateLabel, role, rule, title, periodText, oneOf };
});
